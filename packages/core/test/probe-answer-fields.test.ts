import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { icmpTimesOf, timestampOf } from '../src/probes/packet/answer-times.ts'
import { recordedRouteOf } from '../src/probes/packet/recorded-route.ts'
import { sight } from '../src/probes/packet/sight.ts'
import { tcpProbe } from '../src/probes/packet/tcp-probe.ts'
import { udpProbe } from '../src/probes/packet/udp-probe.ts'
import { encodeIcmp4, icmp4HeaderLength } from '../src/wire/icmp4.ts'
import { decodeIpv4, encodeIpv4 } from '../src/wire/ipv4.ts'
import { encodeTcp, tcpHeaderLength } from '../src/wire/tcp.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'
import type { TcpOption } from '../src/wire/tcp-options.ts'
import { encodeUdp } from '../src/wire/udp.ts'
import { PLAIN4 } from './plain-header.ts'
import { built, ROUTE, seeded, seen, shotOf, sightOf } from './probe-kit.ts'

const OWN = 41001
const ENDS = { source: ROUTE[4].destination, destination: ROUTE[4].source }
const ANSWER = { ...PLAIN4, ...ENDS, id: 9, dontFragment: false, ttl: 63 }

/** An answer of the target behind a header with these options. */
function answer(protocol: number, upper: Uint8Array, options: readonly number[] = []): Uint8Array {
  const octets = new Uint8Array(20 + options.length + upper.length)
  const optionOctets = Uint8Array.from(options)
  const length = encodeIpv4({ ...ANSWER, protocol, optionOctets }, octets, 0, upper.length)
  octets.set(upper, length)
  return octets
}

function segment(ack: number, options: readonly TcpOption[] = []): Uint8Array {
  const header = { seq: 1, ack, reserved: 0, flags: flagsOf('SA'), window: 5, urgent: 0, options }
  const octets = new Uint8Array(tcpHeaderLength(header))
  encodeTcp({ ...header, sourcePort: 22, destinationPort: OWN }, octets, 0, 0)
  return octets
}

function datagram(): Uint8Array {
  const octets = new Uint8Array(12)
  encodeUdp({ sourcePort: 22, destinationPort: OWN, length: octets.length }, octets, 0, 0)
  return octets
}

const TIMES = { originate: 1, receive: 0xffff_ffff, transmit: 86_399_999 }
function timesReply(kind: 'timestamp-request' | 'timestamp-reply' = 'timestamp-reply'): Uint8Array {
  const header = { kind, code: 0, id: 1, seq: 2, ...TIMES } as const
  const octets = new Uint8Array(icmp4HeaderLength(header))
  encodeIcmp4(header, octets, 0, { payloadLength: 0 })
  return octets
}

/** Type 7, length and pointer as said, the slots filled with 10.0.0.1, 10.0.0.2 and so on. */
const record = (length: number, pointer: number): readonly number[] => {
  const slots = Array.from({ length: length - 3 }, (_, i) => [10, 0, 0, 1 + (i >> 2)][i % 4] ?? 0)
  const padding = new Array((4 - (length % 4)) % 4).fill(0)
  return [7, length, pointer, ...slots, ...padding]
}
const NOP = 1
const ROUTERS = Array.from({ length: 9 }, (_, i) => `10.0.0.${i + 1}`)

describe('an answer whose IPv4 header has options', () => {
  const options = record(39, 16)

  it('is seen and claimed as one without: a segment', () => {
    const probe = tcpProbe({ flags: flagsOf('S'), sourcePort: OWN, recordRoute: true, random: seeded() })
    const sent = sightOf(built(probe, shotOf(7)))
    const ack = sent.kind === 'tcp' ? (sent.seq + 1) >>> 0 : 0
    const sighting = sightOf(answer(6, segment(ack, [{ kind: 'mss', value: 1400 }]), options))
    const common = { network: 0, upper: 60, ttl: 63, id: 9, length: 84 }
    expect(sighting).toMatchObject({ ...common, kind: 'tcp', sourcePort: 22, window: 5, payload: 84 })
    expect(probe.claim(sighting)).toMatchObject({ role: 'answer', index: 7 })
    const timing = { rttNs: 1, clock: 'packet', elapsedNs: 1 } as const
    expect(probe.observe(sighting, timing)).toMatchObject({ kind: 'segment', mss: 1400, ttl: 63 })
  })

  it('is seen and claimed as one without: a datagram', () => {
    const probe = udpProbe({ sourcePort: OWN, recordRoute: true, random: seeded() })
    const sighting = sightOf(answer(17, datagram(), options))
    expect(sighting).toMatchObject({ kind: 'udp', upper: 60, sourcePort: 22, payloadLength: 4 })
    expect(probe.claim(sighting)).toMatchObject({ role: 'answer', localPort: OWN, remotePort: 22 })
  })

  it('is seen as one without: a reply', () => {
    const sighting = sightOf(answer(1, timesReply(), options))
    expect(sighting).toMatchObject({
      kind: 'icmp',
      what: 'timestamp-reply',
      icmpId: 1,
      icmpSeq: 2,
      upper: 60,
    })
    expect(icmpTimesOf(sighting)).toEqual(TIMES)
  })

  it.each([
    ['no hop yet', record(39, 4), []],
    ['three hops', record(39, 16), ROUTERS.slice(0, 3)],
    ['nine hops', record(39, 40), ROUTERS],
    ['three hops, all that it had room for', record(15, 16), ROUTERS.slice(0, 3)],
    ['two hops behind a no-operation', [NOP, ...record(15, 12)], ROUTERS.slice(0, 2)],
    ['a pointer far behind the last slot', record(15, 255), ROUTERS.slice(0, 3)],
    ['a pointer in front of the first slot', record(15, 0), []],
    ['a pointer into the midst of a slot', record(15, 10), ROUTERS.slice(0, 1)],
    ['no slot at all', record(3, 4), []],
    ['no pointer', [7, 2, 0, 0], []],
  ])('tells the recorded route: %s', (_, some, route) => {
    const padded = [...some, ...new Array((4 - (some.length % 4)) % 4).fill(0)]
    expect(recordedRouteOf(sightOf(answer(17, datagram(), padded)))).toEqual(route)
  })

  it.each([
    ['none', []],
    ['others', [68, 8, 5, 0, 0, 0, 0, 0]],
    ['one that is longer than the header', [7, 40, 16, 10, 0, 0, 1, 0]],
    ['one behind the end of the list', [0, 7, 3, 4]],
  ])('tells no recorded route where the options are %s', (_, some) => {
    expect(recordedRouteOf(sightOf(answer(17, datagram(), some)))).toBeUndefined()
  })
})

