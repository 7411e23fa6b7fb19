import type { Clock } from '../io/io.ts'

/** The time that a run's events are told in: this machine's, or that of a capture. */
export interface Times {
  /** Nanoseconds. */
  nowNs(): number
  /** Milliseconds since 1970 at a time of the clock above. */
  wallMsAt(timeNs: number): number
}

export function liveTimes(clock: Pick<Clock, 'nowNs' | 'wallMs'>): Times {
  return {
    nowNs: () => clock.nowNs(),
    wallMsAt: (timeNs) => clock.wallMs() - (clock.nowNs() - timeNs) / 1e6,
  }
}
