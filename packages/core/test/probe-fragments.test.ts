import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fragments } from '../src/probes/packet/fragments.ts'
import { udpProbe } from '../src/probes/packet/udp-probe.ts'
import { decodeIpv4, encodeIpv4, ipv4Checksum } from '../src/wire/ipv4.ts'
import { type Ipv4Option, ipv4OptionOctets, listIpv4Options } from '../src/wire/ipv4-options.ts'
import { decodeIpv6, encodeIpv6 } from '../src/wire/ipv6.ts'
import { extensionNumber, extensionsLength, type Ipv6Extension } from '../src/wire/ipv6-extensions.ts'
import { read16 } from '../src/wire/octets.ts'
import { built, ROUTE, seeded, shotOf } from './probe-kit.ts'

const packetOf = (family: 4 | 6, payload: Uint8Array): Uint8Array =>
  built(udpProbe({ sourcePort: 53, payload, random: seeded() }), shotOf(3, { route: ROUTE[family] }))

/** Puts IPv4 fragments together as a receiver does (RFC 791 section 3.2): what is behind the headers. */
function together4(pieces: readonly Uint8Array[]): Uint8Array {
  const whole: number[] = []
  for (const piece of pieces) {
    const header = decodeIpv4(piece)
    expect(header?.truncated).toBe(false)
    expect(ipv4Checksum(piece)).toBe('good')
    expect(header?.fragmentOffset).toBe(whole.length)
    expect(header?.moreFragments).toBe(piece !== pieces.at(-1))
    whole.push(...piece.subarray(header?.headerLength))
  }
  return Uint8Array.from(whole)
}

function together6(pieces: readonly Uint8Array[]): { readonly upper: Uint8Array; readonly ids: Set<number> } {
  const whole: number[] = []
  const ids = new Set<number>()
  for (const piece of pieces) {
    const header = decodeIpv6(piece)
    const [fragment] = header?.extensions ?? []
    if (fragment?.kind !== 'fragment') throw new Error('no fragment')
    expect(header).toMatchObject({ truncated: false, protocol: 17 })
    expect(fragment).toMatchObject({ offset: whole.length, moreFragments: piece !== pieces.at(-1) })
    ids.add(fragment.id)
    whole.push(...piece.subarray(48))
  }
  return { upper: Uint8Array.from(whole), ids }
}

const payload = fc.uint8Array({ minLength: 1, maxLength: 400 })

it('cuts IPv4 packets into pieces that make up the packet again', () => {
  fc.assert(
    fc.property(payload, fc.integer({ min: 8, max: 280 }), (data, room) => {
      const packet = packetOf(4, data)
      const pieces = fragments(packet, packet.length, room)
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(20 + room)
      expect(together4(pieces)).toEqual(packet.subarray(20))
    }),
  )
})

it('cuts IPv6 packets into pieces of one identification that make up the packet again', () => {
  fc.assert(
    fc.property(payload, fc.integer({ min: 8, max: 280 }), (data, room) => {
      const packet = packetOf(6, data)
      const pieces = fragments(packet, packet.length, room)
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(48 + room)
      if (pieces.length === 1) {
        expect(pieces).toEqual([packet])
        return
      }
      const { upper, ids } = together6(pieces)
      expect(upper).toEqual(packet.subarray(40))
      expect(ids.size).toBe(1)
    }),
  )
})

it('gives different IPv6 packets different identifications', () => {
  const idOf = (data: Uint8Array): number => {
    const packet = packetOf(6, data)
    return [...together6(fragments(packet, packet.length, 16)).ids][0] ?? -1
  }
  expect(idOf(new Uint8Array(100).fill(1))).not.toBe(idOf(new Uint8Array(100).fill(2)))
})

it('leaves a packet that fits as it is, and octets behind it out', () => {
  const packet = packetOf(4, Uint8Array.of(1, 2, 3))
  const longer = Uint8Array.of(...packet, 9, 9)
  expect(fragments(longer, packet.length, packet.length - 20)).toEqual([packet])
})

