import type { ShownPacket } from '@portkit/core'
import { type Arp, decodeLink, type Ipv4, type Ipv6, type Network } from '@portkit/core/wire'
import { arpText } from './arp-text.ts'
import { hexDump } from './hex-dump.ts'
import { icmp4Text } from './icmp4-text.ts'
import { icmp6Text } from './icmp6-text.ts'
import { ipv4Text, ipv6Text } from './ip-text.ts'
import { bracketed, type Carriage, type Detail } from './packet-text.ts'
import { tcpText } from './tcp-text.ts'
import { udpText } from './udp-text.ts'

const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const
const NAMES: Readonly<Record<number, string>> = { 1: 'ICMP', 6: 'TCP', 17: 'UDP', 58: 'ICMPv6' }

/**
 * What stands behind `SENT (0.0345s) ` and `RCVD (0.0345s) `, as nping 0.7.93 has it, without a line end; at detail 3
 * the lines of a dump follow. Never throws, whatever the octets are, and holds no control character but those line
 * ends.
 */
export function packetLine(packet: ShownPacket, detail: Detail): string {
  const { linkType, octets, from, to } = packet
  const linked = decodeLink(linkType, octets, from, to)
  const network = linked?.network ?? {
    kind: 'other' as const,
    payload: { from, to: Math.min(to, octets.length) },
  }
  const line = networkText(network, packet, detail)
  return detail < 3 ? line : line + dump(network, packet)
}

function networkText(network: Network, packet: ShownPacket, detail: Detail): string {
  const { octets, length, isHeaderRebuilt } = packet
  switch (network.kind) {
    case 'ipv4':
      return ipText(
        network.header,
        network.header.fragmentOffset,
        ipv4Text(network.header, detail),
        octets,
        detail,
      )
    case 'ipv6':
      return ipText(
        network.header,
        offsetOf(network.header),
        ipv6Text(network.header, detail, isHeaderRebuilt),
        octets,
        detail,
      )
    case 'arp':
      return arpText(network.header)
    case 'other':
      return `Packet of ${length} bytes that is neither whole IP nor ARP`
  }
}

function offsetOf({ extensions }: Ipv6): number {
  const fragment = extensions.find((extension) => extension.kind === 'fragment')
  return fragment?.offset ?? 0
}

/** Only the first fragment has the transport's header. */
function ipText(
  ip: Ipv4 | Ipv6,
  offset: number,
  carriage: Carriage,
  octets: Uint8Array,
  detail: Detail,
): string {
  const { protocol, payload, upperLength } = ip
  if (offset > 0) {
    const name = NAMES[protocol] ?? `Protocol ${protocol}`
    return bracketed(name, `${carriage.source} > ${carriage.destination} fragment`, carriage)
  }
  switch (protocol) {
    case PROTOCOL.tcp:
      return tcpText(octets, payload, upperLength, carriage, detail)
    case PROTOCOL.udp:
      return udpText(octets, payload, upperLength, carriage, detail)
    case PROTOCOL.icmp:
      return icmp4Text(octets, payload, upperLength, carriage, detail)
    case PROTOCOL.icmp6:
      return icmp6Text(octets, payload, upperLength, carriage)
    default:
      return bracketed(`Protocol ${protocol}`, `${carriage.source} > ${carriage.destination}`, carriage)
  }
}

/** From the network header to its end: neither link-layer header nor the frame's padding. */
function dump(network: Network, { octets, from, to, length }: ShownPacket): string {
  const start = network.kind === 'other' ? from : startOf(network.header)
  const end = network.kind === 'arp' ? network.header.payload.from : payloadOf(network).to
  const missing = length - (to - from)
  const note = missing > 0 ? `\n(${missing} more bytes were not captured)` : ''
  return start >= end ? note : `\n${hexDump(octets.subarray(start, end)).slice(0, -1)}${note}`
}

function payloadOf(network: Network): { readonly from: number; readonly to: number } {
  return network.kind === 'other' ? network.payload : network.header.payload
}

function startOf(header: Arp | Ipv4 | Ipv6): number {
  if ('operation' in header)
    return header.payload.from - 8 - 2 * (header.hardwareLength + header.protocolLength)
  return header.payload.from - header.headerLength
}
