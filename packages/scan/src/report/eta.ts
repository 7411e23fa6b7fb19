/** How much longer something lasts that tells now and then how far it is. */
export interface Eta {
  /**
   * @param done 0 to 1
   * @param atMs of any clock that does not go back
   * @returns milliseconds that are left, as far as can be said by now; undefined while nothing can
   */
  add(done: number, atMs: number): number | undefined
}

/** A speed is not known before; as nmap has it, it takes one part in a hundred. */
const LEAST = { ms: 1000, done: 0.01 } as const
/** How often the speed is measured anew, and how much the new one counts (nmap's timing.cc). */
const MEASURE = { everyMs: 5000, recent: 0.25 } as const
/** Longer than a year is no expectation. */
const MOST_MS = 365 * 24 * 3600 * 1000

interface Sample {
  readonly done: number
  readonly atMs: number
}

/** Expects the end by the speed so far: its mean at first, then what is recent counts more. Begins anew when `done` falls. */
export function createEta(): Eta {
  let start: Sample | undefined
  let last: Sample | undefined
  let measured: Sample | undefined
  /** Parts of the whole a millisecond, as it was at `measured`. */
  let speed: number | undefined

  return {
    add(fraction, atMs) {
      const now: Sample = { done: Math.min(1, Math.max(0, fraction)), atMs }
      if (start === undefined || last === undefined || now.done < last.done) {
        start = now
        measured = now
        speed = undefined
      }
      last = now
      if (now.done >= 1) return 0
      if (now.atMs - start.atMs < LEAST.ms || now.done - start.done < LEAST.done) return undefined
      if (measured !== undefined && now.atMs - measured.atMs >= MEASURE.everyMs) {
        speed = mixed(speed, measured, now)
        measured = now
      }
      return remaining(now, speed ?? speedOf(start, now))
    },
  }
}

/** Times that were missed count as if the speed had been measured in each. */
function mixed(before: number | undefined, from: Sample, to: Sample): number {
  const recent = speedOf(from, to)
  if (before === undefined) return recent
  const weight = (1 - MEASURE.recent) ** ((to.atMs - from.atMs) / MEASURE.everyMs)
  return (1 - weight) * recent + weight * before
}

function speedOf(from: Sample, to: Sample): number {
  return to.atMs > from.atMs ? (to.done - from.done) / (to.atMs - from.atMs) : 0
}

function remaining({ done }: Sample, speed: number): number | undefined {
  const ms = (1 - done) / speed
  return ms <= MOST_MS ? ms : undefined
}
