// @ts-check
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { StringDecoder } from 'node:string_decoder'

const KEPT_CHARACTERS = 1_000_000
const GRACE_MS = 10_000
const DRAIN_MS = 2_000

/**
 * @typedef {object} Ended
 * @property {boolean} ok exit status 0 within the limit
 * @property {string} why how it ended, for a person: 'exit status 1', 'stopped after 60 s', 'ended by SIGSEGV'
 * @property {string} output stdout and stderr as they came, the last million characters
 */

/** @type {Set<import('node:child_process').ChildProcess>} */
const running = new Set()

/**
 * Runs a program to its end, without input and in a process group of its own, so that nothing that it started
 * outlives the limit. Never rejects: a program that cannot be started has ended, too.
 * @param {string} file
 * @param {readonly string[]} args
 * @param {{ cwd: string, env: NodeJS.ProcessEnv, limitMs: number }} options
 * @returns {Promise<Ended>}
 */
export function runChild(file, args, { cwd, env, limitMs }) {
  return new Promise((resolve) => {
    const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
    const output = collect(child)
    const limit = setTimeout(() => stop(child), limitMs)
    guard(child)
    const end = (/** @type {string | undefined} */ why) => {
      clearTimeout(limit)
      unguard(child)
      const timedOut = stopping.has(child)
      if (timedOut) killGroup(child, 'SIGKILL')
      const said = timedOut ? `stopped after ${limitMs / 1000} s` : why
      resolve({ ok: said === undefined, why: said ?? 'exit status 0', output: output() })
    }
    child.once('error', (error) => end(error.message))
    // A daemon that kept the pipes open must not keep us: 'close' is waited for, but not for long.
    child.once('exit', () => setTimeout(() => destroyPipes(child), DRAIN_MS).unref())
    child.once('close', (status, signal) => end(ending(status, signal)))
  })
}

/**
 * @param {number | null} status
 * @param {string | null} signal
 */
function ending(status, signal) {
  if (status === 0) return undefined
  return signal === null ? `exit status ${status}` : `ended by ${signal}`
}

/** @param {import('node:child_process').ChildProcess} child */
function collect(child) {
  let text = ''
  for (const stream of [child.stdout, child.stderr]) {
    const decoder = new StringDecoder('utf8')
    stream?.on('data', (bytes) => {
      text = (text + decoder.write(bytes)).slice(-KEPT_CHARACTERS)
    })
  }
  return () => text
}

/** @param {import('node:child_process').ChildProcess} child */
function destroyPipes(child) {
  child.stdout?.destroy()
  child.stderr?.destroy()
}

/** @type {WeakSet<import('node:child_process').ChildProcess>} */
const stopping = new WeakSet()

/** @param {import('node:child_process').ChildProcess} child */
function stop(child) {
  stopping.add(child)
  killGroup(child, 'SIGTERM')
  setTimeout(() => killGroup(child, 'SIGKILL'), GRACE_MS).unref()
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 */
function killGroup(child, signal) {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch {
    // the group is gone already
  }
}

const ENDING_SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/** @param {import('node:child_process').ChildProcess} child */
function guard(child) {
  if (running.size === 0) for (const signal of ENDING_SIGNALS) process.on(signal, endWithChildren)
  running.add(child)
}

/** @param {import('node:child_process').ChildProcess} child */
function unguard(child) {
  running.delete(child)
  if (running.size === 0) for (const signal of ENDING_SIGNALS) process.removeListener(signal, endWithChildren)
}

/**
 * The groups are not the terminal's, so its Ctrl-C reaches them only through us.
 * @param {NodeJS.Signals} signal
 */
function endWithChildren(signal) {
  for (const child of running) killGroup(child, 'SIGTERM')
  process.exit(128 + constants.signals[signal])
}
