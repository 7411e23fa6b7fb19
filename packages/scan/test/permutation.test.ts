import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPermutation, type Permutation } from '../src/spread/permutation.ts'

const seeds = fc.integer({ min: 0, max: 2 ** 32 - 1 })
const streams = fc.maxSafeNat()
const MOST = 2 ** 53

function allOf(permutation: Permutation): number[] {
  return Array.from({ length: permutation.size }, (_, place) => permutation.at(place))
}

function isWhole(permutation: Permutation): boolean {
  const seen = new Uint8Array(permutation.size)
  for (let place = 0; place < permutation.size; place += 1) {
    const number = permutation.at(place)
    if (seen[number] !== 0) return false
    seen[number] = 1
  }
  return true
}

/** The sum of (seen - expected)^2 / expected. */
function chiSquare(counts: Iterable<number>, expected: number): number {
  let sum = 0
  for (const count of counts) sum += (count - expected) ** 2 / expected
  return sum
}

describe('a permutation', () => {
  it('has every number exactly once, for every size up to 2,100', () => {
    for (let size = 1; size <= 2100; size += 1)
      expect(isWhole(createPermutation(size, size * 7)), `${size}`).toBe(true)
  })

  it('has every number exactly once, for any size, seed and stream', () => {
    const sizes = fc.integer({ min: 1, max: 100_000 })
    fc.assert(
      fc.property(sizes, seeds, streams, (size, seed, stream) =>
        isWhole(createPermutation(size, seed, stream)),
      ),
      { numRuns: 60 },
    )
  })

  it.each([65_535, 65_536, 65_537, 2 ** 20, 2 ** 20 + 1, 4 ** 11 - 1])('has all %i numbers', (size) => {
    expect(isWhole(createPermutation(size, 1))).toBe(true)
  })

  it('has no number twice among samples, and none outside, for any size up to 2^53', () => {
    const sizes = fc.oneof(
      fc.integer({ min: 200, max: MOST - 1 }),
      fc.constantFrom(2 ** 32, 2 ** 32 + 1, MOST),
    )
    const law = fc.property(sizes, seeds, fc.double({ min: 0, max: 1, noNaN: true }), (size, seed, where) => {
      const permutation = createPermutation(size, seed)
      const start = Math.floor(where * (size - 100))
      const numbers = Array.from({ length: 100 }, (_, i) => permutation.at(start + i))
      expect(new Set(numbers).size).toBe(100)
      expect(numbers.every((number) => Number.isInteger(number) && number >= 0 && number < size)).toBe(true)
    })
    fc.assert(law, { numRuns: 300 })
  })

  it('is the same in every version and on every machine', () => {
    const first = (size: number, seed: number, stream: number) =>
      [0, 1, 2, size - 1].map((place) => createPermutation(size, seed, stream).at(place))
    expect(first(65_535, 42, 0)).toEqual([24_231, 31_572, 34_704, 17_043])
    expect(first(2 ** 24, 42, 0)).toEqual([7_917_550, 3_356_512, 10_403_614, 10_424_741])
    expect(first(2 ** 32 + 1, 42, 0)).toEqual([1_494_056_089, 4_077_639_889, 1_620_003_772, 2_310_035_664])
    expect(first(MOST, 42, 0)).toEqual([
      2_714_731_251_350_755, 6_731_983_890_288_439, 4_862_080_470_961_525, 892_861_510_757_300,
    ])
  })

  it('is another one with another seed or stream', () => {
    const orders = [
      [1, 0],
      [2, 0],
      [1, 1],
      [1, 2 ** 32],
      [1, 2 ** 33],
      [0, 1],
    ].map(([seed = 0, stream = 0]) => allOf(createPermutation(1000, seed, stream)).join())
    expect(new Set(orders).size).toBe(orders.length)
  })

  it('takes the seed modulo 2^32', () => {
    expect(allOf(createPermutation(50, 2 ** 32 - 1))).toEqual(allOf(createPermutation(50, -1)))
  })

  it.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, MOST + 2])('refuses the size %d', (size) => {
    expect(() => createPermutation(size, 1)).toThrow(RangeError)
  })

  it.each([-1, 10, 0.5, Number.NaN])('refuses the place %d of ten', (place) => {
    expect(() => createPermutation(10, 1).at(place)).toThrow(RangeError)
  })
})

describe('the order of a permutation', () => {
  // Bounds of chi-square that a fair shuffle passes with 0.001 left over; seeds are fixed, so that nothing flakes.
  it.each([1, 2, 3, 4, 5])(
    'spreads ten numbers evenly over each place (seeds from %i million)',
    (million) => {
      const counts = Array.from({ length: 10 }, () => new Float64Array(10))
      const tries = 5000
      for (let i = 0; i < tries; i += 1) {
        for (const [place, number] of allOf(createPermutation(10, million * 1e6 + i)).entries()) {
          const at = counts[place]
          if (at !== undefined) at[number] = (at[number] ?? 0) + 1
        }
      }
      for (const at of counts) expect(chiSquare(at, tries / 10)).toBeLessThan(27.9)
    },
  )

  it.each([65_535, 65_536, 2 ** 24, 2 ** 32 + 15, 2 ** 52 + 1])('sends neighbours far apart (%i)', (size) => {
    const permutation = createPermutation(size, 7)
    const distances = new Float64Array(16)
    const tries = 16_000
    for (let place = 0; place < tries; place += 1) {
      const distance = (permutation.at(place + 1) - permutation.at(place) + size) % size
      const sixteenth = Math.floor((distance / size) * 16)
      distances[sixteenth] = (distances[sixteenth] ?? 0) + 1
    }
    // 15 degrees of freedom.
    expect(chiSquare(distances, tries / 16)).toBeLessThan(37.7)
  })

  it('fills all networks of a range alike, however few places have been taken', () => {
    const permutation = createPermutation(2 ** 24, 99)
    const networks = new Float64Array(256)
    for (let place = 0; place < 25_600; place += 1) {
      const network = Math.floor(permutation.at(place) / 65_536)
      networks[network] = (networks[network] ?? 0) + 1
    }
    // 255 degrees of freedom.
    expect(chiSquare(networks, 100)).toBeLessThan(331)
  })

  it('of ports differs from host to host: two streams agree about as often as chance has it', () => {
    const size = 4096
    let same = 0
    for (let stream = 0; stream < 50; stream += 1) {
      const [a, b] = [createPermutation(size, 5, stream), createPermutation(size, 5, stream + 1)]
      for (let place = 0; place < size; place += 1) if (a.at(place) === b.at(place)) same += 1
    }
    // 50 are expected.
    expect(same).toBeGreaterThan(20)
    expect(same).toBeLessThan(90)
  })
})
