/** How fast probes may leave; a second. */
export interface RateLimits {
  /** To begin with. */
  readonly startPerS: number
  readonly floorPerS: number
  readonly capPerS: number
  /** As long as nothing has ever been answered. */
  readonly blindPerS: number
  /** When nothing is answered any more, however slowly it is asked. */
  readonly mutePerS: number
  /** At most so many at once after a pause. */
  readonly burst: number
}

/** The rate of probes at one host: it doubles while answers come, and shrinks when they are lost. Times in nanoseconds. */
export interface Rate {
  readonly perS: number
  /** How many probes may leave now. */
  due(nowNs: number): number
  spend(): void
  /** When the next one may. */
  nextNs(nowNs: number): number
  /** A probe was answered that had not been before: the host is there, and takes this. */
  answered(): void
  /** All control probes of late were answered. */
  held(nowNs: number, rttNs: number): void
  /** Only this share of them was; of all probes so many answers came a second. */
  lost(share: number, answersPerS: number): void
  /** Nothing is known yet, and time passes. */
  ramp(nowNs: number): void
  /** To be slower brings no answers. */
  mute(): void
}

/** Single answers speed it up only so far; beyond, control probes have to show that nothing is lost. */
const TRUSTED_PER_S = 10_000
const AN_ANSWER_PER_S = 500
/** Between two steps up, nanoseconds: a round trip, but no less than this. */
const LEAST_STEP_NS = 2e6
const BLIND_STEP_NS = 100e6
/** After a loss: about what got through, then on in small steps (RFC 5681 halves; a limit is often far below). */
const ABOVE = 1.1
const MOST_CUT = 0.25
const LEAST_CUT = 0.7
const STEP = 1.2
/** What may gather while the loop is elsewhere, nanoseconds' worth of probes. */
const GATHER_NS = 5e6
/** What is missing from a token only because of rounding: nobody could wait for so short a time. */
const ROUNDING = 1e-6

export function createRate({ startPerS, floorPerS, capPerS, blindPerS, mutePerS, burst }: RateLimits): Rate {
  const bounded = (perS: number): number => Math.min(capPerS, Math.max(floorPerS, perS))
  let perS = bounded(startPerS)
  let tokens = Math.min(burst, 1)
  let filledNs: number | undefined
  let steppedNs = Number.NEGATIVE_INFINITY
  let hasLost = false

  const fill = (nowNs: number): void => {
    const most = Math.max(1, Math.min(burst, (perS * GATHER_NS) / 1e9))
    tokens = Math.min(
      Math.max(most, Math.min(burst, 4)),
      tokens + ((nowNs - (filledNs ?? nowNs)) * perS) / 1e9,
    )
    filledNs = nowNs
  }
  const step = (nowNs: number, leastNs: number, factor: number, most: number): void => {
    if (nowNs - steppedNs < leastNs) return
    steppedNs = nowNs
    perS = bounded(Math.max(perS, Math.min(most, perS * factor)))
  }
  return {
    get perS() {
      return perS
    },
    due(nowNs) {
      fill(nowNs)
      return Math.floor(tokens + ROUNDING)
    },
    spend() {
      // Whoever sends more than is due does not have to make up for it.
      tokens = Math.max(-1, tokens - 1)
    },
    nextNs: (nowNs) => nowNs + Math.max(0, ((1 - tokens) / perS) * 1e9),
    answered() {
      if (!hasLost && perS < TRUSTED_PER_S) perS = bounded(perS + AN_ANSWER_PER_S)
    },
    held: (nowNs, rttNs) =>
      step(nowNs, Math.max(rttNs, LEAST_STEP_NS), hasLost ? STEP : 2, Number.POSITIVE_INFINITY),
    lost(share, answersPerS) {
      hasLost = true
      const through = Math.max(share, answersPerS / perS) * ABOVE
      perS = bounded(perS * Math.min(LEAST_CUT, Math.max(MOST_CUT, through)))
    },
    ramp: (nowNs) => step(nowNs, BLIND_STEP_NS, 2, blindPerS),
    mute() {
      perS = bounded(Math.max(perS, mutePerS))
    },
  }
}