it.each([4, 6] as const)('refuses IPv%i fragments with room for less than 8 octets', (family) => {
  const packet = packetOf(family, new Uint8Array(100))
  for (const room of [0, -1, Number.NaN, 7]) {
    expect(() => fragments(packet, packet.length, room)).toThrow(RangeError)
  }
  expect(fragments(packet, packet.length, 8)[0]?.length).toBe(family === 4 ? 28 : 56)
})

it('cuts as nping does: 72 octets of the segment in each fragment', () => {
  const packet = packetOf(4, new Uint8Array(212))
  expect(fragments(packet, packet.length, 72).map(({ length }) => length)).toEqual([92, 92, 92, 24])
})

it('refuses to cut what is a fragment already', () => {
  const packet = packetOf(4, new Uint8Array(100))
  const [, later = packet] = fragments(packet, packet.length, 40)
  expect(() => fragments(later, later.length, 8)).toThrow(RangeError)
})

it.each([4, 6] as const)('refuses to cut what says to be a fragment, over IPv%i', (family) => {
  for (const fields of [{ moreFragments: true }, { fragmentOffset: 8 }]) {
    const probe = udpProbe({ sourcePort: 53, payload: new Uint8Array(100), ...fields, random: seeded() })
    const packet = built(probe, shotOf(3, { route: ROUTE[family] }))
    expect(() => fragments(packet, packet.length, 40)).toThrow(RangeError)
    expect(fragments(packet, packet.length, 200)).toEqual([packet])
  }
})

const RECORD_ROUTE = 7
const LOOSE_ROUTE = 131
const NOP = { type: 1, data: new Uint8Array() }
const anyOption = fc.oneof(
  fc.constant(NOP),
  fc.record({ type: fc.integer({ min: 2, max: 255 }), data: fc.uint8Array({ maxLength: 8 }) }),
)
const anyOptions = fc.array(anyOption, { maxLength: 4 })

function withOptions4(options: readonly Ipv4Option[], data: Uint8Array): Uint8Array {
  const header = { tos: 4, id: 77, isReservedSet: false, dontFragment: true, moreFragments: false }
  const ends = { source: '10.77.0.1', destination: '10.77.0.2' }
  const optionOctets = ipv4OptionOctets(options)
  const packet = new Uint8Array(20 + optionOctets.length + data.length)
  encodeIpv4(
    { ...header, fragmentOffset: 0, ttl: 9, protocol: 17, ...ends, optionOctets },
    packet,
    0,
    data.length,
  )
  packet.set(data, 20 + optionOctets.length)
  return packet
}

it('repeats in later IPv4 fragments the copied options only', () => {
  fc.assert(
    fc.property(anyOptions, payload, fc.integer({ min: 8, max: 280 }), (options, data, room) => {
      const packet = withOptions4(options, data)
      const pieces = fragments(packet, packet.length, room)
      expect(together4(pieces)).toEqual(data)
      for (const [i, piece] of pieces.entries()) {
        const { optionOctets = new Uint8Array(), ...header } = decodeIpv4(piece) ?? {}
        const wanted = options.filter(({ type }) => i === 0 || type >= 128)
        expect(listIpv4Options(optionOctets)).toEqual(wanted)
        expect(header).toMatchObject({ tos: 4, id: 77, dontFragment: true, ttl: 9, protocol: 17 })
        expect(piece.length).toBeLessThanOrEqual(20 + optionOctets.length + room)
      }
    }),
  )
})

it('leaves an empty record of the route to the first fragment, and a source route to all of them', () => {
  const record = { type: RECORD_ROUTE, data: Uint8Array.of(4, ...new Uint8Array(12)) }
  const route = { type: LOOSE_ROUTE, data: Uint8Array.of(4, 10, 0, 0, 1) }
  const packet = withOptions4([record, route], new Uint8Array(20))
  const lengths = fragments(packet, packet.length, 8).map((piece) => decodeIpv4(piece)?.headerLength)
  expect(lengths).toEqual([44, 28, 28])
})

