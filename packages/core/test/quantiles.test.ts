import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Bucket, histogram, type Scale } from '../src/model/histogram.ts'
import { createLogBuckets, RELATIVE_ERROR } from '../src/model/log-buckets.ts'
import { createQuantiles, EXACT_SAMPLES } from '../src/model/quantiles.ts'

/** Rounding of the logarithm may put a value that lies on a border into the next bucket. */
const ROUNDING = 1e-9
const percent = fc.integer({ min: 0, max: 100 })
const sample = fc.double({ min: 0, max: 1e13, noNaN: true })
/** Spreads samples over all magnitudes, as uniform ones would crowd the highest. */
const spread = fc.double({ min: 0, max: Math.log(1e13), noNaN: true }).map(Math.exp)

function quantilesOf(samples: readonly number[], exactSamples?: number) {
  const quantiles = createQuantiles(exactSamples)
  for (const s of samples) quantiles.add(s)
  return quantiles
}

/** Nearest rank in whole numbers: the first sample that has percent * n / 100 samples up to itself. */
function nearestRank(samples: readonly number[], p: number): number | undefined {
  const ascending = samples.toSorted((a, b) => a - b)
  return ascending.find((_, i) => (i + 1) * 100 >= p * samples.length)
}

it.each<[string, number[], number, number | undefined]>([
  ['no sample at all', [], 50, undefined],
  ['one sample', [7], 1, 7],
  ['the lower one of two', [9, 7], 50, 7],
  ['the fourth of four from 75.1 % on', [4, 3, 2, 1], 75.1, 4],
  ['the third of four up to 75 %', [4, 3, 2, 1], 75, 3],
  ['the seventh of a hundred, although 0.07 * 100 is more than 7', range(100), 7, 7],
  ['the smallest sample for 0 %', [3, 2, 1], 0, 1],
  ['the largest sample for 100 %', [1, 3, 2], 100, 3],
  ['one of many equal samples', [5, 5, 5, 5, 1], 50, 5],
])('takes %s as the percentile', (_, samples, p, expected) => {
  expect(quantilesOf(samples).percentile(p)).toBe(expected)
})

it('is exact by nearest rank, however additions and questions are mixed', () => {
  fc.assert(
    fc.property(fc.array(fc.array(sample, { maxLength: 80 }), { maxLength: 6 }), percent, (parts, p) => {
      const quantiles = createQuantiles()
      const all: number[] = []
      for (const part of parts) {
        for (const s of part) quantiles.add(s)
        all.push(...part)
        expect(quantiles.percentile(p)).toBe(nearestRank(all, p))
      }
      expect(quantiles.count()).toBe(all.length)
      expect(quantiles.relativeError()).toBe(0)
    }),
  )
})

it('keeps the promised relative error once samples are only counted', () => {
  fc.assert(
    fc.property(fc.array(spread, { minLength: 5, maxLength: 300 }), percent, (samples, p) => {
      const quantiles = quantilesOf(samples, 4)
      const expected = nearestRank(samples, p) ?? Number.NaN
      const found = quantiles.percentile(p) ?? Number.NaN
      expect(quantiles.relativeError()).toBe(0.005)
      expect(Math.abs(found - expected) / expected).toBeLessThanOrEqual(RELATIVE_ERROR + ROUNDING)
    }),
  )
})

it('answers with a value between the smallest and the largest sample, which stay exact', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ min: 0, noNaN: true }), { minLength: 1 }), percent, (samples, p) => {
      const quantiles = quantilesOf(samples, 0)
      const min = samples.reduce((a, b) => Math.min(a, b))
      const max = samples.reduce((a, b) => Math.max(a, b))
      expect(quantiles.extremes()).toEqual({ min, max })
      expect(quantiles.percentile(p)).toBeGreaterThanOrEqual(min)
      expect(quantiles.percentile(p)).toBeLessThanOrEqual(max)
    }),
  )
})

