import fc from 'fast-check'
import { expect, it } from 'vitest'
import { classify, type Observation, type ProbeResult, type Word } from '../src/model/observation.ts'
import { createRttStats } from '../src/model/rtt-stats.ts'
import { createStats, type Stats } from '../src/model/stats.ts'

const local = { address: '10.0.0.1', port: 40000 }

/** What a probe found, short enough for tables. */
interface Found {
  readonly word: Word
  readonly rttNs?: number | undefined
  readonly syns?: number | undefined
}

function observe({ word, rttNs, syns }: Found): Observation {
  const timed = { rttNs, clock: 'kernel', elapsedNs: 310_000, syns } as const
  switch (word) {
    case 'open':
      return { kind: 'handshake', reset: false, local, ...timed }
    case 'closed':
      return { kind: 'refused', by: 'rst', ...timed }
    case 'stealth':
      return { kind: 'silence', waitedNs: 1e9, syns }
    case 'unreachable':
      return { kind: 'icmp-error', family: 4, type: 3, code: 13, from: '10.0.0.254', ...timed }
  }
}

function resultOf(seq: number, found: Found): ProbeResult {
  const target = { host: 'db', address: '10.0.0.2', family: 4, port: 22, transport: 'tcp' } as const
  const observation = observe(found)
  return { target, seq, startedAtMs: 1000 * seq, observation, verdict: classify(observation) }
}

/** Adds the results as seq 1, 2, … one second apart, in the order of `arrival` (indices) if it is given. */
function statsOf(results: readonly Found[], arrival: readonly number[] = [...results.keys()]): Stats {
  const stats = createStats()
  for (const i of arrival) {
    const found = results[i]
    if (found) stats.add(resultOf(i + 1, found), 1000 * i)
  }
  return stats
}

const rttNs = fc.option(fc.integer({ min: 1, max: 2 ** 40 }), { nil: undefined })
const syns = fc.option(fc.integer({ min: 1, max: 3 }), { nil: undefined })
const word = fc.constantFrom<Word>('open', 'closed', 'stealth', 'unreachable')
const found: fc.Arbitrary<Found> = fc.record({ word, rttNs, syns })
const isAnswer = (f: Found) => f.word === 'open' || f.word === 'closed'

it('says undefined, not NaN or zero, before the first result', () => {
  expect(createStats().snapshot(5000)).toEqual({
    sent: 0,
    answered: 0,
    lossPercent: undefined,
    words: { open: 0, closed: 0, stealth: 0, unreachable: 0 },
    localErrors: 0,
    resent: 0,
    rtt: undefined,
    timeline: undefined,
  })
  expect(createStats().histogram(10, 'log')).toEqual([])
})

it('has a deviation of zero and no jitter after one sample', () => {
  expect(statsOf([{ word: 'open', rttNs: 262_000 }]).snapshot().rtt).toEqual({
    samples: 1,
    minNs: 262_000,
    avgNs: 262_000,
    maxNs: 262_000,
    mdevNs: 0,
    ewmaNs: 262_000,
    medianNs: 262_000,
    p95Ns: 262_000,
    p99Ns: 262_000,
    percentileError: 0,
    jitterNs: undefined,
  })
})

it('leaves the round-trip times out when all is lost', () => {
  const { lossPercent, rtt, sent, answered } = statsOf([{ word: 'stealth' }, { word: 'stealth' }]).snapshot()
  expect({ lossPercent, rtt, sent, answered }).toEqual({
    lossPercent: 100,
    rtt: undefined,
    sent: 2,
    answered: 0,
  })
})

it('takes a refusal for an answer with a round trip, and an ICMP error for a loss', () => {
  const { rtt, ...rest } = statsOf([
    { word: 'closed', rttNs: 300 },
    { word: 'unreachable', rttNs: 900 },
  ]).snapshot()
  expect(rest).toMatchObject({ sent: 2, answered: 1, lossPercent: 50 })
  expect(rtt).toMatchObject({ samples: 1, maxNs: 300 })
})

it('counts an answer to a resent SYN as answered but not as a round trip', () => {
  const { answered, resent, rtt } = statsOf([{ word: 'open', rttNs: undefined, syns: 2 }]).snapshot()
  expect({ answered, resent, rtt }).toEqual({ answered: 1, resent: 1, rtt: undefined })
})

it.each([Number.NaN, Number.POSITIVE_INFINITY, -1, 1e300])(
  'takes a clock that says %d for no sample',
  (rtt) => {
    const { answered, rtt: figures } = statsOf([{ word: 'open', rttNs: rtt }]).snapshot()
    expect({ answered, figures }).toEqual({ answered: 1, figures: undefined })
  },
)

it('counts local errors apart from what was sent', () => {
  const stats = statsOf([{ word: 'open', rttNs: 5 }])
  stats.fault()
  stats.add(resultOf(3, { word: 'open', rttNs: 9 }), 2000)
  const { sent, localErrors, lossPercent, rtt } = stats.snapshot()
  expect({ sent, localErrors, lossPercent }).toEqual({ sent: 2, localErrors: 1, lossPercent: 0 })
  expect(rtt?.jitterNs).toBe(4)
})

