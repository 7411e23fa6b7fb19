import type { Clock } from '../io.ts'

const MOST_MS = 2 ** 31 - 1

/** The process's monotonic clock and Node's timers. */
export const nodeClock: Clock = {
  nowNs() {
    // Not performance.now(): its module costs the start a millisecond. Exact for 104 days of uptime.
    const [s, ns] = process.hrtime()
    return s * 1e9 + ns
  },
  wallMs: () => Date.now(),
  sleep: (ms, signal) =>
    new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      // A timer of 0 ms takes 1 ms; an immediate lets the event loop turn once.
      const end = ms <= 0 ? immediately : later
      const cancel = end(Math.min(ms, MOST_MS), () => {
        signal?.removeEventListener('abort', abort)
        resolve()
      })
      const abort = (): void => {
        cancel()
        reject(signal?.reason)
      }
      signal?.addEventListener('abort', abort, { once: true })
    }),
}

function later(ms: number, done: () => void): () => void {
  const timer = setTimeout(done, ms)
  return () => clearTimeout(timer)
}

function immediately(_: number, done: () => void): () => void {
  const handle = setImmediate(done)
  return () => clearImmediate(handle)
}
