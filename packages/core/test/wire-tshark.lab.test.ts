import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeArp } from '../src/wire/arp.ts'
import { type EthernetHeader, encodeEthernet } from '../src/wire/ethernet.ts'
import { decodeIpv4, encodeIpv4, type Ipv4Header } from '../src/wire/ipv4.ts'
import { ipv4OptionOctets } from '../src/wire/ipv4-options.ts'
import { encodeIpv6, type Ipv6Header } from '../src/wire/ipv6.ts'
import type { Ipv6Extension } from '../src/wire/ipv6-extensions.ts'
import { LINK_TYPE } from '../src/wire/link.ts'
import { encodeSll, encodeSll2 } from '../src/wire/sll.ts'
import { type Dissection, dissect, hasTshark, tsharkTitle } from './tshark.ts'
import { RECORDED } from './wire-kit.ts'

const u8 = fc.integer({ min: 0, max: 0xff })
const u16 = fc.integer({ min: 0, max: 0xffff })
const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`
const bit = (is: boolean): string => (is ? '1' : '0')
/** Zeros behind the header: 253 is kept free for experiments (RFC 3692), so nothing is read into them. */
const NOBODYS = 253
const PAYLOAD = 8

const mac = fc
  .uint8Array({ minLength: 5, maxLength: 5 })
  .map((octets) => ['02', ...[...octets].map((octet) => octet.toString(16).padStart(2, '0'))].join(':'))
const ETHERNET: EthernetHeader = {
  destination: '02:00:00:00:00:02',
  source: '02:00:00:00:00:01',
  tags: [],
  type: 0x0800,
}

/** Unicast addresses that no rule calls odd. */
const unicast4 = fc.tuple(fc.integer({ min: 1, max: 126 }), u8, u8, fc.integer({ min: 1, max: 254 }))
const address4 = unicast4.map((octets) => octets.join('.'))
const address6 = fc
  .tuple(u16, u16)
  .map(([a, b]) => `2001:db8:${hex(a | 1, 4).slice(2)}::${(b | 1).toString(16)}`)
const canonical = (text: string): string => text.replace(/:0+(?=[\da-f])/g, ':')

/** One packet of as many layers as are given, with nobody's payload behind them. */
function packet(...layers: readonly ((into: Uint8Array, at: number) => number)[]): Uint8Array {
  const into = new Uint8Array(4096).fill(0xa5)
  const length = layers.reduce((at, layer) => at + layer(into, at), 0)
  into.fill(0, length, length + PAYLOAD)
  return into.slice(0, length + PAYLOAD)
}

/** Many values at once, for tshark takes half a second to start. */
function each<T>(values: readonly T[], make: (value: T) => Uint8Array, linkType?: number): [T, Dissection][] {
  const dissections = dissect(values.map(make), linkType)
  return values.map((value, i) => [value, dissections[i] as Dissection])
}
const some = <T>(arbitrary: fc.Arbitrary<T>): readonly T[] => fc.sample(arbitrary, 200)

describe.skipIf(!hasTshark)(tsharkTitle('tshark'), () => {
  it('reads Ethernet headers as they were meant, VLAN tags included', () => {
    const tag = fc.record({ priority: fc.nat(7), isDropEligible: fc.boolean(), id: fc.nat(0xffe) })
    const header = fc.record({ destination: mac, source: mac, tags: fc.array(tag, { maxLength: 4 }) })
    const frames = some(header).map(({ tags, ...rest }) => ({
      ...rest,
      type: 0x88b5,
      // A customer's tag is the innermost, a provider's stands before it (802.1ad).
      tags: tags.map((t, i) => ({ ...t, protocol: i === tags.length - 1 ? 0x8100 : 0x88a8 })),
    }))
    for (const [frame, seen] of each(frames, (f) => packet((into, at) => encodeEthernet(f, into, at)))) {
      expect(seen.first('eth.dst')).toBe(frame.destination)
      expect(seen.first('eth.src')).toBe(frame.source)
      const outer = frame.tags.slice(0, -1)
      const inner = frame.tags.slice(-1)
      expect(seen.all('ieee8021ad.priority')).toEqual(outer.map((t) => `${t.priority}`))
      expect(seen.all('ieee8021ad.dei')).toEqual(outer.map((t) => bit(t.isDropEligible)))
      expect(seen.all('ieee8021ad.svid', 'ieee8021ad.cvid', 'ieee8021ad.id')).toEqual(
        outer.map((t) => `${t.id}`),
      )
      expect(seen.all('vlan.priority')).toEqual(inner.map((t) => `${t.priority}`))
      expect(seen.all('vlan.dei')).toEqual(inner.map((t) => bit(t.isDropEligible)))
      expect(seen.all('vlan.id')).toEqual(inner.map((t) => `${t.id}`))
      expect(seen.complaints).toEqual([])
    }
  })

  it('reads Linux cooked headers as they were meant', () => {
    const fields = {
      packetType: fc.nat(4),
      hardwareType: fc.constant(1),
      addressLength: fc.constant(6),
      address: mac,
      padding: fc.constant('00:00'),
      protocol: fc.constant(0x88b5),
    }
    const first = each(
      some(fc.record(fields)),
      (header) => packet((into, at) => encodeSll(header, into, at)),
      LINK_TYPE.sll,
    )
    const second = each(
      some(fc.record({ ...fields, interfaceIndex: fc.nat(0x7fffffff), reserved: fc.constant(0) })),
      (header) => packet((into, at) => encodeSll2(header, into, at)),
      LINK_TYPE.sll2,
    )
    for (const [header, seen] of [...first, ...second]) {
      expect(seen.first('sll.pkttype')).toBe(`${header.packetType}`)
      expect(seen.first('sll.hatype')).toBe('1')
      expect(seen.first('sll.halen')).toBe('6')
      expect(seen.first('sll.src.eth')).toBe(header.address)
      expect(Number(seen.first('sll.etype'))).toBe(0x88b5)
      expect(seen.complaints).toEqual([])
    }
    for (const [header, seen] of second) expect(seen.first('sll.ifindex')).toBe(`${header.interfaceIndex}`)
  })

  it('reads ARP packets as they were meant', () => {
    const party = fc.record({ hardware: mac, protocol: address4 })
    const packets = some(fc.record({ operation: fc.constantFrom(1, 2), sender: party, target: party }))
    const whole = { hardwareType: 1, protocolType: 0x0800, hardwareLength: 6, protocolLength: 4 }
    const make = (arp: (typeof packets)[number]): Uint8Array =>
      packet(
        (into, at) => encodeEthernet({ ...ETHERNET, source: arp.sender.hardware, type: 0x0806 }, into, at),
        (into, at) => encodeArp({ ...whole, ...arp }, into, at),
      )
    for (const [arp, seen] of each(packets, make)) {
      expect(seen.first('arp.opcode')).toBe(`${arp.operation}`)
      expect(seen.first('arp.src.hw_mac')).toBe(arp.sender.hardware)
      expect(seen.first('arp.src.proto_ipv4')).toBe(arp.sender.protocol)
      expect(seen.first('arp.dst.hw_mac')).toBe(arp.target.hardware)
      expect(seen.first('arp.dst.proto_ipv4')).toBe(arp.target.protocol)
      expect(seen.complaints).toEqual([])
    }
  })

  const ipv4 = fc.record({
    tos: u8,
    id: u16,
    isReservedSet: fc.boolean(),
    dontFragment: fc.boolean(),
    moreFragments: fc.boolean(),
    fragmentOffset: fc.nat(0x1f00).map((units) => 8 * units),
    ttl: fc.integer({ min: 5, max: 255 }),
    protocol: fc.constant(NOBODYS),
    source: address4,
    destination: address4,
    optionOctets: fc.constantFrom(
      new Uint8Array(),
      ipv4OptionOctets([{ type: 7, data: Uint8Array.from({ length: 13 }, (_, i) => (i === 0 ? 4 : 0)) }]),
      ipv4OptionOctets([
        { type: 1, data: new Uint8Array() },
        { type: 148, data: Uint8Array.of(0, 0) },
      ]),
    ),
  })
  const overEthernet4 = (header: Ipv4Header): Uint8Array =>
    packet(
      (into, at) => encodeEthernet(ETHERNET, into, at),
      (into, at) => encodeIpv4(header, into, at, PAYLOAD),
    )

  it('reads IPv4 headers as they were meant, with good checksums', () => {
    for (const [header, seen] of each(some(ipv4), overEthernet4)) {
      const length = 20 + header.optionOctets.length
      expect(seen.first('ip.version')).toBe('4')
      expect(seen.first('ip.hdr_len')).toBe(`${length}`)
      expect(seen.first('ip.dsfield')).toBe(hex(header.tos, 2))
      expect(seen.first('ip.len')).toBe(`${length + PAYLOAD}`)
      expect(seen.first('ip.id')).toBe(hex(header.id, 4))
      expect(seen.first('ip.flags.rb')).toBe(bit(header.isReservedSet))
      expect(seen.first('ip.flags.df')).toBe(bit(header.dontFragment))
      expect(seen.first('ip.flags.mf')).toBe(bit(header.moreFragments))
      // tshark 4 shows the field as it is, in units of 8 octets.
      expect(8 * Number(seen.first('ip.frag_offset'))).toBe(header.fragmentOffset)
      expect(seen.first('ip.ttl')).toBe(`${header.ttl}`)
      expect(seen.first('ip.proto')).toBe(`${NOBODYS}`)
      expect(seen.first('ip.src')).toBe(header.source)
      expect(seen.first('ip.dst')).toBe(header.destination)
      expect(seen.all('ip.checksum.status')).toEqual(['1'])
      expect(seen.complaints).toEqual([])
    }
  })

  it('complains of a checksum that was meant to be wrong, so its silence means something', () => {
    const wrong = (header: Ipv4Header): Ipv4Header => {
      const right = decodeIpv4(overEthernet4(header), 14)?.checksum ?? 0
      return { ...header, checksum: right ^ 0x0100 }
    }
    for (const [, seen] of each(some(ipv4).map(wrong), overEthernet4)) {
      expect(seen.all('ip.checksum.status')).toEqual(['0'])
      expect(seen.complaints.join()).toMatch(/Bad checksum/)
    }
  })

  const eights = (first: number): fc.Arbitrary<Uint8Array> =>
    fc.nat(2).map((n) => new Uint8Array(first + 8 * n))
  /** All padding (PadN), as an options header without an option has it. */
  const padding = fc.nat(2).map((n) => {
    const octets = new Uint8Array(6 + 8 * n)
    octets.set([1, octets.length - 2])
    return octets
  })
  const chain: fc.Arbitrary<readonly Ipv6Extension[]> = fc
    .record({
      hop: fc.record({ kind: fc.constant('hop-by-hop' as const), octets: padding }),
      options: fc.record({ kind: fc.constant('destination-options' as const), octets: padding }),
      // 253 and 254 are kept free for experiments (RFC 4727 section 3.2).
      routing: fc.record({
        kind: fc.constant('routing' as const),
        type: fc.constant(253),
        segmentsLeft: u8,
        octets: eights(4),
      }),
      fragment: fc.record({
        kind: fc.constant('fragment' as const),
        offset: fc.constant(0),
        moreFragments: fc.boolean(),
        id: u32,
        reserved: fc.constant(0),
        reservedBits: fc.constant(0),
      }),
      authentication: fc.record({
        kind: fc.constant('authentication' as const),
        spi: u32,
        sequence: u32,
        reserved: fc.constant(0),
        octets: fc.constant(new Uint8Array(12)),
      }),
    })
    .chain(({ hop, options, routing, fragment, authentication }) =>
      fc.subarray<Ipv6Extension>([hop, options, routing, fragment, authentication]),
    )
  const ipv6 = fc.record({
    trafficClass: u8,
    flowLabel: fc.nat(0xfffff),
    hopLimit: fc.integer({ min: 5, max: 255 }),
    source: address6,
    destination: address6,
    extensions: chain,
    protocol: fc.constant(NOBODYS),
  })

  it('reads IPv6 headers and their extension headers as they were meant', () => {
    const make = (header: Ipv6Header): Uint8Array =>
      packet((into, at) => encodeIpv6(header, into, at, PAYLOAD))
    for (const [header, seen] of each(some(ipv6), make, LINK_TYPE.raw)) {
      expect(seen.first('ipv6.version')).toBe('6')
      expect(Number(seen.first('ipv6.tclass'))).toBe(header.trafficClass)
      expect(Number(seen.first('ipv6.flow'))).toBe(header.flowLabel)
      expect(seen.first('ipv6.plen')).toBe(`${make(header).length - 40}`)
      expect(seen.first('ipv6.hlim')).toBe(`${header.hopLimit}`)
      expect(seen.first('ipv6.src')).toBe(canonical(header.source))
      expect(seen.first('ipv6.dst')).toBe(canonical(header.destination))
      expect(seen.protocols).toMatch(/^raw:ipv6/)
      for (const extension of header.extensions) expectExtension(extension, seen)
      const nexts = [
        'ipv6.nxt',
        'ipv6.hopopts.nxt',
        'ipv6.dstopts.nxt',
        'ipv6.routing.nxt',
        'ipv6.fraghdr.nxt',
        'ah.next_header',
      ]
      expect(
        nexts.flatMap((field) => seen.all(field)).filter((next) => Number(next) === NOBODYS),
      ).toHaveLength(1)
      expect(seen.complaints).toEqual([])
    }
  })

  function expectExtension(extension: Ipv6Extension, seen: Dissection): void {
    switch (extension.kind) {
      case 'hop-by-hop':
        expect(seen.first('ipv6.hopopts.len_oct')).toBe(`${2 + extension.octets.length}`)
        return
      case 'destination-options':
        expect(seen.first('ipv6.dstopts.len_oct')).toBe(`${2 + extension.octets.length}`)
        return
      case 'routing':
        expect(seen.first('ipv6.routing.len_oct')).toBe(`${4 + extension.octets.length}`)
        expect(seen.first('ipv6.routing.type')).toBe(`${extension.type}`)
        expect(seen.first('ipv6.routing.segleft')).toBe(`${extension.segmentsLeft}`)
        return
      case 'fragment':
        expect(Number(seen.first('ipv6.fraghdr.ident'))).toBe(extension.id)
        expect(seen.first('ipv6.fraghdr.more')).toBe(bit(extension.moreFragments))
        return
      case 'authentication':
        expect(Number(seen.first('ah.spi'))).toBe(extension.spi)
        expect(Number(seen.first('ah.sequence'))).toBe(extension.sequence)
    }
  }

  it('reads the recorded packets, and complains of the ones that were broken on purpose only', () => {
    const own = RECORDED.filter(({ linkType }) => linkType === LINK_TYPE.ethernet)
    const complained = each(own, ({ octets }) => octets)
      .filter(([, seen]) => seen.complaints.length > 0)
      .map(([{ name }]) => name)
    expect(complained).toContain('tcp4-bad-checksum')
    expect(complained.filter((name) => !/bad-checksum|snaplen|fragment|rst|data/.test(name))).toEqual([])
  })
})
