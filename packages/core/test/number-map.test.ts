import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { NumberMap } from '../src/model/number-map.ts'

const LIMIT = 2 ** 16

describe('numbers by numbers', () => {
  it.each([0, 8180, 20_000])('are those of a Map, with %i of them there before', (before) => {
    const keys = fc.integer({ min: 0, max: LIMIT - 1 })
    const steps = fc.array(fc.tuple(keys, fc.option(fc.nat())), { maxLength: 100 })
    fc.assert(
      fc.property(steps, (all) => {
        const map = new NumberMap(LIMIT)
        const model = new Map<number, number>()
        const put = (key: number, value: number): void => {
          map.set(key, value)
          model.set(key, value)
        }
        for (let key = 0; key < before; key++) put(key, 2 * key)
        for (const [key, value] of all) {
          expect(map.get(key)).toBe(model.get(key))
          if (value !== null) put(key, value)
          else if (model.delete(key)) map.delete(key)
          expect([map.get(key), map.size]).toEqual([model.get(key), model.size])
        }
        expect([...map.values()].sort(ascending)).toEqual([...model.values()].sort(ascending))
      }),
      { numRuns: 30 },
    )
  })

  it('do not mind that what is not there is taken away', () => {
    const map = new NumberMap(LIMIT)
    map.delete(7)
    map.set(7, 0)
    expect([map.get(7), map.get(8), map.size]).toEqual([0, undefined, 1])
  })
})

function ascending(a: number, b: number): number {
  return a - b
}
