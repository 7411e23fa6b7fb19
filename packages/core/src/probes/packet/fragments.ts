import { internetChecksum } from '../../wire/checksum.ts'
import { decodeIpv4, type Ipv4 } from '../../wire/ipv4.ts'
import { ipv4OptionOctets, listIpv4Options } from '../../wire/ipv4-options.ts'
import { decodeIpv6, type Ipv6 } from '../../wire/ipv6.ts'
import { extensionsLength } from '../../wire/ipv6-extensions.ts'
import { read16, write16 } from '../../wire/octets.ts'
import { put32 } from './template.ts'

/** Fragments hold multiples of this many octets (RFC 791 section 3.2, RFC 8200 section 4.5), but for the last. */
const UNIT = 8
const IPV4 = { version: 0, totalLength: 2, fragment: 6, checksum: 10, options: 20, more: 0x2000 } as const
const IPV6 = { payloadLength: 4, nextHeader: 6, length: 40, fragmentHeader: 44 } as const
/** RFC 791 section 3.1: an option whose type has this bit goes into every fragment. */
const COPIED = 0x80

/**
 * A packet cut into pieces that carry at most `room` octets each behind the headers that all of them have, which is what
 * nmap and nping call `--mtu`; the packet itself, as a copy, when it fits. Those headers are: of IPv4 the whole header, in
 * later pieces without the options that are not copied (RFC 791 section 3.1); of IPv6 the fixed header and the extension
 * headers that routers read (RFC 8200 section 4.5), with a fragment header behind them. DF stays as it is. The pieces of
 * an IPv6 packet carry an identification made from the whole packet, so that different packets do not get mixed up.
 * @param packet its first `length` octets count
 * @throws RangeError for a `room` below 8, for a packet that is a fragment already, and for headers that are not whole
 */
export function fragments(packet: Uint8Array, length: number, room: number): Uint8Array[] {
  const whole = packet.slice(0, length)
  return (whole[0] ?? 0) >>> 4 === 6 ? fragments6(whole, room) : fragments4(whole, room)
}

function fragments4(whole: Uint8Array, room: number): Uint8Array[] {
  const header = decodeIpv4(whole)
  const headerLength = header?.headerLength ?? IPV4.options
  if (whole.length - headerLength <= room) return [whole]
  if (header === undefined) throw new RangeError('no whole IPv4 header')
  const { moreFragments, fragmentOffset } = header
  if (moreFragments || fragmentOffset > 0)
    throw new RangeError('only whole IPv4 packets are cut into fragments')
  const first = whole.subarray(0, headerLength)
  const later = laterHeader(header, first)
  return pieces(whole.length - headerLength, room).map((piece) => {
    return fragment4(piece.from === 0 ? first : later, whole.subarray(headerLength), piece)
  })
}

/** With the copied options alone. */
function laterHeader({ optionOctets }: Ipv4, first: Uint8Array): Uint8Array {
  const options = ipv4OptionOctets(listIpv4Options(optionOctets).filter(({ type }) => (type & COPIED) !== 0))
  const later = new Uint8Array(IPV4.options + options.length)
  later.set(first.subarray(0, IPV4.options))
  later.set(options, IPV4.options)
  later[IPV4.version] = 0x40 | (later.length / 4)
  return later
}

function fragment4(header: Uint8Array, payload: Uint8Array, { from, to, isLast }: Piece): Uint8Array {
  const octets = new Uint8Array(header.length + to - from)
  octets.set(header)
  octets.set(payload.subarray(from, to), header.length)
  const flags = read16(header, IPV4.fragment)
  write16(octets, IPV4.totalLength, octets.length)
  write16(octets, IPV4.fragment, flags | (isLast ? 0 : IPV4.more) | (from / UNIT))
  write16(octets, IPV4.checksum, 0)
  write16(octets, IPV4.checksum, internetChecksum(octets, 0, header.length))
  return octets
}

function fragments6(whole: Uint8Array, room: number): Uint8Array[] {
  const header = decodeIpv6(whole)
  const head = readByRouters(header?.extensions ?? [])
  if (whole.length - head.length <= room) return [whole]
  if (header === undefined) throw new RangeError('no whole IPv6 header')
  if (header.extensions.some(({ kind }) => kind === 'fragment')) {
    throw new RangeError('only whole IPv6 packets are cut into fragments')
  }
  const id = fingerprint(whole)
  const nextHeader = whole[head.announcedAt] ?? 0
  const at = head.length + UNIT
  return pieces(whole.length - head.length, room).map(({ from, to, isLast }) => {
    const piece = new Uint8Array(at + to - from)
    piece.set(whole.subarray(0, head.length))
    write16(piece, IPV6.payloadLength, piece.length - IPV6.length)
    piece[head.announcedAt] = IPV6.fragmentHeader
    piece[head.length] = nextHeader
    write16(piece, head.length + 2, from | (isLast ? 0 : 1))
    put32(piece, head.length + 4, id)
    piece.set(whole.subarray(head.length + from, head.length + to), at)
    return piece
  })
}

interface Head {
  readonly length: number
  /** Where it says what follows it. */
  readonly announcedAt: number
}

/** The fixed header and all extension headers up to the one for routing, else the one for every hop. */
function readByRouters(extensions: Ipv6['extensions']): Head {
  const routing = extensions.findLastIndex(({ kind }) => kind === 'routing')
  const count = routing < 0 ? Number(extensions[0]?.kind === 'hop-by-hop') : routing + 1
  const before = IPV6.length + extensionsLength(extensions.slice(0, Math.max(0, count - 1)))
  if (count === 0) return { length: IPV6.length, announcedAt: IPV6.nextHeader }
  return { length: IPV6.length + extensionsLength(extensions.slice(0, count)), announcedAt: before }
}

interface Piece {
  readonly from: number
  readonly to: number
  readonly isLast: boolean
}

/** How a payload is cut when `room` octets fit into each fragment. */
function pieces(length: number, room: number): readonly Piece[] {
  const each = Math.floor(room / UNIT) * UNIT
  if (!(each > 0)) throw new RangeError(`no ${UNIT} octets of payload fit into a fragment`)
  return Array.from({ length: Math.ceil(length / each) }, (_, i) => {
    const to = Math.min(length, (i + 1) * each)
    return { from: i * each, to, isLast: to === length }
  })
}

/** FNV-1a of 32 bits. */
function fingerprint(octets: Uint8Array): number {
  let hash = 0x811c9dc5
  for (const octet of octets) hash = Math.imul(hash ^ octet, 0x01000193)
  return hash >>> 0
}
