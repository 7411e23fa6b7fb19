import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { icmpTimesOf, timestampOf } from '../src/probes/packet/answer-times.ts'
import { type IcmpProbeOptions, icmpProbe } from '../src/probes/packet/icmp-probe.ts'
import type { IpFields } from '../src/probes/packet/ip-header.ts'
import type { PacketProbe, Shot } from '../src/probes/packet/packet-probe.ts'
import { recordedRouteOf } from '../src/probes/packet/recorded-route.ts'
import { sight } from '../src/probes/packet/sight.ts'
import { tcpProbe } from '../src/probes/packet/tcp-probe.ts'
import type { TcpProbeOptions } from '../src/probes/packet/tcp-probe-options.ts'
import { udpProbe } from '../src/probes/packet/udp-probe.ts'
import { decodeIpv4, ipv4Checksum } from '../src/wire/ipv4.ts'
import { decodeIpv6 } from '../src/wire/ipv6.ts'
import { decodeTcp } from '../src/wire/tcp.ts'
import { anyShot, built, checksumOf, errorAbout, ROUTE, seeded, seen, shotOf, sightOf } from './probe-kit.ts'

const OWN = 41001
const tcp = (more: Partial<TcpProbeOptions> = {}): PacketProbe =>
  tcpProbe({ flags: 2, sourcePort: OWN, random: seeded(), ...more })
const icmp = (more: Partial<IcmpProbeOptions> = {}): PacketProbe =>
  icmpProbe({ ask: 'echo', random: seeded(), ...more })

/** Which field may be chosen over which family is left to `shotFor`. */
const anyFields: fc.Arbitrary<IpFields> = fc.record({
  tos: fc.nat(255),
  id: fc.option(fc.nat(0xffff), { nil: undefined }),
  dontFragment: fc.boolean(),
  recordRoute: fc.boolean(),
  moreFragments: fc.boolean(),
  fragmentOffset: fc.oneof(
    fc.constant(0),
    fc.nat(8191).map((units) => 8 * units),
  ),
})
const anyPayload = fc.oneof(
  fc.uint8Array({ maxLength: 50 }),
  fc.nat(50).map((length) => ({ length, at: (index: number) => new Uint8Array(length).fill(index) })),
)
const anySourcePort = fc.oneof(
  fc.nat(0xffff),
  fc.record({ first: fc.nat(0xffff), most: fc.constant(Number.POSITIVE_INFINITY) }),
)
const number32 = fc.option(fc.nat(0xffff_ffff), { nil: undefined })
const anyTcp = fc.record({
  flags: fc.nat(0x1ff),
  payload: anyPayload,
  sourcePort: anySourcePort,
  seq: number32,
  ack: number32,
  mss: fc.option(fc.nat(0xffff), { nil: undefined }),
  timestamps: fc.boolean(),
})
const anyUdp = fc.record({ payload: anyPayload, sourcePort: anySourcePort })
const anyEcho = fc.record({ payload: anyPayload, firstSeq: fc.nat(0xffff) })
const seed = fc.integer({ min: 1, max: 1e9 })
const anyProbe = fc
  .tuple(
    anyFields,
    seed,
    fc.oneof(
      anyTcp.map((options) => (common: Common) => tcpProbe({ ...options, ...common })),
      anyUdp.map((options) => (common: Common) => udpProbe({ ...options, ...common })),
      anyEcho.map((options) => (common: Common) => icmpProbe({ ...options, ...common, ask: 'echo' })),
    ),
  )
  .map(([fields, from, make]) => ({ fields, probe: make({ ...fields, random: seeded(from) }) }))
type Common = IpFields & { readonly random: () => number }

const shotFor = (shot: Shot, { recordRoute }: IpFields): Shot =>
  recordRoute === true ? { ...shot, route: ROUTE[4] } : shot

