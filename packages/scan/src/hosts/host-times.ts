import type { HostTimes } from '../model/host-report.ts'
import type { Timing } from '../model/timing.ts'

/** How long a host's answers take, from those that came. */
export interface HostTimer {
  see(rttNs: number): void
  /** undefined before the first one. */
  snapshot(): HostTimes | undefined
}

/** RFC 6298 sections 2.2 and 2.3: alpha, beta and K. */
const ALPHA = 1 / 8
const BETA = 1 / 4
const K = 4

/** Smoothed round trips (RFC 6298); the timeout keeps to the limits that the user set. */
export function createHostTimes({ minRttMs, maxRttMs }: Pick<Timing, 'minRttMs' | 'maxRttMs'>): HostTimer {
  let srttNs: number | undefined
  let rttvarNs = 0
  return {
    see(rttNs) {
      if (srttNs === undefined) {
        srttNs = rttNs
        rttvarNs = rttNs / 2
        return
      }
      rttvarNs += BETA * (Math.abs(srttNs - rttNs) - rttvarNs)
      srttNs += ALPHA * (rttNs - srttNs)
    },
    snapshot() {
      if (srttNs === undefined) return undefined
      const timeoutNs = Math.min(Math.max(srttNs + K * rttvarNs, minRttMs * 1e6), maxRttMs * 1e6)
      return {
        srttUs: Math.round(srttNs / 1e3),
        rttvarUs: Math.round(rttvarNs / 1e3),
        timeoutUs: Math.round(timeoutNs / 1e3),
      }
    },
  }
}
