import type { SeenPacket } from '../../io/packets.ts'
import { LINK_TYPE } from '../../wire/link.ts'
import { ipv4Text } from './ipv4-text.ts'
import { sightByCodecs } from './sight-by-codecs.ts'
import type { Sighting, TcpSighting, UdpSighting } from './sighting.ts'

/** Offsets in octets: RFC 791 section 3.1, RFC 9293 section 3.1, RFC 768; `upper` where there are no options. */
const IP = { totalLength: 2, id: 4, fragment: 6, ttl: 8, protocol: 9, source: 12, destination: 16 } as const
const PLAIN_HEADER = 20
const VERSION_4_PLAIN = 0x45
const TCP = { protocol: 6, shortest: 20 } as const
const UDP = { protocol: 17, shortest: 8 } as const

/**
 * What a packet says that may belong to a probe; undefined for all else: other protocols, fragments behind the first,
 * headers that are not whole. Checksums are not looked at, for a card may be about to fill them in. Never throws.
 *
 * TCP and UDP in a plain IPv4 header are read straight from the octets, because answers may come in by the hundred
 * thousand a second; everything else goes through the codecs, which say the same.
 */
export function sight(packet: SeenPacket): Sighting | undefined {
  const { linkType, octets, from } = packet
  const limit = Math.min(packet.to, octets.length)
  const least = from + PLAIN_HEADER + UDP.shortest
  if (linkType !== LINK_TYPE.raw || limit < least || octets[from] !== VERSION_4_PLAIN) {
    return sightByCodecs(packet)
  }
  const fragment = at16(octets, from + IP.fragment) & 0x3fff
  const length = at16(octets, from + IP.totalLength)
  const end = Math.min(from + length, limit)
  if (fragment !== 0 || end < least) return sightByCodecs(packet)
  const protocol = octets[from + IP.protocol]
  if (protocol === TCP.protocol && end >= from + PLAIN_HEADER + TCP.shortest) return tcp(packet, length, end)
  return protocol === UDP.protocol ? udp(packet, length, end) : sightByCodecs(packet)
}

function tcp(packet: SeenPacket, length: number, to: number): TcpSighting | undefined {
  const { octets, from, isHeaderRebuilt } = packet
  const upper = from + PLAIN_HEADER
  const headerLength = ((octets[upper + 12] ?? 0) >>> 4) * 4
  if (headerLength < TCP.shortest || headerLength > length - PLAIN_HEADER) return undefined
  return {
    kind: 'tcp',
    octets,
    network: from,
    upper,
    to,
    length,
    direction: packet.direction,
    timeNs: packet.timeNs,
    era: packet.era,
    family: 4,
    source: ipv4Text(octets, from + IP.source),
    destination: ipv4Text(octets, from + IP.destination),
    ttl: isHeaderRebuilt ? undefined : octets[from + IP.ttl],
    id: isHeaderRebuilt ? undefined : at16(octets, from + IP.id),
    sourcePort: at16(octets, upper),
    destinationPort: at16(octets, upper + 2),
    seq: at32(octets, upper + 4),
    ack: at32(octets, upper + 8),
    flags: at16(octets, upper + 12) & 0x1ff,
    window: at16(octets, upper + 14),
    payload: upper + headerLength,
  }
}

function udp(packet: SeenPacket, length: number, to: number): UdpSighting | undefined {
  const { octets, from, isHeaderRebuilt } = packet
  const upper = from + PLAIN_HEADER
  const own = at16(octets, upper + 4)
  if (own > 0 && own < UDP.shortest) return undefined
  return {
    kind: 'udp',
    octets,
    network: from,
    upper,
    to,
    length,
    direction: packet.direction,
    timeNs: packet.timeNs,
    era: packet.era,
    family: 4,
    source: ipv4Text(octets, from + IP.source),
    destination: ipv4Text(octets, from + IP.destination),
    ttl: isHeaderRebuilt ? undefined : octets[from + IP.ttl],
    id: isHeaderRebuilt ? undefined : at16(octets, from + IP.id),
    sourcePort: at16(octets, upper),
    destinationPort: at16(octets, upper + 2),
    payloadLength: (own === 0 ? length - PLAIN_HEADER : own) - UDP.shortest,
  }
}

/** Callers have made sure that the octets are there. */
function at16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
}

function at32(octets: Uint8Array, at: number): number {
  return ((at16(octets, at) << 16) | at16(octets, at + 2)) >>> 0
}
