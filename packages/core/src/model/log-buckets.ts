/** Largest relative error of a value that is read back from the buckets. */
export const RELATIVE_ERROR = 0.005

/** Values up to here keep the promised error: 10^13 ns are more than two and a half hours. */
const HIGHEST = 1e13
const GAMMA = (1 + RELATIVE_ERROR) / (1 - RELATIVE_ERROR)
const LOG_GAMMA = Math.log(GAMMA)
const BUCKETS = Math.ceil(Math.log(HIGHEST) / LOG_GAMMA) + 1

/** Counts of values in buckets whose width grows with the value. Its memory never grows. */
export interface LogBuckets {
  add(value: number): void
  /** Gives every bucket that holds something, in ascending order, by the value that stands for it. */
  walk(visit: (value: number, count: number) => void): void
}

/**
 * Bucket i holds the values above g^(i-1) and up to g^i with g = (1 + e) / (1 - e), and is read as the
 * value whose relative distance to both ends is e (Masson, Rim, Lee: DDSketch, VLDB 2019, section 2).
 * Holds from 1 to 10^13; smaller and larger values land in the first and the last bucket.
 */
export function createLogBuckets(): LogBuckets {
  const counts = new Float64Array(BUCKETS)

  return {
    add(value) {
      const at = indexOf(value)
      counts[at] = (counts[at] ?? 0) + 1
    },
    walk(visit) {
      for (let at = 0; at < BUCKETS; at += 1) {
        const count = counts[at] ?? 0
        if (count > 0) visit((2 * GAMMA ** at) / (GAMMA + 1), count)
      }
    },
  }
}

function indexOf(value: number): number {
  if (value <= 1) return 0
  return Math.min(BUCKETS - 1, Math.ceil(Math.log(value) / LOG_GAMMA))
}
