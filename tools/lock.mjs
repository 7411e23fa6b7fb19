// @ts-check
import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'

const POLL_MS = 100

/**
 * Runs `work` while this process alone holds the lock file. A lock whose process is dead is taken over.
 * @template T
 * @param {string} file
 * @param {{ limitMs: number, onWait: (holder: number) => void }} options onWait is called once, with the holder's pid
 * @param {() => Promise<T>} work
 * @returns {Promise<T>} rejects when the lock could not be had within the limit
 */
export async function withLock(file, { limitMs, onWait }, work) {
  mkdirSync(dirname(file), { recursive: true })
  const giveUpAt = performance.now() + limitMs
  let waited = false
  for (let holder = take(file); holder !== undefined; holder = take(file)) {
    if (performance.now() > giveUpAt) {
      throw new Error(`process ${holder} has held ${file} for too long; delete that file if nothing runs`)
    }
    if (!waited) onWait(holder)
    waited = true
    await sleep(POLL_MS)
  }
  const release = () => rmSync(file, { force: true })
  process.once('exit', release)
  try {
    return await work()
  } finally {
    process.removeListener('exit', release)
    release()
  }
}

/**
 * One try. The lock is made by link(2), so that it never exists without its owner's pid in it.
 * @param {string} file
 * @returns {number | undefined} nothing when the lock is ours, otherwise the pid of the process that holds it
 */
function take(file) {
  const mine = `${file}.${process.pid}`
  writeFileSync(mine, `${process.pid}\n`)
  try {
    linkSync(mine, file)
    return undefined
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(mine, { force: true })
  }
  const holder = holderOf(file)
  if (holder !== undefined && isAlive(holder)) return holder
  if (holder !== undefined) removeStale(file, holder)
  return take(file)
}

/**
 * Moves the lock away first: of two processes that found the same dead owner only one can, and a lock that
 * changed hands in between is put back.
 * @param {string} file
 * @param {number} deadPid
 */
function removeStale(file, deadPid) {
  const aside = `${file}.stale.${process.pid}`
  try {
    renameSync(file, aside)
    if (!Object.is(holderOf(aside), deadPid)) linkSync(aside, file)
  } catch (error) {
    if (codeOf(error) !== 'ENOENT' && codeOf(error) !== 'EEXIST') throw error
  } finally {
    rmSync(aside, { force: true })
  }
}

/** @param {string} file */
function holderOf(file) {
  try {
    return Number(readFileSync(file, 'utf8'))
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error
    return undefined
  }
}

/** @param {number} pid a nonsensical one counts as dead */
function isAlive(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return error instanceof Error && 'code' in error ? error.code : undefined
}
