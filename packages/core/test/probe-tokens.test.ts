import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createTokens } from '../src/probes/packet/tokens.ts'
import { seeded } from './probe-kit.ts'

const seed = fc.integer({ min: 1, max: 2 ** 31 - 1 })

it.each([16, 32] as const)('finds the index of every token of %i bits', (bits) => {
  const index = fc.integer({ min: 0, max: 2 ** bits - 1 })
  fc.assert(
    fc.property(seed, index, (key, i) => {
      const tokens = createTokens(seeded(key), bits)
      const token = tokens.of(i)
      expect(Number.isInteger(token) && token >= 0 && token < tokens.modulus).toBe(true)
      expect(tokens.indexOf(token)).toBe(i)
    }),
  )
})

it('gives each of the 65536 short tokens to one index', () => {
  const tokens = createTokens(seeded(7), 16)
  const all = new Set(Array.from({ length: 0x1_0000 }, (_, index) => tokens.of(index)))
  expect(all.size).toBe(0x1_0000)
})

it('begins again after the last index', () => {
  const [short, long] = [createTokens(seeded(3), 16), createTokens(seeded(3), 32)]
  expect(short.of(0x1_0000 + 5)).toBe(short.of(5))
  expect(long.of(0x1_0000_0000 + 5)).toBe(long.of(5))
})

describe('whoever has seen some tokens', () => {
  const SHOTS = 4096

  it('finds half of the bits changed from one to the next, none of them more often than by chance', () => {
    const tokens = createTokens(seeded(11))
    const changes = Array.from({ length: 32 }, () => 0)
    for (let index = 0; index < SHOTS; index++) {
      const difference = tokens.of(index) ^ tokens.of(index + 1)
      for (let bit = 0; bit < 32; bit++) changes[bit] = (changes[bit] ?? 0) + ((difference >>> bit) & 1)
    }
    for (const changed of changes) expect(Math.abs(changed / SHOTS - 0.5)).toBeLessThan(0.05)
  })

  it('finds no distance that comes more than once or twice', () => {
    const tokens = createTokens(seeded(12))
    const distances = new Set<number>()
    for (let i = 0; i < SHOTS; i++) distances.add((tokens.of(i + 1) - tokens.of(i)) >>> 0)
    expect(distances.size).toBeGreaterThan(SHOTS - 20)
  })

  it('finds other ones in the next run', () => {
    const [one, other] = [createTokens(seeded(1)), createTokens(seeded(2))]
    const same = Array.from({ length: SHOTS }, (_, i) => one.of(i) === other.of(i)).filter(Boolean)
    expect(same.length).toBeLessThan(3)
  })
})
