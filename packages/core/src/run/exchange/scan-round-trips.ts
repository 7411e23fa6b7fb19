/** How long answers take, learnt from those that came (RFC 6298). Times in nanoseconds. */
export interface RoundTrips {
  see(rttNs: number): void
  /** SRTT; 0 before the first one. */
  readonly smoothNs: number
  /** RTTVAR; 0 before the first one. */
  readonly variationNs: number
  /** RTO: an answer that takes longer is not expected. undefined before the first one. */
  timeoutNs(): number | undefined
}

/** RFC 6298 section 2.3: alpha, beta and K. */
const ALPHA = 1 / 8
const BETA = 1 / 4
const K = 4
/** Its G: an event loop may look this late for what has come. */
const GRANULARITY_NS = 20e6
/** Less than its second (section 2.4), for whoever waits for too short a time only asks once more. */
const LEAST_NS = 100e6

export function createRoundTrips(): RoundTrips {
  let isFirst = true
  let smoothNs = 0
  let variationNs = 0
  return {
    see(rttNs) {
      if (isFirst) {
        smoothNs = rttNs
        variationNs = rttNs / 2
        isFirst = false
        return
      }
      variationNs += BETA * (Math.abs(smoothNs - rttNs) - variationNs)
      smoothNs += ALPHA * (rttNs - smoothNs)
    },
    get smoothNs() {
      return smoothNs
    },
    get variationNs() {
      return variationNs
    },
    timeoutNs() {
      if (isFirst) return undefined
      return Math.max(LEAST_NS, smoothNs + Math.max(GRANULARITY_NS, K * variationNs))
    },
  }
}
