import { setMaxListeners } from 'node:events'
import { nodeClock } from './node-clock.ts'

/** Ctrl-C in a terminal reaches every process of the group, and `npm start` passes it on once more. */
const SAME_KEY_MS = 250
const NUMBER = { SIGINT: 2, SIGTERM: 15, SIGHUP: 1 } as const
type EndSignal = keyof typeof NUMBER

/**
 * Aborts with the signal's name at the first SIGINT, SIGTERM or SIGHUP; at a second one, other than the same key
 * press delivered twice, the process ends at once with 128 + the signal's number, or with the tool's own status when
 * that is known already.
 */
export function interruptedBySignals(): AbortSignal {
  const control = new AbortController()
  // Every probe under way listens.
  setMaxListeners(0, control.signal)
  let firstMs = 0
  for (const name of Object.keys(NUMBER) as EndSignal[]) {
    process.on(name, () => {
      const nowMs = nodeClock.nowNs() / 1e6
      if (!control.signal.aborted) {
        firstMs = nowMs
        control.abort(name)
      } else if (nowMs - firstMs > SAME_KEY_MS) process.exit(process.exitCode ?? 128 + NUMBER[name])
    })
  }
  return control.signal
}
