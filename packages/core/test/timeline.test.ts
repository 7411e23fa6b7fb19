import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createInOrder } from '../src/model/in-order.ts'
import type { Word } from '../src/model/observation.ts'
import { type Step, summarize, type Timeline, withStep } from '../src/model/timeline.ts'

const BEGAN = Date.UTC(2026, 10, 1)

function fold(steps: readonly Step[]): Timeline {
  const [first, ...rest] = steps
  if (first === undefined) throw new Error('a timeline starts with a step')
  return rest.reduce(withStep, withStep(undefined, first))
}

function step(word: Word, startedMs: number, address = '10.0.0.2', startedAtMs = BEGAN + startedMs): Step {
  return { word, address, startedAtMs, startedMs }
}

it('lets what a probe found hold until the next probe starts', () => {
  const timeline = fold([step('open', 0), step('stealth', 1000), step('closed', 2500), step('open', 4000)])
  expect(summarize(timeline, 4300)).toEqual({
    current: { of: 'open', startedAtMs: BEGAN + 4000, lastedMs: 300, probes: 1 },
    longestStreak: { of: 'stealth', startedAtMs: BEGAN + 1000, lastedMs: 1500, probes: 1 },
    changes: 3,
    lastOpenAtMs: BEGAN + 4000,
    lastNotOpenAtMs: BEGAN + 2500,
    outages: 1,
    totalMs: 4300,
    up: { totalMs: 1300, longest: { of: 'up', startedAtMs: BEGAN, lastedMs: 1000, probes: 1 } },
    down: { totalMs: 3000, longest: { of: 'down', startedAtMs: BEGAN + 1000, lastedMs: 3000, probes: 2 } },
    addressChanges: 0,
    recentAddressChanges: [],
  })
})

it.each<[string, Word, number | undefined, number, number, number]>([
  ['an open port that is still open', 'open', 700, 0, 700, 0],
  ['an outage that is under way', 'unreachable', 700, 1, 0, 700],
  ['one result without a later moment', 'stealth', undefined, 1, 0, 0],
  ['a moment before the result', 'open', -700, 0, 0, 0],
])('accounts for %s', (_, word, nowMs, outages, up, down) => {
  const summary = summarize(fold([step(word, 0)]), nowMs)
  expect([summary.outages, summary.up.totalMs, summary.down.totalMs]).toEqual([outages, up, down])
  expect(summary.current).toEqual({ of: word, startedAtMs: BEGAN, lastedMs: up + down, probes: 1 })
})

it('takes durations from the monotonic clock when the wall clock is set back', () => {
  const hourBack = BEGAN - 3_600_000
  const steps = [step('open', 0), step('closed', 1000, '10.0.0.2', hourBack), step('open', 3000)]
  expect(summarize(fold(steps), 3500)).toMatchObject({
    lastNotOpenAtMs: hourBack,
    totalMs: 3500,
    down: { totalMs: 2000, longest: { startedAtMs: hourBack, lastedMs: 2000 } },
  })
})

it('names the earliest of equally long outages', () => {
  const steps = [step('closed', 0), step('open', 1000), step('stealth', 2000), step('open', 3000)]
  expect(summarize(fold(steps), 3000).down.longest?.startedAtMs).toBe(BEGAN)
})

it('counts all address changes and keeps the last 32', () => {
  const steps = Array.from({ length: 101 }, (_, i) => step('open', i, `10.0.0.${Math.floor(i / 2)}`))
  const { addressChanges, recentAddressChanges } = summarize(fold(steps), undefined)
  expect(addressChanges).toBe(50)
  expect(recentAddressChanges).toHaveLength(32)
  expect(recentAddressChanges[0]).toEqual({ atMs: BEGAN + 38, from: '10.0.0.18', to: '10.0.0.19' })
  expect(recentAddressChanges.at(-1)).toEqual({ atMs: BEGAN + 100, from: '10.0.0.49', to: '10.0.0.50' })
})

const anyWord = fc.constantFrom<Word>('open', 'closed', 'stealth', 'unreachable')
const anyStep = fc.record({ word: anyWord, waitMs: fc.nat({ max: 10_000 }) })

