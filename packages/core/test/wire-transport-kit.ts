import fc from 'fast-check'
import { expect } from 'vitest'
import { decodeIcmp4, encodeIcmp4, type Icmp4Header } from '../src/wire/icmp4.ts'
import { decodeIcmp6, encodeIcmp6, type Icmp6Header } from '../src/wire/icmp6.ts'
import { decodeLink } from '../src/wire/link.ts'
import type { NdOption } from '../src/wire/nd-options.ts'
import { addressOctets, readIpv4, readIpv6, readMac } from '../src/wire/octets.ts'
import type { Ends } from '../src/wire/seal.ts'
import type { Carrier } from '../src/wire/span.ts'
import { decodeTcp, encodeTcp, type TcpHeader } from '../src/wire/tcp.ts'
import { type TcpOption, tcpOptionsLength } from '../src/wire/tcp-options.ts'
import { decodeUdp, encodeUdp, type UdpHeader } from '../src/wire/udp.ts'
import { changes, guarded, RECORDED, type Recorded, truncations } from './wire-kit.ts'

/** A codec of a transport protocol seen from outside: what all of them have in common. */
interface Codec<X extends Carrier> {
  readonly protocol: number
  readonly decode: (octets: Uint8Array, at?: number, end?: number, length?: number) => X | undefined
  /** Writes what was decoded with the checksum that it had. */
  readonly encode: (x: X, into: Uint8Array, at: number) => number
}

const codec = <X extends Carrier>(known: Codec<X>): Codec<X> => known

export const TCP = codec({
  protocol: 6,
  decode: decodeTcp,
  encode: (x, into, at) => encodeTcp(x, into, at, x.checksum),
})
export const UDP = codec({
  protocol: 17,
  decode: decodeUdp,
  encode: (x, into, at) => encodeUdp(x, into, at, x.checksum),
})
export const ICMP4 = codec({
  protocol: 1,
  decode: decodeIcmp4,
  encode: (x, into, at) => encodeIcmp4(x, into, at, x.checksum),
})
export const ICMP6 = codec({
  protocol: 58,
  decode: decodeIcmp6,
  encode: (x, into, at) => encodeIcmp6(x, into, at, x.checksum),
})

/** Octets one after the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}

/** A recorded packet from its transport header on. */
export interface Segment {
  readonly packet: Recorded
  readonly octets: Uint8Array
  /** By the IP header, captured or not. */
  readonly length: number
  readonly ends: Ends
  readonly isFragment: boolean
}

/** The recorded messages of a protocol, later fragments left out. */
export function segmentsOf(protocol: number): readonly Segment[] {
  return RECORDED.flatMap((packet) => {
    const network = decodeLink(packet.linkType, packet.octets)?.network
    if (network?.kind !== 'ipv4' && network?.kind !== 'ipv6') return []
    const { header } = network
    if (header.protocol !== protocol) return []
    const fragment =
      network.kind === 'ipv4'
        ? { offset: network.header.fragmentOffset, moreFragments: network.header.moreFragments }
        : network.header.extensions.find((extension) => extension.kind === 'fragment')
    if ((fragment?.offset ?? 0) > 0) return []
    const { from, to } = header.payload
    return {
      packet,
      octets: packet.octets.slice(from, to),
      length:
        network.kind === 'ipv4'
          ? network.header.totalLength - network.header.headerLength
          : network.header.upperLength,
      ends: { source: addressOctets(header.source), destination: addressOctets(header.destination) },
      isFragment: fragment?.moreFragments ?? false,
    }
  })
}

/** Expects that a decoded header, if it is one, is where it belongs and makes the same octets again. */
export function expectFaithful<X extends Carrier>({ decode, encode }: Codec<X>, octets: Uint8Array): void {
  const x = decode(octets)
  if (x === undefined) return
  const { from, to } = x.payload
  if (!(0 < from && from <= to && to <= octets.length)) throw new Error(`payload from ${from} to ${to}`)
  const into = new Uint8Array(from).fill(0xa5)
  const length = encode(x, into, 0)
  if (length !== from || Buffer.compare(into, octets.subarray(0, from)) !== 0) {
    expect({ length, octets: into }).toEqual({ length: from, octets: octets.slice(0, from) })
  }
}