it('counts every result once, by its word', () => {
  fc.assert(
    fc.property(fc.array(found), (results) => {
      const { sent, answered, lossPercent, words, resent } = statsOf(results).snapshot()
      const received = results.filter(isAnswer).length
      for (const [w, count] of Object.entries(words)) {
        expect(results.filter((r) => r.word === w)).toHaveLength(count)
      }
      expect({ sent, answered }).toEqual({ sent: results.length, answered: received })
      expect(resent).toBe(results.filter((r) => (r.syns ?? 1) > 1).length)
      if (sent === 0) expect(lossPercent).toBeUndefined()
      else expect(lossPercent).toBeCloseTo(100 - (100 * received) / sent, 9)
    }),
  )
})

it("agrees with ping's formulas in two passes over all samples", () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 1, maxLength: 300 }),
      (samples) => {
        const stats = createRttStats()
        for (const s of samples) stats.add(s)
        const n = samples.length
        const mean = samples.reduce((sum, s) => sum + s, 0) / n
        const variance = samples.reduce((sum, s) => sum + (s - mean) ** 2, 0) / n
        const ewma = samples.reduce((average, s) => average + (s - average) / 8)
        const summary = stats.summary()
        const near = (a = Number.NaN, b: number) => Math.abs(a - b) <= 1e-9 * (mean + 1)
        expect(near(summary?.avgNs, mean)).toBe(true)
        expect(near(summary?.mdevNs, Math.sqrt(variance))).toBe(true)
        expect(near(summary?.ewmaNs, ewma)).toBe(true)
        expect(summary?.minNs).toBe(Math.min(...samples))
        expect(summary?.maxNs).toBe(Math.max(...samples))
      },
    ),
  )
})

it('keeps a small deviation of large values, which a sum of squares would lose', () => {
  const stats = createRttStats()
  for (let i = 0; i < 100_000; i++) stats.add(3.6e12 + (i % 2))
  expect(stats.summary()?.mdevNs).toBeCloseTo(0.5, 6)
})

it('takes jitter from neighbours by number, whatever the order of arrival', () => {
  fc.assert(
    fc.property(permuted(), ({ results, arrival }) => {
      const rtts = results.filter(isAnswer).flatMap((r) => r.rttNs ?? [])
      const differences = rtts.slice(1).map((r, i) => Math.abs(r - (rtts[i] ?? 0)))
      const expected = differences.reduce((sum, d) => sum + d, 0) / differences.length
      const jitter = statsOf(results, arrival).snapshot().rtt?.jitterNs
      if (differences.length === 0) expect(jitter).toBeUndefined()
      else expect(Math.abs((jitter ?? Number.NaN) - expected)).toBeLessThanOrEqual(1e-9 * expected)
    }),
  )
})

it('tells the same timeline whatever the order of arrival, with any probe still missing', () => {
  fc.assert(
    fc.property(permuted(), fc.nat(), ({ results, arrival }, dropped) => {
      const missing = results.length === 0 ? 0 : dropped % results.length
      const arrived = arrival.filter((i) => i !== missing)
      const inOrder = arrived.toSorted((a, b) => a - b)
      const now = 1000 * results.length
      expect(statsOf(results, arrived).snapshot(now).timeline).toEqual(
        statsOf(results, inOrder).snapshot(now).timeline,
      )
    }),
  )
})

it('shows one outage when its silent probes are known only after the next answers', () => {
  const down: Found = { word: 'stealth' }
  const up: Found = { word: 'open', rttNs: 1 }
  const timeline = statsOf([up, down, down, down, up, up], [0, 4, 1, 5, 2, 3]).snapshot(6000).timeline
  expect(timeline).toMatchObject({ outages: 1, changes: 2, current: { of: 'open', probes: 2 } })
  expect(timeline?.down).toEqual({
    totalMs: 3000,
    longest: { of: 'down', startedAtMs: 2000, lastedMs: 3000, probes: 3 },
  })
})

it('does not change when a snapshot is taken or what it gave is kept', () => {
  fc.assert(
    fc.property(permuted(), ({ results, arrival }) => {
      const watched = createStats()
      for (const i of arrival) {
        const before = watched.snapshot(1000 * i)
        const copy = structuredClone(before)
        const result = results[i]
        if (result) watched.add(resultOf(i + 1, result), 1000 * i)
        expect(before).toEqual(copy)
      }
      expect(watched.snapshot()).toEqual(statsOf(results, arrival).snapshot())
    }),
  )
})

it('never gives NaN or an infinite figure', () => {
  const wild = fc.record({ word, rttNs: fc.option(fc.double(), { nil: undefined }), syns })
  fc.assert(
    fc.property(fc.array(wild), (results) => {
      const bad: string[] = []
      JSON.stringify(statsOf(results).snapshot(), (key, value) => {
        if (typeof value === 'number' && !Number.isFinite(value)) bad.push(key)
        return value
      })
      expect(bad).toEqual([])
    }),
  )
})

it('goes on without a probe that never reports', () => {
  const stats = createStats()
  for (let seq = 2; seq <= 20_000; seq++) {
    stats.add(resultOf(seq, { word: seq % 2 ? 'open' : 'closed', rttNs: seq }), seq)
  }
  const { sent, rtt, timeline } = stats.snapshot(20_000)
  expect({ sent, jitter: rtt?.jitterNs, error: rtt?.percentileError }).toEqual({
    sent: 19_999,
    jitter: 1,
    error: 0.005,
  })
  expect(timeline).toMatchObject({ changes: 19_998, outages: 10_000, totalMs: 19_998 })
})

function permuted() {
  return fc.array(found, { maxLength: 40 }).chain((results) =>
    fc.record({
      results: fc.constant(results),
      arrival: fc.shuffledSubarray([...results.keys()], { minLength: results.length }),
    }),
  )
}