describe('a packet with any of the fields that can be chosen', () => {
  it('has the right checksums, fits into the length that was announced, and is the same each time', () => {
    fc.assert(
      fc.property(anyProbe, anyShot, anyShot, ({ probe, fields }, any, other) => {
        const shot = shotFor(any, fields)
        const octets = built(probe, shot)
        expect(octets.length).toBeLessThanOrEqual(probe.mostOctets)
        if (shot.route.family === 4) expect(ipv4Checksum(octets)).toBe('good')
        expect(checksumOf(octets)).toBe('good')
        built(probe, shotFor(other, fields))
        expect(built(probe, shot)).toEqual(octets)
      }),
    )
  })

  it('is claimed with its index on its way out and by an error, as long as it has its transport header', () => {
    fc.assert(
      fc.property(anyProbe, anyShot, ({ probe, fields }, any) => {
        const shot = shotFor(any, fields)
        const octets = built(probe, shot)
        if ((fields.fragmentOffset ?? 0) > 0) {
          expect(sight(seen(octets, { direction: 'out' }))).toBeUndefined()
          return
        }
        const error = errorAbout(octets)
        const claims = [probe.claim(sightOf(octets, { direction: 'out' })), probe.claim(error)]
        for (const [i, claim] of claims.entries()) {
          expect(claim).toMatchObject({
            role: i === 0 ? 'probe' : 'error',
            local: shot.route.source,
            remote: shot.route.destination,
          })
          const { index, modulus = 1 } = claim ?? {}
          if (probe.hasTokens || index !== undefined) expect(index).toBe(shot.index % modulus)
        }
      }),
    )
  })
})

describe('the IP header', () => {
  it('asks for the route in an option of 39 octets with nine empty slots', () => {
    const octets = built(tcp({ recordRoute: true }), shotOf(0))
    expect(octets.length).toBe(20 + 40 + 20)
    expect(octets.subarray(20, 60)).toEqual(Uint8Array.of(7, 39, 4, ...new Array(37).fill(0)))
    expect(decodeIpv4(octets)).toMatchObject({ headerLength: 60, totalLength: 80 })
    expect(recordedRouteOf(sightOf(octets))).toEqual([])
  })

  it('of IPv6 cannot ask for the route', () => {
    for (const probe of [tcp({ recordRoute: true }), icmp({ recordRoute: true })]) {
      expect(() => built(probe, shotOf(0, { route: ROUTE[6] }))).toThrow(RangeError)
    }
  })

  it('of IPv4 says that the packet is a fragment', () => {
    const header = decodeIpv4(built(tcp({ moreFragments: true, fragmentOffset: 65528, id: 7 }), shotOf(0)))
    expect(header).toMatchObject({ moreFragments: true, fragmentOffset: 65528, id: 7, protocol: 6 })
  })

  it.each([{ moreFragments: true }, { fragmentOffset: 65528 }, { moreFragments: true, fragmentOffset: 8 }])(
    'of IPv6 is followed by a fragment header that says %o',
    (fields) => {
      const header = decodeIpv6(built(tcp({ ...fields, id: 77 }), shotOf(0, { route: ROUTE[6] })))
      const { fragmentOffset: offset = 0, moreFragments = false } = fields
      expect(header?.extensions).toEqual([
        { kind: 'fragment', offset, moreFragments, id: 77, reserved: 0, reservedBits: 0 },
      ])
      expect(header).toMatchObject({ protocol: 6, headerLength: 48 })
    },
  )

  it('of IPv6 has no fragment header where the packet is whole', () => {
    const probe = tcp({ moreFragments: false, fragmentOffset: 0, id: 77 })
    expect(decodeIpv6(built(probe, shotOf(0, { route: ROUTE[6] })))?.extensions).toEqual([])
  })

  it.each([4, 12, 65532, 65536, -8, 8.5, Number.NaN])('knows no fragment at octet %d', (fragmentOffset) => {
    for (const route of [ROUTE[4], ROUTE[6]]) {
      const build = () => built(tcp({ fragmentOffset }), shotOf(0, { route }))
      expect(build).toThrow(RangeError)
    }
  })

  it('of IPv6 names its packet by the fragment header’s identification', () => {
    const probe = udpProbe({ sourcePort: OWN, moreFragments: true, random: seeded() })
    const octets = built(probe, shotOf(70_000, { route: ROUTE[6] }))
    expect(probe.claim(errorAbout(octets))?.index).toBe(70_000 - 0x1_0000)
    // An identification of whoever cut the packet says nothing.
    const whole = udpProbe({ sourcePort: OWN, random: seeded() })
    expect(whole.claim(errorAbout(octets))).toMatchObject({ role: 'error', index: undefined })
  })
})

