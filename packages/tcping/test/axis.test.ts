import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { formatDuration, nextScale, niceStep, timeTicks, valueTicks } from '../src/axis.ts'

const range = fc
  .tuple(fc.double({ min: 0, max: 1e7, noNaN: true }), fc.double({ min: 0, max: 1e7, noNaN: true }))
  .map(([a, b]) => ({ lowMs: Math.min(a, b), highMs: Math.max(a, b) }))

describe('nextScale', () => {
  it.each([
    ['a fast link', 0.05, 0.12, 0, 0.15],
    ['times that spread', 2, 18, 0, 20],
    ['only zeros', 0, 0, 0, 0.01],
    ['a far host with little jitter', 148, 152, 130, 170],
  ])('fits %s', (_, lowMs, highMs, low, high) => {
    const scale = nextScale(undefined, { lowMs, highMs })
    expect(scale.lowMs).toBeCloseTo(low, 9)
    expect(scale.highMs).toBeCloseTo(high, 9)
  })

  it('holds every range', () => {
    fc.assert(
      fc.property(range, fc.option(range, { nil: undefined }), (now, before) => {
        const previous = before && nextScale(undefined, before)
        const scale = nextScale(previous, now)
        expect(scale.lowMs).toBeLessThanOrEqual(now.lowMs)
        expect(scale.highMs).toBeGreaterThanOrEqual(now.highMs)
        expect(scale.highMs).toBeGreaterThan(scale.lowMs)
      }),
    )
  })

  it('stays when values wander inside it', () => {
    const first = nextScale(undefined, { lowMs: 0.2, highMs: 0.9 })
    expect(nextScale(first, { lowMs: 0.3, highMs: 0.8 })).toBe(first)
    expect(nextScale(first, { lowMs: 0.1, highMs: 0.95 })).toBe(first)
  })

  it('grows at once, and shrinks when the values have become far smaller', () => {
    const first = nextScale(undefined, { lowMs: 0.2, highMs: 0.9 })
    expect(nextScale(first, { lowMs: 0.2, highMs: 1.3 }).highMs).toBe(1.5)
    expect(nextScale(first, { lowMs: 0.05, highMs: 0.28 }).highMs).toBeCloseTo(0.3)
  })

  it('does not change while nothing is known', () => {
    const first = nextScale(undefined, { lowMs: 2, highMs: 9 })
    expect(nextScale(first, undefined)).toBe(first)
    expect(nextScale(undefined, undefined)).toEqual({ lowMs: 0, highMs: 1 })
  })
})

describe('valueTicks', () => {
  it('labels round numbers with just the decimals that they need', () => {
    const labels = (lowMs: number, highMs: number) =>
      valueTicks({ lowMs, highMs }, 41, 8).map(({ label }) => label)
    expect(labels(0, 1)).toEqual(['0', '0.2', '0.4', '0.6', '0.8', '1.0'])
    expect(labels(0, 25)).toEqual(['0', '5', '10', '15', '20', '25'])
    expect(labels(0.2, 0.45)).toEqual(['0.20', '0.25', '0.30', '0.35', '0.40', '0.45'])
  })

  it('keeps ticks apart', () => {
    fc.assert(
      fc.property(range, fc.integer({ min: 12, max: 400 }), (values, dots) => {
        const scale = nextScale(undefined, values)
        const ticks = valueTicks(scale, dots, 5)
        const gap = ((scale.highMs - scale.lowMs) * 5) / (dots - 1)
        for (const [i, { value, label }] of ticks.entries()) {
          expect(label).toMatch(/^\d+(\.\d+)?$/)
          if (i > 0) expect(value - (ticks[i - 1]?.value ?? 0)).toBeGreaterThanOrEqual(gap * 0.999)
        }
      }),
    )
  })
})

describe('niceStep', () => {
  it.each([
    [0.9, 1],
    [1, 1],
    [1.1, 2],
    [3, 5],
    [7, 10],
    [0.03, 0.05],
    [230, 500],
  ])('rounds %d up to %d', (value, step) => {
    expect(niceStep(value)).toBeCloseTo(step, 12)
  })
})

describe('timeTicks', () => {
  it('counts back from now in round steps', () => {
    expect(timeTicks(70, 1000, 12).map(({ label }) => label)).toEqual(['now', '-15s', '-30s', '-45s', '-1m'])
    expect(timeTicks(31, 60_000, 12).map(({ label }) => label)).toEqual(['now', '-15m', '-30m'])
    expect(timeTicks(41, 86_400_000, 12).map(({ label }) => label)).toEqual(['now', '-20d', '-40d'])
  })
})

describe('formatDuration', () => {
  it.each([
    [0, '0s'],
    [40, '40ms'],
    [500, '0.5s'],
    [59_999, '59.9s'],
    [60_000, '1m'],
    [90_000, '1m30s'],
    [7_260_000, '2h1m'],
    [259_200_000, '3d'],
    [Number.NaN, '?'],
    [Number.POSITIVE_INFINITY, '?'],
  ])('says %d ms as %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text)
  })
})