/** Expects the laws on every recorded packet of a protocol, cut after each octet and with each octet changed. */
export function expectFaithfulToRecorded<X extends Carrier>(known: Codec<X>): void {
  const segments = segmentsOf(known.protocol)
  expect(segments.length).toBeGreaterThan(2)
  for (const { octets, length, isFragment } of segments) {
    expect(known.decode(octets, 0, octets.length, length)).toBeDefined()
    expectFaithful(known, octets)
    for (const cut of truncations(octets)) {
      const x = known.decode(cut, 0, cut.length, length)
      if (x !== undefined) expect(x.truncated).toBe(cut.length < length || isFragment)
    }
    for (const changed of changes(octets)) {
      known.decode(guarded(changed))
      expectFaithful(known, changed)
    }
  }
}

/** Any octets in the middle of an array whose other octets must not be read. */
export function neverReadsBeyond<X extends Carrier>(
  { decode }: Codec<X>,
  start: readonly number[] = [],
): void {
  const lengths = fc.option(fc.nat(100), { nil: undefined })
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat(20),
      fc.nat(20),
      lengths,
      (some, before, behind, length) => {
        some.set(start.slice(0, some.length))
        const whole = new Uint8Array(before + some.length + behind).fill(0xff)
        whole.set(some, before)
        const end = before + some.length
        const x = decode(guarded(whole, before, end), before, end, length)
        if (x === undefined) return
        expect(x.payload.from).toBeGreaterThanOrEqual(before)
        expect(x.payload.to).toBeGreaterThanOrEqual(x.payload.from)
        expect(x.payload.to).toBeLessThanOrEqual(end)
      },
    ),
  )
}

const u8 = fc.nat(0xff)
const u16 = fc.nat(0xffff)
const u32 = fc.nat(0xffffffff)
const ipv4 = fc.uint8Array({ minLength: 4, maxLength: 4 }).map((octets) => readIpv4(octets, 0))
export const ipv6 = fc.uint8Array({ minLength: 16, maxLength: 16 }).map((octets) => readIpv6(octets, 0))
const mac = fc.uint8Array({ minLength: 6, maxLength: 6 }).map((octets) => readMac(octets, 0))

const tcpOption: fc.Arbitrary<TcpOption> = fc.oneof(
  fc.record({ kind: fc.constant('mss' as const), value: u16 }),
  fc.record({ kind: fc.constant('window-scale' as const), shift: u8 }),
  fc.constant({ kind: 'sack-permitted' as const }),
  fc.record({
    kind: fc.constant('sack' as const),
    blocks: fc.array(fc.record({ left: u32, right: u32 }), { minLength: 1, maxLength: 4 }),
  }),
  fc.record({ kind: fc.constant('timestamps' as const), value: u32, echo: u32 }),
  fc.constant({ kind: 'nop' as const }),
  fc.record({
    kind: fc.constant('unknown' as const),
    number: fc.integer({ min: 9, max: 255 }),
    octets: fc.uint8Array({ maxLength: 12 }),
  }),
)

/** Options that fit into a header; padded by an end of list where they do not end with 32 bits. */
const tcpOptions = fc.array(tcpOption, { maxLength: 8 }).map((options) => {
  const fitting: TcpOption[] = []
  for (const option of options) if (tcpOptionsLength([...fitting, option]) <= 40) fitting.push(option)
  const odd = tcpOptionsLength(fitting) % 4
  return odd === 0 ? fitting : [...fitting, { kind: 'end' as const, octets: new Uint8Array(3 - odd) }]
})

export const tcpHeader: fc.Arbitrary<TcpHeader> = fc.record({
  sourcePort: u16,
  destinationPort: u16,
  seq: u32,
  ack: u32,
  reserved: fc.nat(7),
  flags: fc.nat(0x1ff),
  window: u16,
  urgent: u16,
  options: tcpOptions,
})

