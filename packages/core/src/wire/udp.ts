import { needField, needRoom, read16, write16 } from './octets.ts'
import { SEALED, type Seal, sealTransport } from './seal.ts'
import { bounds, type Carrier } from './span.ts'

/** What a sender chooses of a UDP header (RFC 768). */
export interface UdpHeader {
  readonly sourcePort: number
  readonly destinationPort: number
  /** Of header and payload, in octets; 0 in a jumbogram over IPv6, whose length the IP header says (RFC 2675). */
  readonly length: number
}

/** A UDP header as it was received. */
export interface Udp extends UdpHeader, Carrier {
  /** 0 over IPv4: the sender made none. */
  readonly checksum: number
}

/** RFC 768. Offsets in octets. */
const AT = { sourcePort: 0, destinationPort: 2, length: 4, checksum: SEALED.udp.field, payload: 8 } as const

/** Octets of a UDP header. */
export const UDP_HEADER_LENGTH = AT.payload

/**
 * The datagram at `at`; undefined when its header is not whole or its length is 1 to 7.
 * `length` is what the IP header leaves for it, by default all octets before `end`. The payload ends where the
 * datagram's own length says; a length beyond the packet is `truncated`, as in a first fragment.
 */
export function decodeUdp(
  octets: Uint8Array,
  at = 0,
  end: number = octets.length,
  length?: number,
): Udp | undefined {
  const packet = bounds(octets, at, end, length)
  if (at + AT.payload > packet.end) return undefined
  const own = read16(octets, at + AT.length)
  if (own > 0 && own < AT.payload) return undefined
  const whole = at + (own === 0 ? packet.length : own)
  return {
    sourcePort: read16(octets, at + AT.sourcePort),
    destinationPort: read16(octets, at + AT.destinationPort),
    length: own,
    checksum: read16(octets, at + AT.checksum),
    payload: { from: at + AT.payload, to: Math.min(whole, packet.end) },
    truncated: whole > packet.end,
  }
}

/**
 * Writes the header at `at`; gives its length in octets. The payload must stand behind it already when the checksum
 * is to be computed; a computed checksum is never 0.
 * @throws RangeError when the array is too small or a field out of range
 */
export function encodeUdp(header: UdpHeader, into: Uint8Array, at: number, seal: Seal): number {
  needField('source port', header.sourcePort, 0xffff)
  needField('destination port', header.destinationPort, 0xffff)
  needField('length', header.length, 0xffff)
  needRoom(into, at, AT.payload)
  write16(into, at + AT.sourcePort, header.sourcePort)
  write16(into, at + AT.destinationPort, header.destinationPort)
  write16(into, at + AT.length, header.length)
  sealTransport('udp', into, at, AT.payload, seal)
  return AT.payload
}