it('splits the whole time into up and down, and matches a walk over all results', () => {
  fc.assert(
    fc.property(fc.array(anyStep, { minLength: 1 }), fc.nat({ max: 10_000 }), (waits, restMs) => {
      let at = 0
      const steps = waits.map(({ word, waitMs }) => {
        at += waitMs
        return step(word, at)
      })
      const nowMs = at + restMs
      const summary = summarize(fold(steps), nowMs)
      const spans = steps.map(({ word, startedMs }, i) => ({
        isUp: word === 'open',
        ms: (steps[i + 1]?.startedMs ?? nowMs) - startedMs,
      }))
      const sum = (isUp: boolean) => spans.reduce((ms, s) => ms + (s.isUp === isUp ? s.ms : 0), 0)
      const words = steps.map(({ word }) => word)
      const startsOutage = (i: number) => words[i] !== 'open' && (i === 0 || words[i - 1] === 'open')
      expect(summary.up.totalMs).toBe(sum(true))
      expect(summary.down.totalMs).toBe(sum(false))
      expect(summary.totalMs).toBe(nowMs - (steps[0]?.startedMs ?? 0))
      expect(summary.changes).toBe(words.filter((w, i) => i > 0 && w !== words[i - 1]).length)
      expect(summary.outages).toBe(words.filter((_, i) => startsOutage(i)).length)
      expect(summary.down.longest?.lastedMs).toBe(longestRun(spans, false))
      expect(summary.up.longest?.lastedMs).toBe(longestRun(spans, true))
    }),
  )
})

it('never has a negative duration, whatever both clocks say', () => {
  const clock = fc.integer({ min: -1e6, max: 1e6 })
  const wild = fc.tuple(anyWord, clock, clock).map(([word, ms, wall]) => step(word, ms, 'a', wall))
  fc.assert(
    fc.property(fc.array(wild, { minLength: 1 }), clock, (steps, nowMs) => {
      const { current, longestStreak, totalMs, up, down } = summarize(fold(steps), nowMs)
      const durations = [current.lastedMs, longestStreak.lastedMs, totalMs, up.totalMs, down.totalMs]
      expect(Math.min(...durations)).toBeGreaterThanOrEqual(0)
      expect(longestStreak.lastedMs).toBeLessThanOrEqual(totalMs)
    }),
  )
})

it('hands on whatever arrives exactly once, and by number while the gap is within its window', () => {
  const seqs = fc.array(fc.integer({ min: 1, max: 60 }), { maxLength: 60 })
  fc.assert(
    fc.property(seqs, fc.integer({ min: 1, max: 80 }), (arrived, limit) => {
      const taken: number[] = []
      const order = createInOrder<{ seq: number }>(({ seq }) => taken.push(seq), limit)
      for (const seq of arrived) {
        order.add({ seq })
        expect(order.waiting().length).toBeLessThanOrEqual(limit)
      }
      const ascending = arrived.toSorted((a, b) => a - b)
      const all = [...taken, ...order.waiting().map(({ seq }) => seq)]
      expect(all.toSorted((a, b) => a - b)).toEqual(ascending)
      if (limit >= 60 && new Set(arrived).size === arrived.length) expect(all).toEqual(ascending)
    }),
  )
})

it.each<[string, string, string]>([
  ['as they come when nothing is missing', '1a 2a 3a', '1a 2a 3a'],
  ['in order while the window of two is full', '2a 3a 1a', '1a 2a 3a'],
  ['without the missing one when the window overflows', '2a 3a 4a 1a 5a', '2a 3a 4a 1a 5a'],
  ['with equal numbers as they came', '2a 2b 1a 3a', '1a 2a 2b 3a'],
])('hands items on %s', (_, arrived, expected) => {
  const taken: string[] = []
  const order = createInOrder<{ seq: number; name: string }>(({ name }) => taken.push(name), 2)
  for (const name of arrived.split(' ')) order.add({ seq: Number.parseInt(name, 10), name })
  expect(taken.join(' ')).toBe(expected)
})

function longestRun(spans: readonly { isUp: boolean; ms: number }[], isUp: boolean): number | undefined {
  const runs: number[] = []
  for (const [i, span] of spans.entries()) {
    if (span.isUp !== isUp) continue
    const continues = i > 0 && spans[i - 1]?.isUp === isUp
    if (continues) runs.push((runs.pop() ?? 0) + span.ms)
    else runs.push(span.ms)
  }
  return runs.length === 0 ? undefined : Math.max(...runs)
}
