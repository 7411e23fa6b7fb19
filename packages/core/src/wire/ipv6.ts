import {
  decodeExtensions,
  encodeExtensions,
  extensionNumber,
  extensionsLength,
  type Ipv6Extension,
} from './ipv6-extensions.ts'
import { needField, needRoom, read16, read32, readIpv6, write16, write32, writeIpv6 } from './octets.ts'
import { type Carrier, carried, limitOf } from './span.ts'

/** An IPv6 header with its extension headers (RFC 8200 sections 3 and 4). */
export interface Ipv6Header {
  /** DSCP in the upper six bits, ECN in the lower two. */
  readonly trafficClass: number
  /** 20 bits. */
  readonly flowLabel: number
  /** Octets after the fixed header, extension headers included; when not given, made from what follows, else as it is. */
  readonly payloadLength?: number
  readonly hopLimit: number
  readonly source: string
  readonly destination: string
  /** In their order on the wire. */
  readonly extensions: readonly Ipv6Extension[]
  /** What follows the extension headers: 6 TCP, 17 UDP, 58 ICMPv6, 59 nothing, 50 ESP. */
  readonly protocol: number
}

export interface Ipv6 extends Ipv6Header, Carrier {
  readonly payloadLength: number
  /** Octets from the first of the fixed header to the payload: 40 and the extension headers. */
  readonly headerLength: number
  /** Octets after the extension headers by the header, captured or not: the `length` for the next decoder. */
  readonly upperLength: number
}

/** Offsets in octets. */
const AT = { first: 0, payloadLength: 4, nextHeader: 6, hopLimit: 7, source: 8, destination: 24 } as const
const LENGTH = 40

/**
 * The IPv6 header at `at` and its extension headers. The payload ends where the payload length says; behind "no next
 * header" (59) it is whatever the sender left there. Behind a fragment other than the first there is no upper-layer
 * header, so `extensions` ends with the fragment header and `protocol` is the one of the whole packet. The octets of
 * the extensions are views into `octets`.
 * @returns undefined when a header is not whole or of another version, and for jumbograms (RFC 2675), which no link
 * that is probed carries
 */
export function decodeIpv6(octets: Uint8Array, at = 0, end = octets.length): Ipv6 | undefined {
  const limit = limitOf(octets, end)
  if (at + LENGTH > limit) return undefined
  const first = read32(octets, at + AT.first)
  if (first >>> 28 !== 6) return undefined
  const payloadLength = read16(octets, at + AT.payloadLength)
  const promised = at + LENGTH + payloadLength
  const chain = decodeExtensions(
    octets,
    at + LENGTH,
    Math.min(promised, limit),
    octets[at + AT.nextHeader] ?? 0,
  )
  if (chain === undefined) return undefined
  return {
    trafficClass: (first >>> 20) & 0xff,
    flowLabel: first & 0xfffff,
    payloadLength,
    hopLimit: octets[at + AT.hopLimit] ?? 0,
    source: readIpv6(octets, at + AT.source),
    destination: readIpv6(octets, at + AT.destination),
    extensions: chain.extensions,
    protocol: chain.protocol,
    headerLength: chain.from - at,
    upperLength: promised - chain.from,
    ...carried(chain.from, promised, limit),
  }
}

/**
 * Writes the header and the extension headers; `upperLength` octets are to follow them.
 * @returns how many octets were written
 * @throws RangeError when a field is out of range, for the reasons of `encodeExtensions`, when the packet would be
 * longer than 65535 octets after its fixed header, or when the buffer is too small
 */
export function encodeIpv6(header: Ipv6Header, into: Uint8Array, at: number, upperLength = 0): number {
  const { extensions } = header
  needField('upper-layer length', upperLength, 0xffff)
  const headerLength = LENGTH + extensionsLength(extensions)
  const payloadLength = header.payloadLength ?? headerLength - LENGTH + upperLength
  needField('traffic class', header.trafficClass, 0xff)
  needField('flow label', header.flowLabel, 0xfffff)
  needField('payload length', payloadLength, 0xffff)
  needField('hop limit', header.hopLimit, 0xff)
  needRoom(into, at, headerLength)
  write32(into, at + AT.first, ((6 << 28) | (header.trafficClass << 20) | header.flowLabel) >>> 0)
  write16(into, at + AT.payloadLength, payloadLength)
  const [outermost] = extensions
  into[at + AT.nextHeader] = outermost === undefined ? header.protocol : extensionNumber(outermost)
  into[at + AT.hopLimit] = header.hopLimit
  writeIpv6(header.source, into, at + AT.source)
  writeIpv6(header.destination, into, at + AT.destination)
  encodeExtensions(extensions, header.protocol, into, at + LENGTH)
  return headerLength
}
