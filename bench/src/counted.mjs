import { fileURLToPath } from 'node:url'

const COUNTER = fileURLToPath(new URL('wire-counter.mjs', import.meta.url))

/**
 * Counts what leaves the probing side while `work` runs, which costs far less than to capture it.
 * @template T
 * @param {import('@portkit/lab').Lab} lab @param {() => Promise<T>} work
 * @returns {Promise<{ readonly done: T, readonly changes: readonly [ms: number, packets: number][] }>}
 */
export async function counted(lab, work) {
  const counting = lab.spawn(process.execPath, [COUNTER, 'lab0'], { timeoutMs: 120_000 })
  await counting.until(/looking/)
  try {
    const done = await work()
    counting.kill('SIGTERM')
    const [, changes = '[]'] = (await counting.done).stdout.split('\n')
    return { done, changes: JSON.parse(changes) }
  } finally {
    counting.kill('SIGKILL')
  }
}