export const udpHeader: fc.Arbitrary<UdpHeader> = fc.record({
  sourcePort: u16,
  destinationPort: u16,
  length: fc.oneof(fc.constant(0), fc.integer({ min: 8, max: 0xffff })),
})

const identified = { code: u8, id: u16, seq: u16 }
const KNOWN4 = [0, 3, 4, 5, 8, 11, 12, 13, 14, 17, 18]
export const icmp4Header: fc.Arbitrary<Icmp4Header> = fc.oneof(
  fc.record({ kind: fc.constantFrom('echo-request' as const, 'echo-reply' as const), ...identified }),
  fc.record({
    kind: fc.constantFrom('timestamp-request' as const, 'timestamp-reply' as const),
    ...identified,
    originate: u32,
    receive: u32,
    transmit: u32,
  }),
  fc.record({
    kind: fc.constantFrom('mask-request' as const, 'mask-reply' as const),
    ...identified,
    mask: ipv4,
  }),
  fc.record({
    kind: fc.constant('destination-unreachable' as const),
    code: u8,
    unused: u8,
    quotedWords: u8,
    nextHopMtu: u16,
  }),
  fc.record({
    kind: fc.constant('time-exceeded' as const),
    code: u8,
    unused: fc.nat(0xffffff),
    quotedWords: u8,
  }),
  fc.record({
    kind: fc.constant('parameter-problem' as const),
    code: u8,
    pointer: u8,
    quotedWords: u8,
    unused: u16,
  }),
  fc.record({ kind: fc.constant('redirect' as const), code: u8, gateway: ipv4 }),
  fc.record({ kind: fc.constant('source-quench' as const), code: u8, unused: u32 }),
  fc.record({
    kind: fc.constant('unknown' as const),
    code: u8,
    type: u8.filter((type) => !KNOWN4.includes(type)),
    rest: u32,
  }),
)

const ndOption: fc.Arbitrary<NdOption> = fc.oneof(
  fc.record({ kind: fc.constantFrom('source-link-layer' as const, 'target-link-layer' as const), mac }),
  fc.record({
    kind: fc.constant('unknown' as const),
    number: fc.integer({ min: 3, max: 255 }),
    octets: fc
      .constantFrom(6, 14, 22)
      .chain((length) => fc.uint8Array({ minLength: length, maxLength: length })),
  }),
)
const neighbour = { code: u8, target: ipv6, options: fc.array(ndOption, { maxLength: 4 }) }
const KNOWN6 = [1, 2, 3, 4, 128, 129, 135, 136]
export const icmp6Header: fc.Arbitrary<Icmp6Header> = fc.oneof(
  fc.record({ kind: fc.constantFrom('echo-request' as const, 'echo-reply' as const), ...identified }),
  fc.record({
    kind: fc.constantFrom('destination-unreachable' as const, 'time-exceeded' as const),
    code: u8,
    quotedUnits: u8,
    unused: fc.nat(0xffffff),
  }),
  fc.record({ kind: fc.constant('packet-too-big' as const), code: u8, mtu: u32 }),
  fc.record({ kind: fc.constant('parameter-problem' as const), code: u8, pointer: u32 }),
  fc.record({ kind: fc.constant('neighbour-solicitation' as const), reserved: u32, ...neighbour }),
  fc.record({
    kind: fc.constant('neighbour-advertisement' as const),
    isRouter: fc.boolean(),
    isSolicited: fc.boolean(),
    isOverride: fc.boolean(),
    reserved: fc.nat(0x1fffffff),
    ...neighbour,
  }),
  fc.record({
    kind: fc.constant('unknown' as const),
    code: u8,
    type: u8.filter((type) => !KNOWN6.includes(type)),
    rest: u32,
  }),
)

export const payload = fc.uint8Array({ maxLength: 41 })

/** Addresses of both families. */
export const ends: fc.Arbitrary<Ends> = fc
  .oneof(fc.tuple(ipv4, ipv4), fc.tuple(ipv6, ipv6))
  .map(([source, destination]) => ({
    source: addressOctets(source),
    destination: addressOctets(destination),
  }))
