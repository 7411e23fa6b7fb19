import type { Extremes, Quantiles } from './quantiles.ts'

/** Buckets of equal width, or of equal ratio for long tails. */
export type Scale = 'linear' | 'log'

/** Samples from `fromNs` on and below `toNs`; the last bucket holds its end as well. */
export interface Bucket {
  readonly fromNs: number
  readonly toNs: number
  readonly count: number
}

/**
 * The distribution in `buckets` parts from the smallest to the largest sample (nanoseconds); empty without
 * a sample, one bucket when all samples are equal. The counts add up to the number of samples; a sample
 * nearer to a border than the quantiles' relative error may be counted beyond it.
 * @throws RangeError when `buckets` is not a positive whole number
 */
export function histogram(samples: Quantiles, buckets: number, scale: Scale): readonly Bucket[] {
  if (!Number.isInteger(buckets) || buckets < 1) throw new RangeError(`number of buckets invalid: ${buckets}`)
  const extremes = samples.extremes()
  if (extremes === undefined) return []
  const parts = extremes.min === extremes.max ? 1 : buckets
  const ends = Array.from({ length: parts }, (_, i) => endOf(extremes, (i + 1) / parts, scale))
  const counts = ends.map(() => 0)
  let at = 0
  samples.walk((value, count) => {
    while (at < parts - 1 && value >= (ends[at] ?? extremes.max)) at += 1
    counts[at] = (counts[at] ?? 0) + count
  })
  return ends.map((toNs, i) => ({ fromNs: ends[i - 1] ?? extremes.min, toNs, count: counts[i] ?? 0 }))
}

function endOf({ min, max }: Extremes, share: number, scale: Scale): number {
  if (share === 1) return max
  switch (scale) {
    case 'linear':
      return min + (max - min) * share
    case 'log': {
      // No ratio leads away from zero: below one nanosecond the scale starts at one.
      const low = Math.min(max, Math.max(1, min))
      return Math.min(max, low * (max / low) ** share)
    }
  }
}
