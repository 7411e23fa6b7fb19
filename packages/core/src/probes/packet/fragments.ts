import { internetChecksum } from '../../wire/checksum.ts'
import { read16, write16 } from '../../wire/octets.ts'
import { put32 } from './template.ts'

/** Fragments hold multiples of this many octets (RFC 791 section 3.2, RFC 8200 section 4.5), but for the last. */
const UNIT = 8
const IPV4 = {
  totalLength: 2,
  fragment: 6,
  checksum: 10,
  headerLength: 20,
  more: 0x2000,
  offset: 0x1fff,
} as const
const IPV6 = { payloadLength: 4, nextHeader: 6, headerLength: 40, fragmentHeader: 44 } as const
/** Those that a router reads stand in front of the fragment header (RFC 8200 section 4.5); our packets have none. */
const EXTENSIONS: readonly number[] = [0, 43, 44, 60]

/**
 * A packet cut into pieces that carry at most `room` octets each behind the IP header, which is what nmap and nping call
 * `--mtu`; the packet itself, as a copy, when it fits. DF stays as it is. The pieces of an IPv6 packet carry an
 * identification made from the whole packet, so that different packets do not get mixed up.
 * @param packet its first `length` octets count
 * @throws RangeError for a `room` below 8, for IPv4 options, for a packet that is a fragment already, and
 * for IPv6 extension headers
 */
export function fragments(packet: Uint8Array, length: number, room: number): Uint8Array[] {
  const whole = packet.slice(0, length)
  const isIpv6 = (whole[0] ?? 0) >>> 4 === 6
  const header = isIpv6 ? IPV6.headerLength : IPV4.headerLength
  if (length - header <= room) return [whole]
  return isIpv6 ? fragments6(whole, room) : fragments4(whole, room)
}

function fragments4(whole: Uint8Array, room: number): Uint8Array[] {
  const field = read16(whole, IPV4.fragment)
  const isPlain = whole[0] === 0x45 && (field & (IPV4.more | IPV4.offset)) === 0
  if (!isPlain) throw new RangeError('only whole IPv4 packets without options are cut into fragments')
  return pieces(whole.length - IPV4.headerLength, room).map(({ from, to, isLast }) => {
    const at = IPV4.headerLength
    const piece = new Uint8Array(at + to - from)
    piece.set(whole.subarray(0, at))
    piece.set(whole.subarray(at + from, at + to), at)
    write16(piece, IPV4.totalLength, piece.length)
    write16(piece, IPV4.fragment, field | (isLast ? 0 : IPV4.more) | (from / UNIT))
    write16(piece, IPV4.checksum, 0)
    write16(piece, IPV4.checksum, internetChecksum(piece, 0, at))
    return piece
  })
}

function fragments6(whole: Uint8Array, room: number): Uint8Array[] {
  const nextHeader = whole[IPV6.nextHeader] ?? 0
  if (EXTENSIONS.includes(nextHeader)) throw new RangeError('no IPv6 extension headers are cut')
  const id = fingerprint(whole)
  const head = IPV6.headerLength
  const at = head + UNIT
  return pieces(whole.length - head, room).map(({ from, to, isLast }) => {
    const piece = new Uint8Array(at + to - from)
    piece.set(whole.subarray(0, head))
    write16(piece, IPV6.payloadLength, piece.length - head)
    piece[IPV6.nextHeader] = IPV6.fragmentHeader
    piece[head] = nextHeader
    write16(piece, head + 2, from | (isLast ? 0 : 1))
    put32(piece, head + 4, id)
    piece.set(whole.subarray(head + from, head + to), at)
    return piece
  })
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
