import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { editDistance, nearest } from '../src/cli/nearest.ts'

describe('the nearest name', () => {
  it.each([
    ['interval', 'interval', 0],
    ['intreval', 'interval', 1],
    ['', 'abc', 3],
    ['abc', '', 3],
    ['kitten', 'sitting', 3],
  ])('%j is as far from %j as the edits it takes', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance)
  })

  it('distance is symmetric, zero for equal words only, and at most the longer length', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 12 }), fc.string({ maxLength: 12 }), (a, b) => {
        const distance = editDistance(a, b)
        expect(distance).toBe(editDistance(b, a))
        expect(distance === 0).toBe(a === b)
        expect(distance).toBeLessThanOrEqual(Math.max(a.length, b.length))
      }),
    )
  })

  it('is none when no name is near, or the word is endless', () => {
    expect(nearest('q', ['count'])).toBeUndefined()
    expect(nearest('count'.repeat(1e5), ['count'])).toBeUndefined()
  })
})