describe('the options of a segment', () => {
  const optionsOf = (more: Partial<TcpProbeOptions>, index = 0) =>
    decodeTcp(built(tcp(more), shotOf(index)), 20)

  it.each([
    [{ mss: 536 }, ['mss'], 24],
    [{ timestamps: true }, ['nop', 'nop', 'timestamps'], 32],
    [{ mss: 536, timestamps: true }, ['mss', 'nop', 'nop', 'timestamps'], 36],
    [{}, [], 20],
  ] as const)('that were chosen, %o, are %o', (chosen, kinds, length) => {
    const header = optionsOf(chosen)
    expect(header?.options.map(({ kind }) => kind)).toEqual(kinds)
    expect(header?.headerLength).toBe(length)
    if ('mss' in chosen) expect(header?.options).toContainEqual({ kind: 'mss', value: 536 })
  })

  it('have a time stamp that rises by one with each packet, and echo none', () => {
    const [first, second] = [0, 1].map((index) => optionsOf({ timestamps: true }, index)?.options[2])
    if (first?.kind !== 'timestamps') throw new Error('no time stamp')
    expect(first.echo).toBe(0)
    expect(second).toEqual({ kind: 'timestamps', value: (first.value + 1) >>> 0, echo: 0 })
    expect(timestampOf(sightOf(built(tcp({ timestamps: true }), shotOf(0))))).toBe(first.value)
    expect(timestampOf(sightOf(built(tcp(), shotOf(0))))).toBeUndefined()
  })

  it.each([
    { mss: 1, likeSystem: true },
    { timestamps: true, likeSystem: true },
    { mss: 65536 },
    { mss: -1 },
  ])('cannot be %o', (chosen) => {
    expect(() => tcp(chosen)).toThrow(RangeError)
  })
})

describe('a payload', () => {
  const series = { length: 3, at: (index: number) => Uint8Array.of(index, index >> 8, 0xa5) }

  it.each([
    ['TCP', tcp({ payload: series, timestamps: true })],
    ['UDP', udpProbe({ sourcePort: OWN, payload: series, random: seeded() })],
    ['ICMP', icmp({ payload: series })],
  ])('of %s may be another one in each packet', (_, probe) => {
    for (const index of [5, 0x1234, 5]) {
      expect(built(probe, shotOf(index)).subarray(-3)).toEqual(series.at(index))
    }
  })

  it.each([2, 4])('that has not the length of its series but %d octets is refused', (length) => {
    const payload = { length: 3, at: () => new Uint8Array(length) }
    for (const probe of [
      tcp({ payload }),
      udpProbe({ sourcePort: OWN, payload, random: seeded() }),
      icmp({ payload }),
    ]) {
      expect(() => built(probe, shotOf(0))).toThrow(RangeError)
    }
  })

  it('of a series counts as taken by a SYN’s answer', () => {
    const probe = tcp({ payload: series })
    const { seq } = sightOf(built(probe, shotOf(9))) as { readonly seq: number } & ReturnType<typeof sightOf>
    const answer = built(
      tcp({ flags: 0x12, seq: 1, ack: (seq + 4) >>> 0, sourcePort: 22 }),
      shotOf(0, {
        route: { ...ROUTE[4], source: ROUTE[4].destination, destination: ROUTE[4].source },
        port: OWN,
      }),
    )
    expect(probe.claim(sightOf(answer))).toMatchObject({ role: 'answer', index: 9 })
  })
})

describe('a question over ICMP', () => {
  it.each([0, 1, 0xffff])('counts its packets from %d on', (firstSeq) => {
    const probe = icmp({ firstSeq })
    for (const index of [0, 1, 70_000]) {
      const sighting = sightOf(built(probe, shotOf(index)), { direction: 'out' })
      expect(sighting).toMatchObject({ icmpSeq: (firstSeq + index) & 0xffff })
      expect(probe.claim(sighting)?.index).toBe(index & 0xffff)
    }
  })

  it.each([-1, 65536, 0.5])('cannot count from %d on', (firstSeq) => {
    expect(() => icmp({ firstSeq })).toThrow(RangeError)
  })

  it('for the time of day says when it left', () => {
    const times = [86_399_999, 0, 0xffff_ffff]
    let asked = 0
    const probe = icmp({ ask: 'timestamp', originate: () => times[asked++] ?? 0 })
    for (const originate of times) {
      const octets = built(probe, shotOf(asked))
      expect(checksumOf(octets)).toBe('good')
      expect(icmpTimesOf(sightOf(octets))).toEqual({ originate, receive: 0, transmit: 0 })
    }
    expect(asked).toBe(3)
    expect(icmpTimesOf(sightOf(built(icmp({ ask: 'timestamp' }), shotOf(0))))?.originate).toBe(0)
  })

  it('for anything else never asks for the time', () => {
    const originate = () => {
      throw new Error('asked')
    }
    for (const ask of ['echo', 'mask'] as const) {
      const octets = built(icmp({ ask, originate }), shotOf(0))
      expect(icmpTimesOf(sightOf(octets))).toBeUndefined()
    }
  })
})
