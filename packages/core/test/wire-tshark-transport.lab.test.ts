import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { internetChecksum } from '../src/wire/checksum.ts'
import { encodeIcmp4, type Icmp4Header, icmp4HeaderLength } from '../src/wire/icmp4.ts'
import { encodeIcmp6, type Icmp6Header, icmp6HeaderLength } from '../src/wire/icmp6.ts'
import { encodeIpv4 } from '../src/wire/ipv4.ts'
import { encodeIpv6 } from '../src/wire/ipv6.ts'
import { LINK_TYPE } from '../src/wire/link.ts'
import { addressOctets, write16 } from '../src/wire/octets.ts'
import type { Covered } from '../src/wire/seal.ts'
import { encodeTcp, type TcpHeader, tcpHeaderLength } from '../src/wire/tcp.ts'
import { flagsOf, TCP_FLAG } from '../src/wire/tcp-flags.ts'
import type { TcpOption } from '../src/wire/tcp-options.ts'
import { encodeUdp, UDP_HEADER_LENGTH } from '../src/wire/udp.ts'
import { PLAIN4 } from './plain-header.ts'
import { type Dissection, dissect, hasTshark, tsharkTitle } from './tshark.ts'
import { joined } from './wire-transport-kit.ts'

const ADDRESS = {
  4: { source: '10.77.0.1', destination: '10.77.0.2' },
  6: { source: 'fd77::1', destination: 'fd77::2' },
} as const
type Version = keyof typeof ADDRESS
type Encode = (into: Uint8Array, at: number, covered: Covered) => number

/** A whole IP packet: the transport header by `encode`, its payload already behind it. */
function packet(
  version: Version,
  protocol: number,
  length: number,
  encode: Encode,
  payload: Uint8Array = new Uint8Array(),
): Uint8Array {
  const { source, destination } = ADDRESS[version]
  const header = version === 4 ? 20 : 40
  const into = new Uint8Array(header + length + payload.length).fill(0xa5)
  into.set(payload, header + length)
  const ends = { source: addressOctets(source), destination: addressOctets(destination) }
  expect(encode(into, header, { ...ends, payloadLength: payload.length })).toBe(length)
  if (version === 4) encodeIpv4({ ...IPV4, protocol }, into, 0, length + payload.length)
  else encodeIpv6({ ...IPV6, protocol }, into, 0, length + payload.length)
  return into
}

const IPV4 = { ...PLAIN4, ...ADDRESS[4], id: 1, dontFragment: false }
/** Neighbour discovery wants the hop limit 255. */
const IPV6 = { ...ADDRESS[6], trafficClass: 0, flowLabel: 0, hopLimit: 255, extensions: [] }

const tcp = (version: Version, header: TcpHeader, payload?: Uint8Array): Uint8Array =>
  packet(version, 6, tcpHeaderLength(header), (into, at, seal) => encodeTcp(header, into, at, seal), payload)
const icmp4 = (header: Icmp4Header, payload?: Uint8Array): Uint8Array =>
  packet(4, 1, icmp4HeaderLength(header), (into, at, seal) => encodeIcmp4(header, into, at, seal), payload)
const icmp6 = (header: Icmp6Header, payload?: Uint8Array): Uint8Array =>
  packet(6, 58, icmp6HeaderLength(header), (into, at, seal) => encodeIcmp6(header, into, at, seal), payload)

const SYN: TcpHeader = {
  sourcePort: 41001,
  destinationPort: 22022,
  seq: 1000000,
  ack: 0,
  reserved: 0,
  flags: TCP_FLAG.syn,
  window: 1024,
  urgent: 0,
  options: [],
}
const u16 = fc.integer({ min: 0, max: 0xffff })
const u32 = fc.integer({ min: 0, max: 0xffffffff })
/** Ports that tshark knows no protocol for, so that it does not read one into the payload. */
const port = fc.integer({ min: 61000, max: 61400 })
const payload = fc.uint8Array({ maxLength: 31 })
const GOOD = '1'
const hex = (value: number, digits: number): string => `0x${value.toString(16).padStart(digits, '0')}`

