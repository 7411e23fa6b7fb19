import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { errorFigures, median, offsetsFromBeat, quantile, sendingRate, verdictOf } from '../src/figures.mjs'
import { tooSmall } from '../src/rounds.mjs'
import { table } from '../src/table.mjs'

const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 50 })

describe('medians and quantiles', () => {
  it.each([
    [[3], 3],
    [[1, 3], 2],
    [[9, 1, 5], 5],
    [[4, 1, 3, 2], 2.5],
    [[1, 2, 3, 4, 5, 6], 3.5],
  ])('gives %j the median %d', (values, expected) => {
    expect(median(values)).toBe(expected)
  })

  it('has as many values above the median as below', () =>
    fc.assert(
      fc.property(numbers, (values) => {
        const middle = median(values)
        const above = values.filter((value) => value > middle).length
        const below = values.filter((value) => value < middle).length
        expect(Math.max(above, below)).toBeLessThanOrEqual(values.length / 2)
      }),
    ))

  it('takes quantiles by nearest rank', () => {
    const values = Array.from({ length: 20 }, (_, i) => 20 - i)
    expect([quantile(values, 0), quantile(values, 0.95), quantile(values, 1)]).toEqual([1, 19, 20])
  })

  it('refuses to say anything about nothing', () => {
    expect(() => median([])).toThrow(RangeError)
  })
})

describe('figures', () => {
  it('counts errors on both sides of the wire by their size, and tells how far one was below', () => {
    const pairs = [
      { printed: 50, wire: 60 },
      { printed: 70, wire: 60 },
      { printed: 90, wire: 60 },
    ]
    expect(errorFigures(pairs)).toEqual({ samples: 3, median: 10, p95: 30, max: 30, below: 10 })
  })

  it('says 0 below the wire when nothing was', () => {
    expect(errorFigures([{ printed: 61, wire: 60 }]).below).toBe(0)
  })

  it('measures starts against the beat of the first one, whatever their order and gaps', () => {
    const starts = [
      { seq: 4, atMs: 3_105 },
      { seq: 1, atMs: 100 },
      { seq: 2, atMs: 1_098 },
    ]
    expect(offsetsFromBeat(starts, 1000)).toEqual([0, -2, 5])
  })

  it('calls a figure at its limit reached, above it missed, and judges none without a limit', () => {
    const figure = { what: 'x', unit: 'ms', samples: 1 }
    expect(verdictOf({ ...figure, value: 5, limit: 5 })).toBe('reached')
    expect(verdictOf({ ...figure, value: 5.01, limit: 5 })).toBe('missed')
    expect(verdictOf({ ...figure, value: 5 })).toBe('')
  })

  it('calls a figure that must not be less missed below its target', () => {
    const figure = { what: 'x', unit: '/s', samples: 1, least: 5 }
    expect(verdictOf({ ...figure, value: 5 })).toBe('reached')
    expect(verdictOf({ ...figure, value: 4.99 })).toBe('missed')
    expect(table([{ ...figure, value: 4.99 }])).toContain('≥ 5 /s  missed')
  })

  it('tells the rate of a burst whatever single packets stray before and behind it', () => {
    const burst = Array.from({ length: 101 }, (_, i): [number, number] => [1000 + i, 1 + 10 * i])
    expect(sendingRate([[0, 0], ...burst, [9000, 1002]])).toBeCloseTo(10_000, 6)
    expect(() => sendingRate([[0, 7]])).toThrow(RangeError)
  })

  it('counts times below the wire beyond what the tool rounds', () => {
    const tools = [{ name: 'x', command: 'x', args: () => [], read: () => [], stepUs: 100 }]
    const pairs = [160, 150, 149, 90].map((printed) => ({ printed, wire: 200 }))
    const [figure] = tooSmall('l', [{ name: 'x', pairs, unmatched: 0 }], tools)
    expect(figure).toMatchObject({ value: 2, samples: 4 })
  })

  it('prints a line for each figure with its target and verdict', () => {
    const figures = [
      { what: 'short', value: 1.234, unit: '×', limit: 1.35, samples: 30 },
      { what: 'a longer name', value: 123.45, unit: 'ms', samples: 5 },
    ]
    expect(table(figures)).toBe(
      [
        'what           measured    target           samples',
        'short            1.23 ×  ≤ 1.35 ×  reached       30',
        'a longer name  123.5 ms                           5',
        '',
      ].join('\n'),
    )
  })
})
