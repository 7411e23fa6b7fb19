import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  changeRecord,
  errorRecord,
  probeRecord,
  recordLine,
  startRecord,
  summaryRecord,
} from '../src/cli/json.ts'
import type { ResultRecord } from '../src/cli/json-result.ts'
import { totalRecord, verdictRecord } from '../src/cli/json-run.ts'
import { statsRecord } from '../src/cli/json-stats.ts'
import { LocalFault, ResolveError, UsageError } from '../src/model/errors.ts'
import {
  classify,
  type Method,
  type Observation,
  type ProbeResult,
  type TlsFact,
} from '../src/model/observation.ts'
import { createQuantiles } from '../src/model/quantiles.ts'
import { createStats } from '../src/model/stats.ts'
import type { Probed, Target } from '../src/model/target.ts'
import { FITS, schemaErrors } from './result-schema.ts'

function valid(record: ResultRecord): ResultRecord {
  const { text, to } = recordLine(record)
  expect(to).toBe('out')
  expect(text.indexOf('\n')).toBe(text.length - 1)
  expect(text.slice(0, -1)).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
  const back: unknown = JSON.parse(text)
  expect(schemaErrors(back)).toBe(FITS)
  return back as ResultRecord
}

const text = fc.string({ unit: 'binary', maxLength: 20 })
const port = fc.integer({ min: 0, max: 65_535 })
const ns = fc.oneof(fc.nat(2e9), fc.double({ min: 0, max: 1e13, noNaN: true }))
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const octet = fc.nat(255)

const timed = {
  rttNs: maybe(fc.oneof(ns, fc.constant(Number.NaN))),
  clock: fc.constantFrom('kernel', 'process', 'packet'),
  elapsedNs: ns,
  syns: maybe(fc.nat(7)),
}
const TIMED_KEYS = ['rttNs', 'clock', 'elapsedNs', 'syns'] as const
const word32 = fc.integer({ min: 0, max: 0xffff_ffff })
const tls: fc.Arbitrary<TlsFact> = fc.oneof(
  fc.record({
    kind: fc.constant('tls' as const),
    handshakeNs: ns,
    protocol: text,
    cipher: text,
    validToMs: maybe(fc.oneof(fc.integer(), fc.constantFrom(Number.NaN, 1e300, 8.64e15, -1e14))),
    subject: text,
    issuer: text,
    invalid: maybe(text),
  }),
  fc.record({ kind: fc.constant('tls-failed' as const), message: text }),
)
const observation = fc.oneof(
  fc.record({
    kind: fc.constant('handshake'),
    reset: fc.boolean(),
    local: fc.record({ address: text, port }),
    ...timed,
  }),
  fc.record({
    kind: fc.constant('handshake'),
    reset: fc.boolean(),
    local: fc.record({ address: text, port }),
    tls,
    ...timed,
  }),
  fc.record({ kind: fc.constant('refused'), by: fc.constantFrom('rst', 'unknown'), ...timed }),
  fc.record({
    kind: fc.constant('icmp-error'),
    family: fc.constantFrom(4, 6),
    type: octet,
    code: octet,
    from: maybe(text),
    ...timed,
  }),
  fc.record({
    kind: fc.constant('unreachable'),
    code: fc.constantFrom('EHOSTUNREACH', 'ENETUNREACH', 'EHOSTDOWN', 'ENETDOWN', 'ENOPROTOOPT'),
    ...timed,
  }),
  fc.record(
    {
      kind: fc.constant('segment'),
      flags: fc.nat(0x1ff),
      window: port,
      seq: word32,
      ack: word32,
      from: text,
      ttl: maybe(octet),
      mss: port,
      ...timed,
    },
    { requiredKeys: ['kind', 'flags', 'window', 'seq', 'ack', 'from', 'ttl', ...TIMED_KEYS] },
  ),
  fc.record(
    {
      kind: fc.constant('host-reply'),
      what: fc.constantFrom('echo-reply', 'timestamp-reply', 'arp-reply', 'neighbour-advertisement'),
      from: text,
      ttl: maybe(octet),
      hardwareAddress: text,
      ...timed,
    },
    { requiredKeys: ['kind', 'what', 'from', 'ttl', ...TIMED_KEYS] },
  ),
  fc.record(
    { kind: fc.constant('reply'), from: text, ttl: octet, length: fc.nat(65507), ...timed },
    { requiredKeys: ['kind', ...TIMED_KEYS] },
  ),
  fc.record({ kind: fc.constant('silence'), waitedNs: ns, syns: maybe(fc.nat(7)) }),
) as fc.Arbitrary<Observation>
const target = fc.record({
  host: text,
  address: text,
  family: fc.constantFrom(4 as const, 6 as const),
  port,
  transport: fc.constantFrom('tcp' as const, 'udp' as const),
}) satisfies fc.Arbitrary<Target>
const host = fc.record({
  host: text,
  address: text,
  family: fc.constantFrom(4 as const, 6 as const),
  port: fc.constant(null),
  transport: fc.constantFrom('icmp' as const, 'arp' as const),
}) satisfies fc.Arbitrary<Probed>
const atMs = fc.integer({ min: 0, max: 4e12 })

