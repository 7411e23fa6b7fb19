import { type Bucket, histogram, type Scale } from './histogram.ts'
import { createQuantiles } from './quantiles.ts'

/** ping's weight of a new sample in its running average (iputils ping_common.c, gather_statistics). */
const EWMA_WEIGHT = 1 / 8

/** All in nanoseconds. Percentiles by nearest rank, see Quantiles. */
export interface RttSummary {
  readonly samples: number
  readonly minNs: number
  readonly avgNs: number
  readonly maxNs: number
  /** ping's mdev, which is the population's standard deviation: sqrt(avg(x²) - avg(x)²). */
  readonly mdevNs: number
  /** ping's running average: starts with the first sample and takes an eighth of each further one. */
  readonly ewmaNs: number
  readonly medianNs: number
  readonly p95Ns: number
  readonly p99Ns: number
  /** Largest relative error of median, p95 and p99: 0 up to 10,000 samples, then 0.005. */
  readonly percentileError: number
}

/** Owns the memory of a distribution of round-trip times: at most 80 kB, however long it runs. */
export interface RttStats {
  /** Takes a finite number of nanoseconds that is not negative. */
  add(rttNs: number): void
  /** undefined as long as there is no sample. */
  summary(): RttSummary | undefined
  /** See `histogram`. @throws RangeError */
  histogram(buckets: number, scale: Scale): readonly Bucket[]
}

export function createRttStats(): RttStats {
  const quantiles = createQuantiles()
  let avgNs = 0
  let squares = 0
  let ewmaNs = 0

  function summary(): RttSummary | undefined {
    const extremes = quantiles.extremes()
    const medianNs = quantiles.percentile(50)
    const p95Ns = quantiles.percentile(95)
    const p99Ns = quantiles.percentile(99)
    if (!extremes || medianNs === undefined || p95Ns === undefined || p99Ns === undefined) return undefined
    const samples = quantiles.count()
    const { min: minNs, max: maxNs } = extremes
    const mdevNs = Math.sqrt(squares / samples)
    const percentileError = quantiles.relativeError()
    return { samples, minNs, avgNs, maxNs, mdevNs, ewmaNs, medianNs, p95Ns, p99Ns, percentileError }
  }

  return {
    add(rttNs) {
      quantiles.add(rttNs)
      // Welford's recurrence: sums of squares would lose the deviation in their rounding.
      const off = rttNs - avgNs
      avgNs += off / quantiles.count()
      squares += off * (rttNs - avgNs)
      ewmaNs = quantiles.count() === 1 ? rttNs : ewmaNs + (rttNs - ewmaNs) * EWMA_WEIGHT
    },
    summary,
    histogram: (buckets, scale) => histogram(quantiles, buckets, scale),
  }
}