/** Many packets at once, for tshark takes half a second to start. */
function each<T>(
  values: readonly T[],
  make: (value: T) => Uint8Array,
): readonly (readonly [T, Dissection])[] {
  const dissections = dissect(values.map(make), LINK_TYPE.raw)
  return values.map((value, i) => [value, dissections[i] as Dissection])
}
const one = (octets: Uint8Array): Dissection => dissect([octets], LINK_TYPE.raw)[0] as Dissection

describe.skipIf(!hasTshark)(tsharkTitle('tshark'), () => {
  it.each([4, 6] as const)('reads TCP over IPv%i as it was meant, with a good checksum', (version) => {
    const segment = fc.record({
      sourcePort: port,
      destinationPort: port,
      seq: u32,
      ack: u32,
      flags: fc.nat(0x1ff),
      window: u16,
      urgent: u16,
      data: payload,
    })
    const make = ({ data, ...header }: Omit<TcpHeader, 'reserved' | 'options'> & { data: Uint8Array }) =>
      tcp(version, { ...header, reserved: 0, options: [] }, data)
    for (const [meant, seen] of each(fc.sample(segment, 200), make)) {
      expect(seen.first('tcp.srcport')).toBe(`${meant.sourcePort}`)
      expect(seen.first('tcp.dstport')).toBe(`${meant.destinationPort}`)
      expect(seen.first('tcp.seq')).toBe(`${meant.seq}`)
      expect(seen.first('tcp.ack')).toBe(`${meant.ack}`)
      expect(Number(seen.first('tcp.flags'))).toBe(meant.flags)
      expect(seen.first('tcp.window_size_value')).toBe(`${meant.window}`)
      expect(seen.first('tcp.urgent_pointer')).toBe(`${meant.urgent}`)
      expect(seen.first('tcp.len')).toBe(`${meant.data.length}`)
      expect(seen.first('tcp.checksum.status')).toBe(GOOD)
    }
  })

  it.each([
    ['tcp.flags.fin', 'F'],
    ['tcp.flags.syn', 'S'],
    ['tcp.flags.reset', 'R'],
    ['tcp.flags.push', 'P'],
    ['tcp.flags.ack', 'A'],
    ['tcp.flags.urg', 'U'],
    ['tcp.flags.ece', 'E'],
    ['tcp.flags.cwr', 'C'],
    ['tcp.flags.ae', 'N'],
  ])('sees %s alone in the flag %s', (field, letter) => {
    const seen = one(tcp(4, { ...SYN, flags: flagsOf(letter) }))
    expect([...seen.all(field), ...seen.all('tcp.flags.ns')].includes('1')).toBe(true)
    expect(Number(seen.first('tcp.flags'))).toBe(flagsOf(letter))
  })

  it.each([4, 6] as const)('has no complaint about probes over IPv%i', (version) => {
    const options: readonly TcpOption[] = [
      { kind: 'mss', value: 1460 },
      { kind: 'sack-permitted' },
      { kind: 'timestamps', value: 123456, echo: 0 },
      { kind: 'nop' },
      { kind: 'window-scale', shift: 7 },
    ]
    const probes = [
      { ...SYN, options },
      { ...SYN, seq: 7 },
      { ...SYN, flags: flagsOf('SA'), ack: 1000001, options },
      { ...SYN, flags: flagsOf('A'), ack: 1 },
      { ...SYN, flags: flagsOf('F') },
      { ...SYN, flags: flagsOf('PA'), ack: 1 },
    ]
    const seen = dissect(
      probes.map((probe) => tcp(version, probe)),
      LINK_TYPE.raw,
    )
    expect(seen.map(({ complaints }) => complaints)).toEqual(probes.map(() => []))
    expect(seen[0]?.first('tcp.options.mss_val')).toBe('1460')
    expect(seen[0]?.first('tcp.options.wscale.shift')).toBe('7')
    expect(seen[0]?.first('tcp.options.timestamp.tsval')).toBe('123456')
    expect(seen[0]?.first('tcp.options.timestamp.tsecr')).toBe('0')
    expect(seen[0]?.all('tcp.options.sack_perm')).toHaveLength(1)
    expect(seen[0]?.first('tcp.hdr_len')).toBe('40')
  })

  it('reads the blocks of a selective acknowledgment and an experiment as they were meant', () => {
    const blocks = [
      { left: 1, right: 1001 },
      { left: 4000000000, right: 4000000100 },
    ]
    const seen = one(
      tcp(4, {
        ...SYN,
        flags: TCP_FLAG.ack,
        options: [
          { kind: 'sack', blocks },
          { kind: 'unknown', number: 253, octets: Uint8Array.of(1, 2, 3, 4) },
        ],
      }),
    )
    expect(seen.all('tcp.options.sack_le')).toEqual(['1', '4000000000'])
    expect(seen.all('tcp.options.sack_re')).toEqual(['1001', '4000000100'])
    expect(seen.first('tcp.options.experimental.exid')).toBe('0x0102')
    expect(seen.complaints).toEqual([])
  })

  it('sees a checksum that was made wrong on purpose', () => {
    const seen = one(packet(4, 6, 20, (into, at) => encodeTcp(SYN, into, at, 0xbad5)))
    expect(seen.first('tcp.checksum')).toBe('0xbad5')
    expect(seen.complaints.join()).toMatch(/checksum/i)
  })

  it.each([4, 6] as const)('reads UDP over IPv%i as it was meant, without a complaint', (version) => {
    const datagram = fc.record({ sourcePort: port, destinationPort: port, data: payload })
    const make = ({ data, ...ports }: { sourcePort: number; destinationPort: number; data: Uint8Array }) =>
      packet(
        version,
        17,
        UDP_HEADER_LENGTH,
        (into, at, seal) => encodeUdp({ ...ports, length: UDP_HEADER_LENGTH + data.length }, into, at, seal),
        data,
      )
    for (const [meant, seen] of each(fc.sample(datagram, 200), make)) {
      expect(seen.first('udp.srcport')).toBe(`${meant.sourcePort}`)
      expect(seen.first('udp.dstport')).toBe(`${meant.destinationPort}`)
      expect(seen.first('udp.length')).toBe(`${8 + meant.data.length}`)
      expect(seen.first('udp.checksum.status')).toBe(GOOD)
      expect(seen.complaints).toEqual([])
    }
  })

  it('reads ICMPv4 requests as they were meant, without a complaint', () => {
    const id = { code: 0, id: 0x1234, seq: 0xfffe }
    const seen = dissect(
      [
        icmp4({ kind: 'echo-request', ...id }, Uint8Array.of(1, 2, 3)),
        icmp4({ kind: 'timestamp-request', ...id, originate: 1, receive: 2, transmit: 86399999 }),
        icmp4({ kind: 'mask-request', ...id, mask: '255.255.255.0' }),
        icmp4({ kind: 'echo-reply', ...id }),
        icmp4({ kind: 'timestamp-reply', ...id, originate: 3, receive: 4, transmit: 5 }),
        icmp4({ kind: 'mask-reply', ...id, mask: '255.0.0.0' }),
      ],
      LINK_TYPE.raw,
    )
    expect(seen.map((s) => s.first('icmp.type'))).toEqual(['8', '13', '17', '0', '14', '18'])
    for (const s of seen) {
      expect(s.first('icmp.ident')).toBe(`${0x1234}`)
      expect(s.first('icmp.seq')).toBe(`${0xfffe}`)
      expect(s.first('icmp.checksum.status')).toBe(GOOD)
      expect(s.complaints).toEqual([])
    }
    expect(seen[1]?.first('icmp.transmit_timestamp')).toBe('86399999')
    expect(seen[1]?.first('icmp.receive_timestamp')).toBe('2')
    expect(seen[2]?.first('icmp.address_mask')).toBe('255.255.255.0')
  })

  it('reads ICMPv4 errors, the packets they quote and their extensions as they were meant', () => {
    const quote = tcp(4, SYN)
    const seen = dissect(
      [
        icmp4(
          { kind: 'destination-unreachable', code: 4, unused: 0, quotedWords: 0, nextHopMtu: 1400 },
          quote,
        ),
        icmp4({ kind: 'parameter-problem', code: 0, pointer: 20, quotedWords: 0, unused: 0 }, quote),
        icmp4({ kind: 'redirect', code: 1, gateway: '10.77.0.254' }, quote),
        icmp4({ kind: 'time-exceeded', code: 0, unused: 0, quotedWords: 32 }, withLabels(quote)),
      ],
      LINK_TYPE.raw,
    )
    for (const s of seen) {
      expect(s.first('icmp.checksum.status')).toBe(GOOD)
      expect(s.first('tcp.dstport')).toBe('22022')
      expect(s.complaints).toEqual([])
    }
    expect(seen[0]?.first('icmp.mtu')).toBe('1400')
    expect(seen[1]?.first('icmp.pointer')).toBe('20')
    expect(seen[2]?.first('icmp.redir_gw')).toBe('10.77.0.254')
    expect(seen[3]?.first('icmp.mpls.label')).toBe('16')
    expect(seen[3]?.first('icmp.ext.checksum.status')).toBe(GOOD)
  })

  it('reads ICMPv6 as it was meant, without a complaint', () => {
    const quote = tcp(6, SYN)
    const seen = dissect(
      [
        icmp6({ kind: 'echo-request', code: 0, id: 0x1234, seq: 9 }, Uint8Array.of(1, 2, 3)),
        icmp6({ kind: 'packet-too-big', code: 0, mtu: 1280 }, quote),
        icmp6({ kind: 'destination-unreachable', code: 1, quotedUnits: 0, unused: 0 }, quote),
        icmp6({ kind: 'parameter-problem', code: 1, pointer: 6 }, quote),
        icmp6({ kind: 'time-exceeded', code: 0, quotedUnits: 16, unused: 0 }, withLabels(quote)),
        icmp6({
          kind: 'neighbour-solicitation',
          code: 0,
          reserved: 0,
          target: 'fd77::2',
          options: [{ kind: 'source-link-layer', mac: '02:77:00:00:00:01' }],
        }),
        icmp6({
          kind: 'neighbour-advertisement',
          code: 0,
          isRouter: false,
          isSolicited: true,
          isOverride: false,
          reserved: 0,
          target: 'fd77::1',
          options: [{ kind: 'target-link-layer', mac: '02:77:00:00:00:02' }],
        }),
      ],
      LINK_TYPE.raw,
    )
    expect(seen.map((s) => s.first('icmpv6.type'))).toEqual(['128', '2', '1', '4', '3', '135', '136'])
    for (const s of seen) {
      expect(s.first('icmpv6.checksum.status')).toBe(GOOD)
      expect(s.complaints).toEqual([])
    }
    expect(seen[0]?.first('icmpv6.echo.identifier')).toBe(hex(0x1234, 4))
    expect(seen[0]?.first('icmpv6.echo.sequence_number')).toBe('9')
    expect(seen[1]?.first('icmpv6.mtu')).toBe('1280')
    expect(seen[3]?.first('icmpv6.pointer')).toBe('6')
    expect(seen[4]?.first('icmp.mpls.label')).toBe('16')
    expect(seen[5]?.first('icmpv6.nd.ns.target_address')).toBe('fd77::2')
    expect(seen[5]?.first('icmpv6.opt.src_linkaddr')).toBe('02:77:00:00:00:01')
    expect(['r', 's', 'o'].map((flag) => seen[6]?.first(`icmpv6.nd.na.flag.${flag}`))).toEqual([
      '0',
      '1',
      '0',
    ])
    expect(seen[6]?.first('icmpv6.opt.target_linkaddr')).toBe('02:77:00:00:00:02')
  })
})

/** A quote padded to 128 octets, and behind it one MPLS label stack (RFC 4950): label 16, bottom, TTL 1. */
function withLabels(quote: Uint8Array): Uint8Array {
  const extension = Uint8Array.of(0x20, 0, 0, 0, 0, 8, 1, 1, 0x00, 0x01, 0x01, 0x01)
  write16(extension, 2, internetChecksum(extension, 0, extension.length))
  return joined(quote, new Uint8Array(128 - quote.length), extension)
}
