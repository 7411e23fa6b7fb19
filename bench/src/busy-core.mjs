import { spawn } from 'node:child_process'
import { missing } from '@portkit/lab'

/** Ends by itself, should nobody end it. */
const LONGEST_MS = 60_000

/**
 * Keeps one core busy while `work` runs.
 * @template T
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function withBusyCore(work) {
  const spin = `const end = Date.now() + ${LONGEST_MS}; while (Date.now() < end);`
  const node = [process.execPath, '-e', spin]
  const [command = '', ...args] = missing(['taskset']).includes('taskset')
    ? node
    : ['taskset', '-c', '0', ...node]
  const child = spawn(command, args, { stdio: 'ignore' })
  const ended = new Promise((resolve) => child.once('close', resolve).once('error', resolve))
  try {
    return await work()
  } finally {
    child.kill('SIGKILL')
    await ended
  }
}
