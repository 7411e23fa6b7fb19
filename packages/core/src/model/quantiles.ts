import { createLogBuckets, type LogBuckets, RELATIVE_ERROR } from './log-buckets.ts'

/** As many samples are kept one by one; every further one is only counted in its bucket. */
export const EXACT_SAMPLES = 10_000

const FIRST_CAPACITY = 64
/** Up to here putting the new samples in their places is cheaper than sorting all. */
const FEW = 32

export interface Extremes {
  readonly min: number
  readonly max: number
}

/** Distribution of samples in constant memory: exact while they are few, then within `relativeError()`. */
export interface Quantiles {
  /** Takes a finite number that is not negative. O(1). */
  add(value: number): void
  count(): number
  /** Exact, however many samples there were; undefined without one. */
  extremes(): Extremes | undefined
  /**
   * Nearest rank: the smallest sample that at least `percent` % of the samples do not exceed, thus always
   * a sample and never a mean of two. `percent` from 0 to 100; undefined without a sample.
   */
  percentile(percent: number): number | undefined
  /** 0 while percentiles are exact, afterwards the largest relative error (from 1 to 10^13). */
  relativeError(): number
  /** Gives all samples in ascending order, each with how often it was seen. */
  walk(visit: (value: number, count: number) => void): void
}

export function createQuantiles(exactSamples: number = EXACT_SAMPLES): Quantiles {
  let exact: ExactSamples | undefined = createExactSamples(exactSamples)
  let buckets: LogBuckets | undefined
  let count = 0
  let min = Infinity
  let max = -Infinity

  function walk(visit: (value: number, count: number) => void): void {
    exact?.walk((value) => visit(value, 1))
    // The value that stands for the outermost buckets may lie outside of what was seen.
    buckets?.walk((value, times) => visit(Math.min(max, Math.max(min, value)), times))
  }

  return {
    add(value) {
      count += 1
      min = Math.min(min, value)
      max = Math.max(max, value)
      if (exact?.add(value)) return
      buckets ??= createLogBuckets()
      exact?.walk(buckets.add)
      exact = undefined
      buckets.add(value)
    },
    count: () => count,
    extremes: () => (count === 0 ? undefined : { min, max }),
    percentile(percent) {
      const rank = rankOf(percent, count)
      return exact === undefined ? atRank(walk, rank) : exact.at(rank)
    },
    relativeError: () => (exact === undefined ? RELATIVE_ERROR : 0),
    walk,
  }
}

/** 1 for the smallest sample. Per cent are multiplied first, so that whole ranks stay whole. */
function rankOf(percent: number, count: number): number {
  return Math.min(count, Math.max(1, Math.ceil((percent * count) / 100)))
}

function atRank(walk: Quantiles['walk'], rank: number): number | undefined {
  let seen = 0
  let found: number | undefined
  walk((value, count) => {
    if (seen < rank) found = value
    seen += count
  })
  return found
}

interface ExactSamples {
  /** false when there is no room left. */
  add(value: number): boolean
  /** The sample of a rank from 1; undefined when there are fewer. */
  at(rank: number): number | undefined
  walk(visit: (value: number) => void): void
}

function createExactSamples(limit: number): ExactSamples {
  let values = new Float64Array(Math.min(FIRST_CAPACITY, limit))
  let count = 0
  let sorted = 0

  function ascending(): Float64Array {
    const all = values.subarray(0, count)
    if (count - sorted > FEW) all.sort()
    else for (; sorted < count; sorted += 1) insert(all, sorted)
    sorted = count
    return all
  }

  return {
    add(value) {
      if (count === limit) return false
      if (count === values.length) values = enlarged(values, Math.min(2 * count, limit))
      values[count] = value
      count += 1
      return true
    },
    at: (rank) => ascending()[rank - 1],
    walk(visit) {
      for (const value of ascending()) visit(value)
    },
  }
}

function enlarged(values: Float64Array, capacity: number): Float64Array<ArrayBuffer> {
  const larger = new Float64Array(capacity)
  larger.set(values)
  return larger
}

/** Puts the sample at `from` in its place among the sorted ones before it. */
function insert(values: Float64Array, from: number): void {
  const value = values[from] ?? 0
  let low = 0
  let high = from
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((values[middle] ?? 0) <= value) low = middle + 1
    else high = middle
  }
  values.copyWithin(low + 1, low, from)
  values[low] = value
}
