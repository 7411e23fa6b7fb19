import { spawnSync } from 'node:child_process'
import { readdirSync, readlinkSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { ETC_NETNS } from './build.mjs'
import { isAlive, parseNamespace } from './names.mjs'

/**
 * @typedef {import('./names.mjs').ProcessOwner | import('./names.mjs').Nobody} Owner
 * @typedef {{ readonly id: string, readonly owner: Owner, readonly namespaces: readonly string[] }} FoundLab
 */

const RUN_NETNS = '/run/netns'

/** How long processes may take to die of SIGKILL, in milliseconds. */
const DEATH_MS = 3000

/** Every lab of this machine, whole or in remains. @returns {readonly FoundLab[]} */
export function findLabs() {
  /** @type {Map<string, { id: string, owner: Owner, namespaces: string[] }>} */
  const found = new Map()
  for (const namespace of new Set([...entries(RUN_NETNS), ...entries(ETC_NETNS)])) {
    const parsed = parseNamespace(namespace)
    if (!parsed) continue
    const lab = found.get(parsed.id) ?? { id: parsed.id, owner: parsed.owner, namespaces: [] }
    lab.namespaces.push(namespace)
    found.set(parsed.id, lab)
  }
  return [...found.values()]
}

/**
 * Removes a lab with every process in it, synchronously, so that it also works while this process exits.
 * Does nothing when there is no such lab.
 * @param {string} id
 */
export function removeLab(id) {
  const namespaces = findLabs().find((lab) => lab.id === id)?.namespaces ?? []
  for (const namespace of namespaces) killAll(namespace)
  const standing = new Set(entries(RUN_NETNS))
  const doomed = namespaces.filter((namespace) => standing.has(namespace))
  if (doomed.length > 0) {
    spawnSync('ip', ['-force', '-batch', '-'], {
      input: doomed.map((namespace) => `netns delete ${namespace}\n`).join(''),
      stdio: ['pipe', 'ignore', 'ignore'],
      timeout: 10_000,
    })
  }
  for (const namespace of namespaces) rmSync(join(ETC_NETNS, namespace), { recursive: true, force: true })
  removeIfEmpty(ETC_NETNS)
}

/**
 * Removes the labs whose owners are gone, also those that were killed by SIGKILL.
 * @returns {readonly string[]} their IDs
 */
export function sweep() {
  const orphans = findLabs().filter(({ owner }) => owner.kind === 'process' && !isAlive(owner))
  for (const { id } of orphans) removeLab(id)
  return orphans.map(({ id }) => id)
}

/**
 * Processes whose network namespace this is.
 * @param {string} namespace
 * @returns {readonly number[]}
 */
export function processesIn(namespace) {
  const inode = inodeOf(join(RUN_NETNS, namespace))
  if (inode === undefined) return []
  const pids = entries('/proc').filter((name) => /^\d+$/.test(name))
  return pids.filter((pid) => namespaceLink(pid) === `net:[${inode}]`).map(Number)
}

/** @param {string} namespace */
function killAll(namespace) {
  const deadline = performance.now() + DEATH_MS
  const nap = new Int32Array(new SharedArrayBuffer(4))
  for (let pids = processesIn(namespace); pids.length > 0; pids = processesIn(namespace)) {
    for (const pid of pids) kill(pid)
    if (performance.now() > deadline) return
    Atomics.wait(nap, 0, 0, 2)
  }
}

/** @param {number} pid */
function kill(pid) {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // It ended by itself.
  }
}

/** @param {string} pid */
function namespaceLink(pid) {
  try {
    return readlinkSync(`/proc/${pid}/ns/net`)
  } catch {
    return undefined
  }
}

/** @param {string} path */
function inodeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.ino
}

/** @param {string} folder @returns {readonly string[]} nothing for a folder that is not there */
function entries(folder) {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

/** @param {string} folder */
function removeIfEmpty(folder) {
  try {
    rmdirSync(folder)
  } catch {
    // Somebody still uses it.
  }
}