const octetsOf = (length: number): Uint8Array => Uint8Array.from({ length }, (_, i) => i & 3)
const HOPS = { kind: 'hop-by-hop', octets: new Uint8Array(6) } as const
const BEFORE_ROUTING = { kind: 'destination-options', octets: Uint8Array.of(1, 4, 9, 9, 9, 9) } as const
const ROUTING = { kind: 'routing', type: 4, segmentsLeft: 0, octets: octetsOf(20) } as const
const LAST_OPTIONS = { kind: 'destination-options', octets: octetsOf(14) } as const

function withExtensions(extensions: readonly Ipv6Extension[], data: Uint8Array): Uint8Array {
  const ends = { source: 'fd77::1', destination: 'fd77::2' }
  const header = { trafficClass: 0, flowLabel: 5, hopLimit: 9, ...ends, extensions, protocol: 17 }
  const packet = new Uint8Array(40 + 200 + data.length)
  const length = encodeIpv6(header, packet, 0, data.length)
  packet.set(data, length)
  return packet.slice(0, length + data.length)
}

it.each<[string, readonly Ipv6Extension[], number]>([
  ['no extension header', [], 0],
  ['the one for every hop', [HOPS], 1],
  ['the one for every hop, but not the target’s options', [HOPS, LAST_OPTIONS], 1],
  ['all up to the one for routing', [HOPS, BEFORE_ROUTING, ROUTING, LAST_OPTIONS], 3],
  ['all up to the one for routing, without one for every hop', [BEFORE_ROUTING, ROUTING], 2],
  ['none where only the target’s options are there', [LAST_OPTIONS], 0],
])('repeats in front of the fragment header of IPv6 what routers read: %s', (_, extensions, repeated) => {
  fc.assert(
    fc.property(payload, fc.integer({ min: 8, max: 280 }), (data, room) => {
      const packet = withExtensions(extensions, data)
      const head = 40 + extensionsLength(extensions.slice(0, repeated))
      const pieces = fragments(packet, packet.length, room)
      if (pieces.length === 1) {
        expect(pieces).toEqual([packet])
        return
      }
      const whole: number[] = []
      const [first = packet, ...later] = pieces
      for (const piece of pieces) {
        expect(piece.length).toBeLessThanOrEqual(head + 8 + room)
        expect(read16(piece, 4)).toBe(piece.length - 40)
        const isMore = piece === pieces.at(-1) ? 0 : 1
        expect(read16(piece, head + 2)).toBe(whole.length | isMore)
        // A tiny first fragment may end within its extension headers, but what is repeated is the same in all.
        expect(piece.subarray(6, head + 2)).toEqual(first.subarray(6, head + 2))
        whole.push(...piece.subarray(head + 8))
      }
      for (const piece of later) {
        const chain = decodeIpv6(piece)?.extensions ?? []
        expect(chain.slice(0, -1)).toEqual(extensions.slice(0, repeated))
        expect(chain.at(-1)?.kind).toBe('fragment')
      }
      expect(Uint8Array.from(whole)).toEqual(packet.subarray(head))
      // What the fragment header announces is what stood there before.
      const announced = decodeIpv6(packet)?.extensions[repeated]
      expect(first[head]).toBe(announced === undefined ? 17 : extensionNumber(announced))
    }),
    { numRuns: 30 },
  )
})

it('never cuts what it cannot read, and throws nothing but a RangeError', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 100 }),
      fc.constantFrom(0, 0x45, 0x4f, 0x60),
      fc.nat(64),
      (some, first, room) => {
        if (some.length > 0) some[0] = first
        try {
          const pieces = fragments(some, some.length, room)
          const octets = pieces.reduce((sum, piece) => sum + piece.length, 0)
          if (pieces.length === 1) expect(pieces).toEqual([some])
          else expect(octets).toBeGreaterThan(some.length)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      },
    ),
    { numRuns: 2000 },
  )
  expect(() => fragments(new Uint8Array(100), 100, 40)).toThrow(RangeError)
  expect(fragments(new Uint8Array(28), 28, 8)).toEqual([new Uint8Array(28)])
})
