/** What came of one pass over the aims. */
export interface PassReport {
  readonly shots: number
  /** From the first shot to the last one, nanoseconds. */
  readonly shootingNs: number
  /** Aims that answered for the first time, to shots of this pass. */
  readonly answers: number
  /** The same, to shots of earlier passes. */
  readonly lateAnswers: number
  /** How long these took to come, without the round trip, nanoseconds. */
  readonly answeringNs: number
  /** Packets were lost on this machine, because nobody took them in in time. */
  readonly hasDropped: boolean
}

/** How fast a scan shoots, pass after pass. */
export interface ScanPace {
  /** From shot to shot, nanoseconds; 0: as fast as the system takes them. */
  readonly intervalNs: number
  /** What the pass that is over tells. */
  learn(report: PassReport): Losses
}

/** Whether answers were lost until now: by chance, or because they come only so many times a second. */
export type Losses = 'none' | 'some' | 'limited'

/** What a system sends at most: less from shot to shot was not measured well. */
const QUICKEST_NS = 1e4
/** Halving the rate does not make it slower than 1,000 shots a second, nor a limit that was found, than 100. */
const SLOWEST_NS = { halved: 1e6, limited: 10e6 } as const
/** So much of the rate at which answers came is asked for. */
const SHARE = 0.9
/** Fewer answers than this tell no rate; fewer than that only when no pass brought many more. */
const FEWEST = { ever: 5, surely: 16 } as const
/** A pass brought almost as many answers as the one before: another one so many times as many of its shots. */
const HELPED = 1.25

/**
 * A shot that is answered where the one before it was not means that answers are lost, and the next pass goes at half
 * the rate. What is lost by chance becomes less from pass to pass. Where it does not, somebody answers only so many times
 * a second (RFC 1812 section 4.3.2.8, or a limit on resets): then the next pass asks a little less often than answers
 * came, until that helps no more.
 */
export function createScanPace(leastNs: number): ScanPace {
  let intervalNs = leastNs
  let before: PassReport | undefined
  let mostAnswers = 0
  let yieldThen = 0

  /** As many come as before, and going slower has helped so far. */
  const isLimited = ({ answers, shots }: PassReport, previous: PassReport): boolean => {
    const few = answers > mostAnswers / 2 ? FEWEST.ever : FEWEST.surely
    return answers >= few && answers > previous.answers / 2 && answers / shots >= HELPED * yieldThen
  }
  const slowDown = (report: PassReport, isLimit: boolean): void => {
    const { shots, shootingNs, answers, answeringNs } = report
    const ownNs = Math.max(QUICKEST_NS, intervalNs, shots > 1 ? shootingNs / (shots - 1) : 0)
    intervalNs = Math.max(ownNs, Math.min(SLOWEST_NS.halved, 2 * ownNs))
    if (!isLimit) return
    yieldThen = answers / shots
    const foundNs = Math.max(answeringNs, shots * ownNs) / answers / SHARE
    intervalNs = Math.max(intervalNs, Math.min(SLOWEST_NS.limited, foundNs))
  }
  return {
    get intervalNs() {
      return intervalNs
    },
    learn(report) {
      const previous = before
      before = report
      const isLossy = report.hasDropped || (previous !== undefined && report.answers > 0)
      const isLimit = isLossy && previous !== undefined && isLimited(report, previous)
      mostAnswers = Math.max(mostAnswers, report.answers)
      if (!isLossy) return 'none'
      slowDown(report, isLimit)
      return isLimit ? 'limited' : 'some'
    },
  }
}
