import { spawn } from 'node:child_process'
import { missing } from '@portkit/lab'

/** Ends by itself, should nobody end it. */
const LONGEST_MS = 300_000

/**
 * Keeps one core busy while `work` runs.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export function withBusyCore(work) {
  return withBusyCores(1, work)
}

/**
 * Keeps the first cores busy while `work` runs.
 * @template T
 * @param {number} cores @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withBusyCores(cores, work) {
  const spin = `const end = Date.now() + ${LONGEST_MS}; while (Date.now() < end);`
  const isPinned = !missing(['taskset']).includes('taskset')
  const spinning = Array.from({ length: cores }, (_, core) => {
    const node = [process.execPath, '-e', spin]
    const [command = '', ...args] = isPinned ? ['taskset', '-c', String(core), ...node] : node
    const child = spawn(command, args, { stdio: 'ignore' })
    return { child, ended: new Promise((resolve) => child.once('close', resolve).once('error', resolve)) }
  })
  try {
    return await work()
  } finally {
    for (const { child } of spinning) child.kill('SIGKILL')
    await Promise.all(spinning.map(({ ended }) => ended))
  }
}
