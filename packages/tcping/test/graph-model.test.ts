import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createGraphModel, type GraphSample } from '../src/graph.ts'

const open = (atMs: number, rttMs: number | undefined = 1): GraphSample => ({ atMs, rttMs, word: 'open' })
const one = (capacity = 100) => createGraphModel({ names: ['a:1'], capacity })
const timesOf = (model: ReturnType<typeof one>, since = Number.NEGATIVE_INFINITY) =>
  model.series[0]?.samples(since).map(({ atMs }) => atMs)

describe('createGraphModel', () => {
  it('remembers the newest samples in the order of their start, whatever order they come in', () => {
    const times = fc.array(fc.integer({ min: 0, max: 1000 }), { maxLength: 60 })
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 40 }), (all, capacity) => {
        const model = one(capacity)
        for (const atMs of all) model.add(0, open(atMs))
        expect(timesOf(model)).toEqual(all.toSorted((a, b) => a - b).slice(-capacity))
      }),
    )
  })

  it('gives back what it was given', () => {
    const model = one()
    const samples: GraphSample[] = [
      open(1, 0),
      open(2, undefined),
      { atMs: 3, rttMs: 0.5, word: 'closed' },
      { atMs: 4, rttMs: undefined, word: 'stealth' },
      { atMs: 5, rttMs: 7, word: 'unreachable' },
    ]
    for (const sample of samples) model.add(0, sample)
    expect(model.series[0]?.samples(0)).toEqual(samples)
    expect(timesOf(model, 4)).toEqual([4, 5])
  })

  it('counts the whole run, also what it has forgotten', () => {
    const model = one(2)
    for (let i = 1; i <= 9; i += 1) model.add(0, open(i, i))
    model.add(0, { atMs: 10, rttMs: undefined, word: 'stealth' })
    model.add(0, { atMs: 11, rttMs: 99, word: 'unreachable' })
    model.add(0, { atMs: 12, rttMs: 3, word: 'closed' })
    expect(model.series[0]?.totals()).toEqual({
      sent: 12,
      lost: 2,
      lastWord: 'closed',
      lastMs: 3,
      minMs: 1,
      avgMs: 4.8,
      maxMs: 9,
    })
  })

  it('calls the probe that started last the last one', () => {
    const model = one()
    model.add(0, open(2000, 5))
    model.add(0, { atMs: 1000, rttMs: undefined, word: 'stealth' })
    expect(model.series[0]?.totals()).toMatchObject({ sent: 2, lost: 1, lastWord: 'open', lastMs: 5 })
  })

  it('takes a round trip that is not a time for none', () => {
    const model = one()
    for (const rttMs of [Number.NaN, -1, Number.POSITIVE_INFINITY]) model.add(0, open(1, rttMs))
    expect(model.series[0]?.samples(0).map(({ rttMs }) => rttMs)).toEqual([undefined, undefined, undefined])
    expect(model.series[0]?.totals()).toMatchObject({ sent: 3, lost: 0, avgMs: undefined })
  })

  it('ignores targets that it does not have, and times that are none', () => {
    const model = one()
    model.add(1, open(1))
    model.add(-1, open(1))
    model.add(0, open(Number.NaN))
    expect(model.originMs).toBeUndefined()
    expect(timesOf(model)).toEqual([])
  })

  it('remembers less of each when there are thousands of targets', () => {
    const model = createGraphModel({
      names: Array.from({ length: 20_000 }, (_, i) => `h:${i}`),
      capacity: 1000,
    })
    for (let i = 0; i < 200; i += 1) model.add(7, open(i))
    expect(model.series[7]?.samples(0)).toHaveLength(100)
  })
})
