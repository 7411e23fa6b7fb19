import type { SeenPacket } from '../../io/packets.ts'
import { LINK_TYPE } from '../../wire/link.ts'
import { ipv4Text } from './ipv4-text.ts'
import { ipv6Text } from './ipv6-text.ts'
import { sightByCodecs } from './sight-by-codecs.ts'
import type { Sighting, TcpSighting, UdpSighting } from './sighting.ts'

/** Offsets in octets: RFC 791 section 3.1, RFC 8200 section 3, RFC 9293 section 3.1, RFC 768; headers without options. */
const IP = { totalLength: 2, id: 4, fragment: 6, ttl: 8, protocol: 9, source: 12, destination: 16 } as const
const IP6 = { payloadLength: 4, nextHeader: 6, hopLimit: 7, source: 8, destination: 24 } as const
const PLAIN_HEADER = 20
const PLAIN_HEADER6 = 40
const VERSION_4_PLAIN = 0x45
const TCP = { protocol: 6, shortest: 20 } as const
const UDP = { protocol: 17, shortest: 8 } as const

/**
 * What a packet says that may belong to a probe; undefined for all else: other protocols, fragments behind the first,
 * headers that are not whole. Checksums are not looked at, for a card may be about to fill them in. Never throws.
 *
 * TCP and UDP in a plain IPv4 or IPv6 header are read straight from the octets, because answers may come in by the hundred
 * thousand a second; everything else goes through the codecs, which say the same.
 */
export function sight(packet: SeenPacket): Sighting | undefined {
  const { linkType, octets, from } = packet
  const limit = Math.min(packet.to, octets.length)
  const room = limit - from - UDP.shortest
  if (linkType !== LINK_TYPE.raw || room < PLAIN_HEADER) return sightByCodecs(packet)
  if (octets[from] === VERSION_4_PLAIN) return sight4(packet, limit)
  const isVersion6 = (octets[from] ?? 0) >>> 4 === 6
  return isVersion6 && room >= PLAIN_HEADER6 ? sight6(packet, limit) : sightByCodecs(packet)
}

function sight4(packet: SeenPacket, limit: number): Sighting | undefined {
  const { octets, from } = packet
  const upper = from + PLAIN_HEADER
  const fragment = at16(octets, from + IP.fragment) & 0x3fff
  const length = at16(octets, from + IP.totalLength)
  const to = Math.min(from + length, limit)
  if (fragment !== 0) return sightByCodecs(packet)
  return above(packet, octets[from + IP.protocol], { upper, to, length: length - PLAIN_HEADER })
}

function sight6(packet: SeenPacket, limit: number): Sighting | undefined {
  const { octets, from } = packet
  const upper = from + PLAIN_HEADER6
  const length = at16(octets, from + IP6.payloadLength)
  const to = Math.min(upper + length, limit)
  return above(packet, octets[from + IP6.nextHeader], { upper, to, length })
}

/** Where the upper header begins and its octets end, and how many there are by the IP header, captured or not. */
interface Upper {
  readonly upper: number
  readonly to: number
  readonly length: number
}

function above(packet: SeenPacket, protocol: number | undefined, place: Upper): Sighting | undefined {
  const captured = place.to - place.upper
  if (protocol === TCP.protocol && captured >= TCP.shortest) return tcp(packet, place)
  return protocol === UDP.protocol && captured >= UDP.shortest ? udp(packet, place) : sightByCodecs(packet)
}

function tcp(packet: SeenPacket, { upper, to, length }: Upper): TcpSighting | undefined {
  const { octets, from, isHeaderRebuilt } = packet
  const headerLength = ((octets[upper + 12] ?? 0) >>> 4) * 4
  if (headerLength < TCP.shortest || headerLength > length) return undefined
  const is4 = upper - from === PLAIN_HEADER
  return {
    kind: 'tcp',
    octets,
    network: from,
    upper,
    to,
    length: length + upper - from,
    direction: packet.direction,
    timeNs: packet.timeNs,
    era: packet.era,
    family: is4 ? 4 : 6,
    source: is4 ? ipv4Text(octets, from + IP.source) : ipv6Text(octets, from + IP6.source),
    destination: is4 ? ipv4Text(octets, from + IP.destination) : ipv6Text(octets, from + IP6.destination),
    ttl: isHeaderRebuilt ? undefined : octets[from + (is4 ? IP.ttl : IP6.hopLimit)],
    id: isHeaderRebuilt || !is4 ? undefined : at16(octets, from + IP.id),
    sourcePort: at16(octets, upper),
    destinationPort: at16(octets, upper + 2),
    seq: at32(octets, upper + 4),
    ack: at32(octets, upper + 8),
    flags: at16(octets, upper + 12) & 0x1ff,
    window: at16(octets, upper + 14),
    payload: upper + headerLength,
  }
}

function udp(packet: SeenPacket, { upper, to, length }: Upper): UdpSighting | undefined {
  const { octets, from, isHeaderRebuilt } = packet
  const own = at16(octets, upper + 4)
  if (own > 0 && own < UDP.shortest) return undefined
  const is4 = upper - from === PLAIN_HEADER
  return {
    kind: 'udp',
    octets,
    network: from,
    upper,
    to,
    length: length + upper - from,
    direction: packet.direction,
    timeNs: packet.timeNs,
    era: packet.era,
    family: is4 ? 4 : 6,
    source: is4 ? ipv4Text(octets, from + IP.source) : ipv6Text(octets, from + IP6.source),
    destination: is4 ? ipv4Text(octets, from + IP.destination) : ipv6Text(octets, from + IP6.destination),
    ttl: isHeaderRebuilt ? undefined : octets[from + (is4 ? IP.ttl : IP6.hopLimit)],
    id: isHeaderRebuilt || !is4 ? undefined : at16(octets, from + IP.id),
    sourcePort: at16(octets, upper),
    destinationPort: at16(octets, upper + 2),
    payloadLength: (own === 0 ? length : own) - UDP.shortest,
  }
}

/** Callers have made sure that the octets are there. */
function at16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
}

function at32(octets: Uint8Array, at: number): number {
  return ((at16(octets, at) << 16) | at16(octets, at + 2)) >>> 0
}
