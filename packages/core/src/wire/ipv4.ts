import { type ChecksumState, internetChecksum, verify } from './checksum.ts'
import { needField, needRoom, read16, readIpv4, write16, writeIpv4 } from './octets.ts'
import { type Carrier, carried, limitOf } from './span.ts'

/** An IPv4 header (RFC 791 section 3.1). */
export interface Ipv4Header {
  /** Type of service: DSCP in the upper six bits, ECN in the lower two (RFC 2474, RFC 3168). */
  readonly tos: number
  /** Octets of header and payload; when not given, made from the length of the payload, else written as it is. */
  readonly totalLength?: number
  readonly id: number
  /** The first flag, zero by the RFC. */
  readonly isReservedSet: boolean
  readonly dontFragment: boolean
  readonly moreFragments: boolean
  /** In octets, a multiple of 8. */
  readonly fragmentOffset: number
  readonly ttl: number
  readonly protocol: number
  /** When not given, the right one is made; else it is written as it is. */
  readonly checksum?: number
  readonly source: string
  readonly destination: string
  /** Options as they are on the wire, padded to a multiple of 4 octets; empty when there are none. */
  readonly optionOctets: Uint8Array
}

export interface Ipv4 extends Ipv4Header, Carrier {
  /** Octets of header and payload by the header, which may be more or less than was captured. */
  readonly totalLength: number
  readonly checksum: number
  /** In octets, 20 to 60. */
  readonly headerLength: number
  /** Octets after the header by the header, captured or not: the `length` for the decoder of what follows. */
  readonly upperLength: number
}

/** Offsets in octets. */
const AT = {
  version: 0,
  tos: 1,
  totalLength: 2,
  id: 4,
  fragment: 6,
  ttl: 8,
  protocol: 9,
  checksum: 10,
  source: 12,
  destination: 16,
  options: 20,
} as const
const FLAG = { reserved: 0x8000, dontFragment: 0x4000, moreFragments: 0x2000 } as const
const LONGEST_OPTIONS = 40

/**
 * The IPv4 header at `at`. The payload ends where the total length says, so the padding of a short frame is not part
 * of it; a total length of zero, which the kernel writes when the card cuts a large packet into segments, means all
 * that was captured. `optionOctets` is a view into `octets`.
 * @returns undefined when the header is not whole, of another version, or shorter than its fixed part, or when the
 * total length does not even hold the header
 */
export function decodeIpv4(octets: Uint8Array, at = 0, end = octets.length): Ipv4 | undefined {
  const limit = limitOf(octets, end)
  if (at + AT.options > limit) return undefined
  const first = octets[at + AT.version] ?? 0
  const headerLength = 4 * (first & 0xf)
  if (first >>> 4 !== 4 || headerLength < AT.options || at + headerLength > limit) return undefined
  const totalLength = read16(octets, at + AT.totalLength)
  if (totalLength !== 0 && totalLength < headerLength) return undefined
  const fragment = read16(octets, at + AT.fragment)
  const promised = totalLength === 0 ? limit : at + totalLength
  return {
    headerLength,
    upperLength: promised - at - headerLength,
    tos: octets[at + AT.tos] ?? 0,
    totalLength,
    id: read16(octets, at + AT.id),
    isReservedSet: (fragment & FLAG.reserved) !== 0,
    dontFragment: (fragment & FLAG.dontFragment) !== 0,
    moreFragments: (fragment & FLAG.moreFragments) !== 0,
    fragmentOffset: 8 * (fragment & 0x1fff),
    ttl: octets[at + AT.ttl] ?? 0,
    protocol: octets[at + AT.protocol] ?? 0,
    checksum: read16(octets, at + AT.checksum),
    source: readIpv4(octets, at + AT.source),
    destination: readIpv4(octets, at + AT.destination),
    optionOctets: octets.subarray(at + AT.options, at + headerLength),
    ...carried(at + headerLength, promised, limit),
  }
}

/** Judges the checksum of the header at `at`; `truncated` when there is no whole header. */
export function ipv4Checksum(octets: Uint8Array, at = 0, end = octets.length): ChecksumState {
  const header = decodeIpv4(octets, at, end)
  if (header === undefined) return 'truncated'
  return verify(octets, { from: at, to: at + header.headerLength, field: at + AT.checksum })
}

/**
 * Writes the header, 20 octets and the options; `payloadLength` octets are to follow it.
 * @returns how many octets were written
 * @throws RangeError when a field is out of range, the options are longer than 40 octets or no multiple of 4, the
 * packet would be longer than 65535 octets, or the buffer is too small
 */
export function encodeIpv4(header: Ipv4Header, into: Uint8Array, at: number, payloadLength = 0): number {
  const { optionOctets } = header
  needField('payload length', payloadLength, 0xffff)
  const headerLength = AT.options + optionOctets.length
  const totalLength = header.totalLength ?? headerLength + payloadLength
  checkFields(header, totalLength)
  needRoom(into, at, headerLength)
  into[at + AT.version] = 0x40 | (headerLength / 4)
  into[at + AT.tos] = header.tos
  write16(into, at + AT.totalLength, totalLength)
  write16(into, at + AT.id, header.id)
  write16(into, at + AT.fragment, fragmentField(header))
  into[at + AT.ttl] = header.ttl
  into[at + AT.protocol] = header.protocol
  write16(into, at + AT.checksum, 0)
  writeIpv4(header.source, into, at + AT.source)
  writeIpv4(header.destination, into, at + AT.destination)
  into.set(optionOctets, at + AT.options)
  const checksum = header.checksum ?? internetChecksum(into, at, at + headerLength)
  write16(into, at + AT.checksum, checksum)
  return headerLength
}

function checkFields(header: Ipv4Header, totalLength: number): void {
  const { length } = header.optionOctets
  if (length > LONGEST_OPTIONS || length % 4 !== 0) {
    throw new RangeError(`IPv4 options must be 0 to 40 octets, a multiple of 4: ${length}`)
  }
  if (header.fragmentOffset % 8 !== 0) {
    throw new RangeError(`fragment offset must be a multiple of 8: ${header.fragmentOffset}`)
  }
  needField('fragment offset', header.fragmentOffset, 8 * 0x1fff)
  needField('total length', totalLength, 0xffff)
  needField('tos', header.tos, 0xff)
  needField('id', header.id, 0xffff)
  needField('ttl', header.ttl, 0xff)
  needField('protocol', header.protocol, 0xff)
  needField('checksum', header.checksum ?? 0, 0xffff)
}

function fragmentField(header: Ipv4Header): number {
  const reserved = header.isReservedSet ? FLAG.reserved : 0
  const dont = header.dontFragment ? FLAG.dontFragment : 0
  const more = header.moreFragments ? FLAG.moreFragments : 0
  return reserved | dont | more | (header.fragmentOffset / 8)
}
