import type { Timing } from '../model/timing.ts'
import { createRate, type Rate, type RateLimits } from './rate.ts'

/** Probes a second: of all hosts of a group to begin with, and at most as long as none of them has ever answered. */
const START_PER_S = 20_000
const LEAST_START_PER_S = 200
const BLIND_PER_S = 20_000
/** At hosts that do not answer any more: a minute for 65,535 ports, in which a ban may be lifted. */
const MUTE_PER_S = 1000
const LEAST_MUTE_PER_S = 10
const CAP_PER_S = 200_000
/** One a second is what hosts grant that limit their ICMP errors. */
const FLOOR_PER_S = 1
const AT_ONCE = 128

/** For each host of a group of so many. */
export function limitsOf(timing: Timing, hosts: number): RateLimits {
  const { scanDelayMs, maxRate, minRate, maxParallelism } = timing
  const delayPerS = scanDelayMs > 0 ? 1000 / scanDelayMs : Number.POSITIVE_INFINITY
  const capPerS = Math.min(CAP_PER_S, delayPerS, Math.max(maxRate, minRate))
  return {
    startPerS: Math.max(LEAST_START_PER_S, START_PER_S / 10 / hosts),
    floorPerS: Math.min(capPerS, FLOOR_PER_S),
    capPerS,
    blindPerS: Math.max(LEAST_START_PER_S, BLIND_PER_S / hosts),
    mutePerS: Math.max(LEAST_MUTE_PER_S, MUTE_PER_S / hosts),
    burst: scanDelayMs > 0 || maxParallelism === 1 ? 1 : AT_ONCE,
  }
}

/** The same from beginning to end, as far as that is possible at all. */
export function steadyRate(wantedPerS: number): Rate {
  const perS = Math.min(CAP_PER_S, wantedPerS)
  const always = { startPerS: perS, floorPerS: perS, capPerS: perS, blindPerS: perS, mutePerS: perS }
  return createRate({ ...always, burst: AT_ONCE })
}
