import { decodeIpv6 } from './ipv6.ts'
import { read16, read32, readIpv4 } from './octets.ts'
import type { Span } from './span.ts'

/**
 * What the first octets behind a quoted IP header say; undefined fields were not quoted. `icmp` stands for both
 * versions, its `id` and `seq` are octets 4 to 7 of whatever message it was. ICMP need not quote more than 8 octets.
 */
export type QuotedTransport =
  | {
      readonly kind: 'tcp'
      readonly sourcePort: number
      readonly destinationPort: number
      readonly seq: number | undefined
    }
  | {
      readonly kind: 'udp'
      readonly sourcePort: number
      readonly destinationPort: number
      readonly length: number | undefined
      readonly checksum: number | undefined
    }
  | {
      readonly kind: 'icmp'
      readonly type: number
      readonly code: number
      readonly id: number | undefined
      readonly seq: number | undefined
    }

/** The packet that an ICMP error is about, as its sender saw it. */
export interface QuotedPacket {
  readonly family: 4 | 6
  readonly source: string
  readonly destination: string
  /** What the IP header, or the last of the extension headers, announces. */
  readonly protocol: number
  /** Time to live or hop limit on arrival at the sender of the error: 0 or 1 with a time exceeded. */
  readonly ttl: number
  /** Of IPv4 or of a fragment header; undefined for an IPv6 packet without one. */
  readonly id: number | undefined
  /** In octets; behind a fragment other than the first there are no ports. */
  readonly fragmentOffset: number
  /** What is quoted behind the IP header. */
  readonly upper: Span
  /** Undefined for other protocols, later fragments, and when not even ports, or type and code, are quoted. */
  readonly transport: QuotedTransport | undefined
}

/** RFC 791 section 3.1. Offsets in octets. */
const AT4 = { id: 4, fragment: 6, ttl: 8, protocol: 9, source: 12, destination: 16, options: 20 } as const
const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const

/** The packet in the quote of an ICMP error; undefined when its IP header is not whole. Never throws. */
export function quotedOf(octets: Uint8Array, quote: Span): QuotedPacket | undefined {
  const span = { from: quote.from, to: Math.min(quote.to, octets.length) }
  if (span.to <= span.from) return undefined
  const version = (octets[span.from] ?? 0) >>> 4
  if (version === 4) return quoted4(octets, span)
  return version === 6 ? quoted6(octets, span) : undefined
}

/** Some systems change length and checksum of the header before they quote it, hence neither is looked at. */
function quoted4(octets: Uint8Array, { from, to }: Span): QuotedPacket | undefined {
  const headerLength = ((octets[from] ?? 0) & 15) * 4
  if (headerLength < AT4.options || from + headerLength > to) return undefined
  const upper = { from: from + headerLength, to }
  const protocol = octets[from + AT4.protocol] ?? 0
  const fragmentOffset = (read16(octets, from + AT4.fragment) & 0x1fff) * 8
  return {
    family: 4,
    source: readIpv4(octets, from + AT4.source),
    destination: readIpv4(octets, from + AT4.destination),
    protocol,
    ttl: octets[from + AT4.ttl] ?? 0,
    id: read16(octets, from + AT4.id),
    fragmentOffset,
    upper,
    transport: fragmentOffset > 0 ? undefined : transportOf(octets, upper, protocol),
  }
}

function quoted6(octets: Uint8Array, { from, to }: Span): QuotedPacket | undefined {
  const packet = decodeIpv6(octets, from, to)
  if (packet === undefined) return undefined
  const fragment = packet.extensions.find((extension) => extension.kind === 'fragment')
  const fragmentOffset = fragment?.offset ?? 0
  const { source, destination, protocol, hopLimit, payload } = packet
  return {
    family: 6,
    source,
    destination,
    protocol,
    ttl: hopLimit,
    id: fragment?.id,
    fragmentOffset,
    upper: payload,
    transport: fragmentOffset > 0 ? undefined : transportOf(octets, payload, protocol),
  }
}

function transportOf(octets: Uint8Array, { from, to }: Span, protocol: number): QuotedTransport | undefined {
  if (from + 4 > to) return undefined
  const sourcePort = read16(octets, from)
  const destinationPort = read16(octets, from + 2)
  const [high, low] = from + 8 > to ? [] : [read16(octets, from + 4), read16(octets, from + 6)]
  switch (protocol) {
    case PROTOCOL.tcp:
      return {
        kind: 'tcp',
        sourcePort,
        destinationPort,
        seq: from + 8 > to ? undefined : read32(octets, from + 4),
      }
    case PROTOCOL.udp:
      return { kind: 'udp', sourcePort, destinationPort, length: high, checksum: low }
    case PROTOCOL.icmp:
    case PROTOCOL.icmp6:
      return { kind: 'icmp', type: octets[from] ?? 0, code: octets[from + 1] ?? 0, id: high, seq: low }
    default:
      return undefined
  }
}
