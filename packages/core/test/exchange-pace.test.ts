import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPace } from '../src/run/exchange/pace.ts'

const interval = fc.oneof(
  fc.integer({ min: 1, max: 1_000_000 }).map((perSecond) => 1e9 / perSecond),
  fc.integer({ min: 1000, max: 2_000_000_000 }),
)

describe('the pace', () => {
  it('has the k-th shot due k intervals after the start, and at no time before', () => {
    fc.assert(
      fc.property(interval, fc.nat(1e9), fc.nat(100_000), (intervalNs, startNs, k) => {
        const pace = createPace(intervalNs, startNs)
        const dueNs = pace.nextNs(k)
        expect(dueNs).toBeCloseTo(startNs + k * intervalNs, 3)
        // Nobody was held up: the loop has kept `k` shots up with the time.
        expect(pace.due(dueNs, k)).toBeGreaterThanOrEqual(1)
        expect(pace.due(dueNs, k)).toBeLessThanOrEqual(2)
        expect(pace.due(dueNs - Math.min(0.01 * intervalNs, 1000), k)).toBe(0)
      }),
    )
  })

  it('never drifts, nor is a shot early, however late each wake-up is', () => {
    fc.assert(
      fc.property(interval, fc.array(fc.double({ min: 0, max: 1, noNaN: true })), (intervalNs, delays) => {
        const pace = createPace(intervalNs, 0)
        const mostLate = Math.min(50e6, 3 * intervalNs)
        let taken = 0
        for (const delay of delays) {
          const nowNs = pace.nextNs(taken) + delay * mostLate
          taken += pace.due(nowNs, taken)
          // All that are due by now are gone, and not one more.
          expect((taken - 1) * intervalNs).toBeLessThanOrEqual(nowNs + 1)
          expect(taken * intervalNs).toBeGreaterThan(nowNs - 1)
        }
      }),
    )
  })

  it('goes on from now after a process was held up, instead of catching up', () => {
    fc.assert(
      fc.property(interval, fc.nat(1000), fc.integer({ min: 2, max: 1000 }), (intervalNs, taken, factor) => {
        const pace = createPace(intervalNs, 0)
        const nowNs = pace.nextNs(taken) + factor * Math.max(100e6, intervalNs)
        expect(pace.due(nowNs, taken)).toBe(1)
        expect(pace.nextNs(taken + 1)).toBeCloseTo(nowNs + intervalNs, 0)
        expect(pace.due(nowNs, taken + 1)).toBe(0)
      }),
    )
  })

  it('catches up what fell due within a tenth of a second', () => {
    const pace = createPace(1e6, 0)
    expect(pace.due(99e6, 0)).toBe(100)
  })

  it('has everything due at once without an interval', () => {
    const pace = createPace(0, 0)
    expect(pace.due(0, 1e9)).toBe(Number.POSITIVE_INFINITY)
  })
})
