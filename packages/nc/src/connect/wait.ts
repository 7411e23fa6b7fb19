import type { Clock } from '@portkit/core'

const NS_PER_MS = 1e6

export interface WaitSettings {
  /** `--wait`: no attempt begins later than so many milliseconds after the first. */
  readonly waitMs: number
  /** From the start of one attempt to the start of the next, at least. */
  readonly pauseMs: number
  readonly clock: Clock
  /** Ends the wait; its reason is thrown. */
  readonly signal?: AbortSignal | undefined
}

/** The result of an attempt: `open` ends the wait. */
export interface Tried {
  readonly open: boolean
}

/**
 * Tries again until it is open, as wait-for scripts do. Each attempt hears how many milliseconds are left, to cut its
 * own time limit to; the first is made even when nothing is left. An attempt that throws ends the wait.
 * @returns the last attempt's result
 */
export async function retrying<T extends Tried>(
  tryOnce: (leftMs: number) => Promise<T>,
  { waitMs, pauseMs, clock, signal }: WaitSettings,
): Promise<T> {
  const firstNs = clock.nowNs()
  const sinceMs = (startNs: number): number => (clock.nowNs() - startNs) / NS_PER_MS
  for (;;) {
    signal?.throwIfAborted()
    const startNs = clock.nowNs()
    const result = await tryOnce(Math.max(0, waitMs - sinceMs(firstNs)))
    if (result.open) return result
    const restMs = Math.max(0, pauseMs - sinceMs(startNs))
    if (sinceMs(firstNs) + restMs >= waitMs) return result
    await clock.sleep(restMs, signal)
  }
}
