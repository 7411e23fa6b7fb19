import type { Attempt, Clock, ConnectAnswer } from '../io/io.ts'
import type { Silence } from '../model/observation.ts'

/**
 * The attempt's answer, or silence after `timeoutMs` (undefined: no limit of ours); nothing of the attempt is left
 * behind. Rejects with the signal's reason when it is aborted first, and with the attempt's own LocalFault.
 */
export async function awaitAnswer(
  attempt: Attempt,
  clock: Clock,
  timeoutMs: number | undefined,
  signal?: AbortSignal,
): Promise<ConnectAnswer | Silence> {
  // An answer that came during the call needs no timer.
  if (!(attempt.answer instanceof Promise)) return attempt.answer
  if (timeoutMs === undefined && signal === undefined) return attempt.answer
  const startNs = clock.nowNs()
  const cancel = new AbortController()
  const onAbort = (): void => cancel.abort(signal?.reason)
  signal?.addEventListener('abort', onAbort, { once: true })
  const silence = limit(clock, timeoutMs, cancel.signal)
  let answered = false
  try {
    const answer = await Promise.race([attempt.answer, silence])
    answered = true
    if (answer !== undefined) return answer
    const late = attempt.abandon()
    return late.answer ?? { kind: 'silence', waitedNs: clock.nowNs() - startNs, syns: late.syns }
  } finally {
    signal?.removeEventListener('abort', onAbort)
    // Nobody waits any more for a connection that comes only now.
    if (!answered) attempt.abandon().answer?.connection?.close()
    cancel.abort()
    silence.catch(() => {})
    attempt.answer.catch(() => {})
  }
}

/** Resolves when the time is over; without a limit it only rejects, when the signal is aborted. */
function limit(clock: Clock, timeoutMs: number | undefined, signal: AbortSignal): Promise<undefined> {
  if (timeoutMs !== undefined) return clock.sleep(timeoutMs, signal).then(() => undefined)
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    if (signal.aborted) reject(signal.reason)
  })
}
