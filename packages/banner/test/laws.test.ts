import type { Behaviour, DatagramBehaviour, PeerStep, TlsScript } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordsOf } from '../../core/test/tool-kit.ts'
import { octetsOf, recorded } from './detector-kit.ts'
import { look, SILENT, TLS13, worldOf } from './kit.ts'

const ANSWERS = recorded().filter(({ octets }) => octets.length > 0 && octets.length < 2000)
const anyOctets = fc.oneof(
  fc.constantFrom(...ANSWERS.map(({ octets }) => octets)),
  fc.uint8Array({ minLength: 1, maxLength: 60 }),
  fc
    .constantFrom('220 x\r\n', '* OK\r\n', 'HTTP/1.1 301 x\r\nLocation: /\r\n\r\n', '\xff\xfd\x01')
    .map(octetsOf),
)
const anyStep: fc.Arbitrary<PeerStep> = fc.oneof(
  { weight: 4, arbitrary: anyOctets.map((octets) => ({ does: 'send', octets }) as const) },
  { weight: 2, arbitrary: fc.constant({ does: 'recv' } as const) },
  {
    weight: 2,
    arbitrary: fc
      .double({ min: 0, max: 3, noNaN: true })
      .map((seconds) => ({ does: 'wait', seconds }) as const),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      { does: 'fin' } as const,
      { does: 'close' } as const,
      { does: 'rst' } as const,
    ),
  },
)
const anyPeer = fc.oneof(
  fc
    .array(anyStep, { maxLength: 8 })
    .map((steps) => ({ kind: 'steps', steps: [...steps, { does: 'drain' }] }) as const),
  anyOctets.map((octets) => ({ kind: 'answers', answers: [['', octets]] }) as const),
  fc.constant({ kind: 'echo' } as const),
)
const anyMs = fc.oneof(fc.constant(0.3), fc.double({ min: 0.1, max: 4000, noNaN: true }))
const anyPort: fc.Arbitrary<Behaviour> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({ does: fc.constant('accept' as const), afterMs: anyMs, peer: anyPeer }),
  },
  {
    weight: 1,
    arbitrary: fc.constantFrom<Behaviour>(SILENT, { does: 'drop' }, { does: 'refuse', afterMs: 1 }),
  },
)
const anyTls: fc.Arbitrary<TlsScript> = fc.oneof(
  anyPeer.map((peer) => ({ ...TLS13, peer })),
  fc.constant({ ...TLS13, alpn: 'h2', peer: { kind: 'echo' } } as const),
  fc.constantFrom({ fails: 'ERR_SSL_WRONG_VERSION_NUMBER' }, { fails: 'ECONNRESET' }),
  fc.constant({ does: 'hang' } as const),
)
const somewhere = fc.constantFrom(
  21,
  22,
  23,
  25,
  53,
  80,
  110,
  143,
  389,
  443,
  465,
  993,
  3306,
  5432,
  5672,
  6379,
  8080,
  4711,
  4712,
  4713,
)
const anyOptions = fc.constantFrom(
  ...[
    '',
    '--light',
    '--thorough --timeout 5',
    '--tls',
    '--no-tls',
    '--starttls auto',
    '--starttls smtp',
    '--host-keys --follow 3',
  ],
  ...['-c 2', '--wait 0.1', '--timeout 2', '--probe x', '--match (?<version>[0-9]+)'],
)

describe('whatever speaks at the ports of a host', () => {
  it('each is told of once and in time, over no more than four connections at once, and none stays open', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(somewhere.map(String), fc.tuple(anyPort, anyTls), { minKeys: 1, maxKeys: 12 }),
        anyOptions,
        async (host, options) => {
          const entries = Object.entries(host)
          const ports = Object.fromEntries(entries.map(([port, [behaviour]]) => [port, behaviour]))
          const tls = Object.fromEntries(entries.map(([port, [, script]]) => [port, script]))
          const words = `${Object.keys(host).join(',')} --json ${options}`
          const { stdout, stderr, status, mostAtOnce, connections, io } = await look(
            words,
            worldOf(ports, { tls }),
          )
          expect(stderr).toBe('')
          expect([0, 1]).toContain(status)
          const told = recordsOf(stdout, 'service')
          expect(told.map(({ port }) => String(port)).sort()).toEqual(Object.keys(host).sort())
          for (const { elapsedMs } of told) expect(elapsedMs).toBeLessThanOrEqual(5001)
          expect(mostAtOnce()).toBeLessThanOrEqual(options === '-c 2' ? 2 : 4)
          expect(connections.filter(({ closedNs }) => closedNs === undefined)).toEqual([])
          expect(io.net.open()).toBe(0)
        },
      ),
      { numRuns: 100 },
    )
  }, 60_000)

  it('over UDP as well', async () => {
    const anyDatagrams: fc.Arbitrary<DatagramBehaviour> = fc.oneof(
      fc
        .record({
          does: fc.constant('answer' as const),
          octets: anyOctets,
          afterMs: anyMs,
          fromPort: fc.constantFrom(undefined, 50_000),
        })
        .map(({ fromPort, ...rest }) => (fromPort === undefined ? rest : { ...rest, fromPort })),
      fc.constantFrom<DatagramBehaviour>({ does: 'echo' }, { does: 'drop' }, { does: 'closed' }),
      fc.constant({ does: 'icmp', type: 3, code: 1, from: '10.0.0.254' } as const),
    )
    const usual = fc.constantFrom(
      7,
      13,
      19,
      37,
      53,
      69,
      111,
      123,
      137,
      161,
      500,
      1194,
      1900,
      3478,
      5060,
      5353,
      5683,
      11_211,
      40_000,
    )
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(usual.map(String), anyDatagrams, { minKeys: 1, maxKeys: 8 }),
        fc.constantFrom('', '--thorough --timeout 5', '--probe x', '--wait 0.1'),
        async (host, options) => {
          const datagrams = Object.fromEntries(
            Object.entries(host).map(([port, behaviour]) => [`10.0.0.2:${port}`, behaviour]),
          )
          const words = `${Object.keys(host).join(',')} -u --json ${options}`
          const { stdout, stderr, status } = await look(words, worldOf({}, { datagrams }))
          expect(stderr).toBe('')
          expect([0, 1]).toContain(status)
          const told = recordsOf(stdout, 'service')
          expect(told.map(({ port }) => String(port)).sort()).toEqual(Object.keys(host).sort())
          for (const { elapsedMs } of told) expect(elapsedMs).toBeLessThanOrEqual(5001)
        },
      ),
      { numRuns: 100 },
    )
  }, 60_000)
})