it('is exact with 10,000 samples and within half a per cent with one more', () => {
  const quantiles = quantilesOf(shuffled(EXACT_SAMPLES))
  expect(EXACT_SAMPLES).toBe(10_000)
  expect([1, 50, 95, 99].map(quantiles.percentile)).toEqual([100, 5000, 9500, 9900])
  quantiles.add(10_001)
  expect(quantiles.relativeError()).toBe(0.005)
  expect(quantiles.count()).toBe(10_001)
  expect(Math.abs((quantiles.percentile(99) ?? 0) - 9901)).toBeLessThanOrEqual(9901 * 0.005)
})

it('reads all values from 1 ns to over an hour in less than 3000 buckets', () => {
  const buckets = createLogBuckets()
  for (let value = 1; value <= 1e13; value *= 1.001) buckets.add(value)
  let used = 0
  buckets.walk(() => {
    used += 1
  })
  expect(used).toBeGreaterThan(2900)
  for (const value of [0, 1e-300, 1e14, 1e300, Number.MAX_VALUE]) buckets.add(value)
  let afterwards = 0
  buckets.walk(() => {
    afterwards += 1
  })
  expect(afterwards).toBe(used)
  expect(used).toBeLessThan(3000)
})

it.each<[string, number[], Scale, Bucket[]]>([
  ['nothing', [], 'linear', []],
  ['equal samples', [7, 7], 'linear', [bucket(7, 7, 2)]],
  ['zeros', [0, 0], 'log', [bucket(0, 0, 2)]],
  ['a sample on a border', [0, 1, 2, 4], 'linear', [bucket(0, 2, 2), bucket(2, 4, 2)]],
  ['a long tail', [1, 2, 100, 10_000], 'log', [bucket(1, 100, 2), bucket(100, 10_000, 2)]],
  ['a tail that starts at zero', [0, 50, 10_000], 'log', [bucket(0, 100, 2), bucket(100, 10_000, 1)]],
  ['less than a nanosecond', [0, 0.5], 'log', [bucket(0, 0.5, 1), bucket(0.5, 0.5, 1)]],
])('draws %s', (_, samples, scale, expected) => {
  expect(histogram(quantilesOf(samples), 2, scale)).toEqual(expected)
})

it('puts every sample into exactly one bucket between the smallest and the largest', () => {
  const scale = fc.constantFrom<Scale>('linear', 'log')
  const exactSamples = fc.constantFrom(0, 1000)
  const parts = fc.integer({ min: 1, max: 60 })
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1 }), parts, scale, exactSamples, (samples, n, kind, exact) => {
      const drawn = histogram(quantilesOf(samples, exact), n, kind)
      const min = samples.reduce((a, b) => Math.min(a, b))
      const max = samples.reduce((a, b) => Math.max(a, b))
      expect(drawn).toHaveLength(min === max ? 1 : n)
      expect([drawn[0]?.fromNs, drawn.at(-1)?.toNs]).toEqual([min, max])
      expect(drawn.reduce((sum, { count }) => sum + count, 0)).toBe(samples.length)
      for (const [i, { fromNs, toNs }] of drawn.entries()) {
        expect(toNs).toBeGreaterThanOrEqual(fromNs)
        if (i > 0) expect(fromNs).toBe(drawn[i - 1]?.toNs)
      }
    }),
  )
})

it('counts in each bucket what a filter over the samples finds', () => {
  fc.assert(
    fc.property(fc.uniqueArray(sample, { minLength: 2 }), fc.integer({ min: 1, max: 20 }), (samples, n) => {
      const drawn = histogram(quantilesOf(samples), n, 'linear')
      for (const [i, { fromNs, toNs, count }] of drawn.entries()) {
        const last = i === drawn.length - 1
        expect(samples.filter((s) => s >= fromNs && (s < toNs || last))).toHaveLength(count)
      }
    }),
  )
})

it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('refuses to draw %d buckets', (buckets) => {
  expect(() => histogram(quantilesOf([1, 2]), buckets, 'linear')).toThrow(RangeError)
})

function bucket(fromNs: number, toNs: number, count: number): Bucket {
  return { fromNs, toNs, count }
}

function range(n: number): number[] {
  return Array.from({ length: n }, (_, i) => i + 1)
}

/** 1 to n, each once: 7919 is a prime that does not divide n. */
function shuffled(n: number): number[] {
  return range(n).map((i) => ((i * 7919) % n) + 1)
}