function resultOf(
  o: Observation,
  to: Target,
  seq: number,
  startedAtMs: number,
  method?: Method,
): ProbeResult {
  return { target: to, seq, startedAtMs, observation: o, verdict: classify(o, method) }
}

const DB = { host: 'db', address: '10.0.0.2', family: 4, port: 22, transport: 'tcp' } as const
const subject = { tool: 'tcping', target: DB, service: 'ssh' }
const AT_MS = Date.UTC(2026, 10, 21, 14, 3, 7, 123)
const open: Observation = {
  kind: 'handshake',
  reset: false,
  local: { address: '10.0.0.1', port: 40_000 },
  rttNs: 262_123,
  clock: 'kernel',
  elapsedNs: 300_000.4,
  syns: 1,
}

describe('every record fits the schema:', () => {
  it('of a probe, whatever the network did', () => {
    fc.assert(
      fc.property(
        observation,
        target,
        fc.integer({ min: 1, max: 1e9 }),
        atMs,
        maybe(text),
        fc.constantFrom<Method>(
          'tcp',
          'udp',
          'tcp-syn',
          'tcp-ack',
          'tcp-window',
          'tcp-fin',
          'tcp-rst',
          'tcp-other',
          'arp',
        ),
        (o, to, seq, at, service, method) => {
          valid(probeRecord({ tool: 'tcping', service }, resultOf(o, to, seq, at, method)))
        },
      ),
      { numRuns: 500 },
    )
  })

  it('of a summary, whatever was found', () => {
    fc.assert(
      fc.property(fc.array(observation, { maxLength: 8 }), target, fc.nat(3), (found, to, faults) => {
        const stats = createStats()
        for (const [i, o] of found.entries()) stats.add(resultOf(o, to, i + 1, 1000 * i), 1000.000_000_1 * i)
        for (let i = 0; i < faults; i++) stats.fault()
        const record = statsRecord(stats.snapshot(1000 * found.length))
        valid(summaryRecord({ tool: 'tcping', target: to }, { atMs: 0, elapsedMs: 1.5, stats: record }))
        for (const o of found) valid(probeRecord({ tool: 'tcping' }, resultOf(o, to, 1, 0), record))
      }),
    )
  })

  it('of a host that is asked without a port', () => {
    fc.assert(
      fc.property(observation, host, atMs, (o, to, at) => {
        const startedAtMs = at
        const verdict = classify(o, 'icmp-echo')
        valid(probeRecord({ tool: 'nping-ts' }, { target: to, seq: 1, startedAtMs, observation: o, verdict }))
      }),
    )
  })

  it('of the verdict and the total of a run over many ports', () => {
    const count = fc.nat(1e9)
    const counts = { sentOctets: count, receivedOctets: count, again: count, late: count, refused: count }
    const verdict = maybe(observation.map((o) => classify(o, 'tcp-syn')))
    const hop = fc.record({
      ttl: octet,
      from: fc.option(text),
      rttMs: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true })),
    })
    fc.assert(
      fc.property(
        fc.oneof(target, host),
        fc.record({ verdict, from: maybe(text), sent: count, received: count, hops: maybe(fc.array(hop)) }),
        fc.array(ns, { maxLength: 5 }),
        fc.record({ ...counts, dropped: count, interrupted: fc.boolean(), elapsedNs: ns, atMs }),
        (to, found, rtts, rest) => {
          const quantiles = createQuantiles()
          for (const rttNs of rtts) quantiles.add(rttNs)
          const sumNs = rtts.reduce((sum, rttNs) => sum + rttNs, 0)
          const [minNs, maxNs] = [Math.min(...rtts, Infinity), Math.max(...rtts, 0)]
          const rtt = { samples: rtts.length, minNs, maxNs, sumNs }
          valid(verdictRecord({ tool: 'nping-ts', target: to }, { ...found, atMs: rest.atMs, rtt }))
          const { sent, received } = found
          valid(totalRecord('nping-ts', { ...rest, sent, received, rtt, quantiles }))
        },
      ),
    )
  })

  it('of a start, a change and an error', () => {
    const start = { atMs: AT_MS, version: '1.0.0', addresses: ['10.0.0.2'], timeoutMs: 1000 }
    valid(startRecord(subject, { ...start, lookupNs: 1_234_567, count: 4, intervalMs: 1000 }))
    valid(startRecord(subject, { ...start, lookupNs: undefined, count: undefined, intervalMs: undefined }))
    valid(
      changeRecord(subject, {
        what: 'word',
        from: 'open',
        to: 'stealth',
        atMs: AT_MS,
        seq: 4,
        lastedMs: 3000,
      }),
    )
    valid(changeRecord(subject, { what: 'address', from: '10.0.0.2', to: '10.0.0.3', atMs: AT_MS }))
    valid(errorRecord('tcping', AT_MS, new UsageError('no\u{9b}port')))
    valid(errorRecord('tcping', AT_MS, new LocalFault('EMFILE', 'too many'), { ...DB, seq: 3 }))
    expect(
      valid(errorRecord('tcping', AT_MS, new ResolveError('x', 'ENOTFOUND', 'not known'))),
    ).toMatchObject({
      code: 'ENOTFOUND',
      host: 'x',
    })
  })

  it('and the schema does not take everything', () => {
    const good = JSON.parse(recordLine(probeRecord(subject, resultOf(open, DB, 1, AT_MS))).text)
    for (const bad of [
      { rttMs: '0.262' },
      { rttMs: -1 },
      { seq: 0 },
      { state: 'stealth' },
      { word: 'filtered' },
      { time: '21.11.2026' },
      { schema: 'portkit/2' },
      { type: 'summary' },
      { icmp: { type: 3 } },
      { more: 1 },
    ])
      expect(schemaErrors({ ...good, ...bad }), JSON.stringify(bad)).not.toBe(FITS)
    expect(schemaErrors(good)).toBe(FITS)
  })
})

