import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createEta } from '../src/report/eta.ts'

/** What is expected at each second of something that is so far at each second. */
function expected(done: readonly number[]): readonly (number | undefined)[] {
  const eta = createEta()
  return done.map((fraction, second) => {
    const ms = eta.add(fraction, 5000 + 1000 * second)
    return ms === undefined ? undefined : Math.round(ms)
  })
}

describe('the expected end', () => {
  it('is known after a second and a hundredth of the way', () => {
    const eta = createEta()
    expect(eta.add(0, 0)).toBeUndefined()
    expect(eta.add(0.5, 999)).toBeUndefined()
    expect(eta.add(0.5, 1000)).toBe(1000)
    const slow = createEta()
    slow.add(0, 0)
    expect(slow.add(0.009, 3000)).toBeUndefined()
    expect(slow.add(0.01, 4000)).toBeCloseTo(396_000, 3)
  })

  it('is right from then on for what goes on evenly', () =>
    fc.assert(
      fc.property(
        fc.integer({ min: 2000, max: 90_000 }),
        fc.array(fc.integer({ min: 1, max: 9000 }), { maxLength: 50 }),
        (wholeMs, steps) => {
          const eta = createEta()
          let atMs = 0
          eta.add(0, 0)
          for (const step of steps) {
            atMs += step
            const ms = eta.add(atMs / wholeMs, atMs)
            if (ms !== undefined) expect(ms).toBeCloseTo(Math.max(0, wholeMs - atMs), 3)
          }
        },
      ),
    ))

  it('follows a change of speed by a quarter every five seconds', () => {
    const done = [0, 0.02, 0.04, 0.06, 0.08, 0.1, 0.11, 0.12, 0.13, 0.14, 0.15]
    const [mean, ...rest] = expected(done).slice(5)
    expect(mean).toBe(45_000)
    expect(rest.slice(0, 4)).toEqual([44_500, 44_000, 43_500, 43_000])
    // A quarter of 1 % and three of 2 % a second.
    expect(rest[4]).toBe(Math.round(85_000 / 1.75))
  })

  it('moves away while nothing goes on, and is given up when it is too far', () => {
    const eta = createEta()
    eta.add(0, 0)
    expect(eta.add(0.5, 5000)).toBe(5000)
    expect(eta.add(0.5, 10_000)).toBeCloseTo(5000 / 0.75, 6)
    expect(eta.add(0.5, 15_000)).toBeCloseTo(5000 / 0.75 ** 2, 6)
    expect(eta.add(0.5, 1e6)).toBeUndefined()
  })

  it('counts a long silence as the moments that it has', () => {
    const [often, seldom] = [createEta(), createEta()]
    for (const eta of [often, seldom]) {
      eta.add(0, 0)
      eta.add(0.5, 5000)
    }
    for (let ms = 10_000; ms < 60_000; ms += 5000) often.add(0.5, ms)
    expect(seldom.add(0.5, 60_000)).toBeCloseTo(often.add(0.5, 60_000) ?? 0, 6)
  })

  it('begins anew when something else begins', () => {
    expect(expected([0, 0.3, 0.6, 0.9, 0, 0.1])).toEqual([undefined, 2333, 1333, 333, undefined, 9000])
  })

  it('is now when all is done', () => {
    expect(expected([0, 1, 1])).toEqual([undefined, 0, 0])
    expect(createEta().add(1.5, 0)).toBe(0)
  })

  it('is a time that is left or nothing, whatever is said', () =>
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.double(), fc.double()), { maxLength: 20 }), (samples) => {
        const eta = createEta()
        for (const [done, atMs] of samples) {
          const ms = eta.add(done, atMs)
          expect(ms === undefined || (ms >= 0 && ms <= 365 * 24 * 3.6e6)).toBe(true)
        }
      }),
    ))
})