describe('the times of an answer', () => {
  it('are those of a time stamp reply or request that was captured whole', () => {
    for (const kind of ['timestamp-reply', 'timestamp-request'] as const) {
      const octets = answer(1, timesReply(kind))
      expect(icmpTimesOf(sightOf(octets))).toEqual(TIMES)
    }
    expect(icmpTimesOf(sightOf(answer(17, datagram())))).toBeUndefined()
  })

  it.each([
    [
      'is there',
      [{ kind: 'nop' }, { kind: 'nop' }, { kind: 'timestamps', value: 0xffff_fffe, echo: 5 }],
      0xffff_fffe,
    ],
    [
      'is there among others',
      [
        { kind: 'mss', value: 1 },
        { kind: 'timestamps', value: 0, echo: 5 },
      ],
      0,
    ],
    ['is not there', [{ kind: 'mss', value: 1 }], undefined],
    ['has another length', [{ kind: 'unknown', number: 8, octets: new Uint8Array(4) }], undefined],
  ] as const)('are the value of a segment’s option where that %s', (_, options, value) => {
    expect(timestampOf(sightOf(answer(6, segment(1, options))))).toBe(value)
  })

  it('are no part of a segment’s payload, nor of what was not captured', () => {
    const options = [{ kind: 'timestamps', value: 7, echo: 5 }] as const
    const octets = answer(6, segment(1, options))
    const [from, whole] = [octets.length - 12, octets.length]
    expect(timestampOf(sightOf(octets))).toBe(7)
    expect(timestampOf(sightOf(octets.subarray(0, from + 4), { length: whole }))).toBeUndefined()
    // A data offset of five words: the option's octets are payload now.
    octets[20 + 12] = 0x50
    expect(timestampOf(sightOf(octets))).toBeUndefined()
  })
})

describe('hostile octets', () => {
  const samples = [
    answer(6, segment(1, [{ kind: 'timestamps', value: 7, echo: 5 }]), record(39, 16)),
    answer(17, datagram(), record(15, 16)),
    answer(1, timesReply(), record(39, 40)),
  ]
  const probes = [
    tcpProbe({ flags: 2, sourcePort: { first: 41_000, most: 9 }, random: seeded() }),
    udpProbe({ sourcePort: { first: 41_000, most: 9 }, random: seeded() }),
  ]

  it('never make a helper or a claim throw, however they are changed and cut', () => {
    const change = fc.tuple(fc.nat(99), fc.nat(255))
    fc.assert(
      fc.property(
        fc.constantFrom(...samples),
        fc.array(change, { maxLength: 4 }),
        fc.nat(120),
        fc.constantFrom('in' as const, 'out' as const, 'unknown' as const),
        (sample, changes, cut, direction) => {
          const octets = sample.slice(0, Math.max(1, sample.length - cut))
          for (const [at, value] of changes) if (at < octets.length) octets[at] = value
          const sighting = sight(seen(octets, { direction, length: sample.length }))
          if (sighting === undefined) return
          for (const probe of probes) probe.claim(sighting)
          const route = recordedRouteOf(sighting)
          expect(route?.length ?? 0).toBeLessThanOrEqual(9)
          for (const address of route ?? []) expect(address).toMatch(/^\d{1,3}(\.\d{1,3}){3}$/)
          timestampOf(sighting)
          icmpTimesOf(sighting)
        },
      ),
      { numRuns: 3000 },
    )
  })

  it('leave the route unknown where the header was made anew', () => {
    const [sample = new Uint8Array()] = samples
    expect(decodeIpv4(sample)?.headerLength).toBe(60)
    const sighting = sightOf(sample)
    expect(recordedRouteOf({ ...sighting, upper: sighting.network + 20 })).toBeUndefined()
    expect(recordedRouteOf({ ...sighting, upper: sighting.network })).toBeUndefined()
  })
})