it('a probe is told with the precision of its clock, and null is what is not known', () => {
  expect(probeRecord(subject, resultOf(open, DB, 3, AT_MS))).toEqual({
    schema: 'portkit/1',
    type: 'probe',
    tool: 'tcping',
    time: '2026-11-21T14:03:07.123Z',
    host: 'db',
    address: '10.0.0.2',
    family: 4,
    port: 22,
    transport: 'tcp',
    service: 'ssh',
    seq: 3,
    state: 'open',
    word: 'open',
    reason: 'syn-ack',
    rttMs: 0.262123,
    clock: 'kernel',
    elapsedMs: 0.3,
    syns: 1,
    reset: false,
    local: { address: '10.0.0.1', port: 40_000 },
    icmp: null,
    tls: null,
  })
  const silence = { kind: 'silence', waitedNs: 1e9, syns: undefined } as const
  expect(probeRecord({ tool: 'tcping' }, resultOf(silence, DB, 1, 0))).toMatchObject({
    word: 'stealth',
    rttMs: null,
    clock: null,
    elapsedMs: 1000,
    syns: null,
    local: null,
  })
})

it('a summary has the figures by the names of the schema', () => {
  const stats = createStats()
  stats.add(resultOf(open, DB, 1, AT_MS), 0)
  stats.add(resultOf({ kind: 'silence', waitedNs: 1e9, syns: 1 }, DB, 2, AT_MS + 1000), 1000)
  stats.fault()
  expect(statsRecord(stats.snapshot(2500))).toMatchObject({
    sent: 2,
    answered: 1,
    open: 1,
    closed: 0,
    stealth: 1,
    unreachable: 0,
    errors: 1,
    lossPercent: 50,
    rttMs: { min: 0.262123, avg: 0.262123, max: 0.262123, mdev: 0, median: 0.262123, jitter: null },
    timeline: {
      word: 'stealth',
      since: '2026-11-21T14:03:08.123Z',
      outages: 1,
      upMs: 1000,
      downMs: 1500,
      longestOutage: { time: '2026-11-21T14:03:08.123Z', lastedMs: 1500 },
      lastOpen: '2026-11-21T14:03:07.123Z',
    },
  })
  expect(statsRecord(createStats().snapshot())).toMatchObject({
    lossPercent: null,
    rttMs: null,
    timeline: null,
  })
})

it('tells of a single packet what came back', () => {
  const timed = { rttNs: 50_000, clock: 'packet', elapsedNs: 60_000, syns: 1 } as const
  const record = (o: Observation) =>
    valid(probeRecord({ tool: 'nping-ts' }, resultOf(o, DB, 1, AT_MS, 'tcp-syn')))
  const [from, ttl] = ['10.0.0.2', 62]
  const segment = { kind: 'segment', flags: 0x12, window: 64240, seq: 7, ack: 8, mss: 1460 } as const
  expect(record({ ...segment, from, ttl, ...timed })).toMatchObject({
    state: 'open',
    answer: { from, ttl, flags: 'SA', seq: 7, ack: 8, window: 64240, mss: 1460 },
  })
  const reply = {
    kind: 'host-reply',
    what: 'arp-reply',
    from,
    ttl: undefined,
    hardwareAddress: '02:00',
  } as const
  expect(record({ ...reply, ...timed })).toMatchObject({
    state: 'up',
    word: 'up',
    answer: { from, ttl: null, hardwareAddress: '02:00' },
  })
  expect(record({ kind: 'reply', from, ttl, length: 5, ...timed })).toMatchObject({
    answer: { from, ttl, length: 5 },
  })
  expect(record({ kind: 'reply', ...timed })).not.toHaveProperty('answer')
})
