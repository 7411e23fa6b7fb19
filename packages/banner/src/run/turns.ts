import type { Clock } from '@portkit/core'

/** When connections may begin: no more than so many a second, of all ports together. */
export interface Turns {
  /** Resolves when it is the caller's turn, or the signal is aborted; says how long that took, in nanoseconds. */
  next(signal: AbortSignal): Promise<number>
}

/** @param ratePerS undefined: at once */
export function createTurns(clock: Clock, ratePerS: number | undefined): Turns {
  if (ratePerS === undefined) return { next: async () => 0 }
  let nextNs = 0
  return {
    async next(signal) {
      const nowNs = clock.nowNs()
      const turnNs = Math.max(nowNs, nextNs)
      nextNs = turnNs + 1e9 / ratePerS
      if (turnNs > nowNs) await clock.sleep((turnNs - nowNs) / 1e6, signal).catch(() => {})
      return clock.nowNs() - nowNs
    },
  }
}
