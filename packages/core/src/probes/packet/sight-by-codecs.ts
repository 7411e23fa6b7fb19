import type { SeenPacket } from '../../io/packets.ts'
import { ETHER_TYPE } from '../../wire/ether-type.ts'
import { decodeIcmp4 } from '../../wire/icmp4.ts'
import { decodeIcmp6, type Icmp6 } from '../../wire/icmp6.ts'
import type { Ipv4 } from '../../wire/ipv4.ts'
import type { Ipv6 } from '../../wire/ipv6.ts'
import { decodeLink, type Network } from '../../wire/link.ts'
import { quotedOf } from '../../wire/quoted-packet.ts'
import type { Span } from '../../wire/span.ts'
import { decodeTcp } from '../../wire/tcp.ts'
import { decodeUdp, UDP_HEADER_LENGTH } from '../../wire/udp.ts'
import type {
  ArpSighting,
  IcmpErrorSighting,
  IcmpSighting,
  NeighbourSighting,
  Sighting,
  TcpSighting,
  UdpSighting,
} from './sighting.ts'

/** What a sighting says of the packet as such: the part that all IP packets have. */
type Base = Omit<UdpSighting, 'kind' | 'sourcePort' | 'destinationPort' | 'payloadLength'>
/** Octets behind the IP header by the header, captured or not. */
type Upper = Base & { readonly upperLength: number }

const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const
/** RFC 4861 sections 7.1.1 and 7.1.2: what was forwarded by a router is no message of a neighbour. */
const NEIGHBOUR_HOPS = 255
const ARP = { ethernet: 1, hardwareLength: 6, protocolLength: 4, request: 1, reply: 2 } as const

/** `sight` by the codecs of `wire` alone, for any link type and any header. */
export function sightByCodecs(packet: SeenPacket): Sighting | undefined {
  const { linkType, octets, from, to } = packet
  const network = decodeLink(linkType, octets, from, to)?.network
  switch (network?.kind) {
    case 'ipv4':
      return network.header.fragmentOffset > 0 ? undefined : above4(packet, network.header)
    case 'ipv6':
      return isLaterFragment(network.header) ? undefined : above6(packet, network.header)
    case 'arp':
      return arp(packet, network)
    case 'other':
    case undefined:
      return undefined
  }
}

function isLaterFragment({ extensions }: Ipv6): boolean {
  return extensions.some((extension) => extension.kind === 'fragment' && extension.offset > 0)
}

function seen(packet: SeenPacket, network: number, upper: number, to: number, length: number) {
  const { octets, direction, timeNs, era } = packet
  return { octets, network, upper, to, length, direction, timeNs, era }
}

function above4(packet: SeenPacket, header: Ipv4): Sighting | undefined {
  const { source, destination, protocol, payload, headerLength, upperLength } = header
  const network = payload.from - headerLength
  const isKnown = !packet.isHeaderRebuilt
  // Behind a total length of 0 (segmentation offload) the octets on the wire are what there is.
  const whole = header.totalLength === 0 ? packet.length - (network - packet.from) : header.totalLength
  const base: Base = {
    ...seen(packet, network, payload.from, payload.to, whole),
    family: 4,
    source,
    destination,
    ttl: isKnown ? header.ttl : undefined,
    id: isKnown ? header.id : undefined,
  }
  if (protocol === PROTOCOL.icmp) return icmp4(base, upperLength)
  return transport({ ...base, upperLength }, protocol)
}

function above6(packet: SeenPacket, header: Ipv6): Sighting | undefined {
  const { source, destination, protocol, payload, headerLength, upperLength } = header
  const network = payload.from - headerLength
  const base: Base = {
    ...seen(packet, network, payload.from, payload.to, headerLength + upperLength),
    family: 6,
    source,
    destination,
    ttl: packet.isHeaderRebuilt ? undefined : header.hopLimit,
    id: undefined,
  }
  if (protocol === PROTOCOL.icmp6) return icmp6(base, upperLength)
  return transport({ ...base, upperLength }, protocol)
}

function transport(upper: Upper, protocol: number): TcpSighting | UdpSighting | undefined {
  if (protocol === PROTOCOL.tcp) return tcp(upper)
  return protocol === PROTOCOL.udp ? udp(upper) : undefined
}

function tcp({ upperLength, ...base }: Upper): TcpSighting | undefined {
  const header = decodeTcp(base.octets, base.upper, base.to, upperLength)
  if (header === undefined) return undefined
  const { sourcePort, destinationPort, seq, ack, flags, window, headerLength } = header
  const payload = base.upper + headerLength
  return { kind: 'tcp', ...base, sourcePort, destinationPort, seq, ack, flags, window, payload }
}

function udp({ upperLength, ...base }: Upper): UdpSighting | undefined {
  const header = decodeUdp(base.octets, base.upper, base.to, upperLength)
  if (header === undefined) return undefined
  const { sourcePort, destinationPort, length } = header
  const payloadLength = (length === 0 ? upperLength : length) - UDP_HEADER_LENGTH
  return { kind: 'udp', ...base, sourcePort, destinationPort, payloadLength }
}

function icmp4(base: Base, upperLength: number): IcmpSighting | IcmpErrorSighting | undefined {
  const message = decodeIcmp4(base.octets, base.upper, base.to, upperLength)
  switch (message?.kind) {
    case 'echo-request':
    case 'echo-reply':
    case 'timestamp-request':
    case 'timestamp-reply':
    case 'mask-request':
    case 'mask-reply':
      return { kind: 'icmp', ...base, what: message.kind, icmpId: message.id, icmpSeq: message.seq }
    case 'destination-unreachable':
    case 'time-exceeded':
    case 'parameter-problem':
      return icmpError(base, message.code, message.quote)
    // A redirect and a source quench say nothing of what became of the packet (RFC 792, RFC 6633).
    default:
      return undefined
  }
}

function icmp6(base: Base, upperLength: number): Sighting | undefined {
  const message = decodeIcmp6(base.octets, base.upper, base.to, upperLength)
  switch (message?.kind) {
    case undefined:
      return undefined
    case 'echo-request':
    case 'echo-reply':
      return { kind: 'icmp', ...base, what: message.kind, icmpId: message.id, icmpSeq: message.seq }
    case 'neighbour-solicitation':
    case 'neighbour-advertisement':
      return neighbour(base, message)
    case 'destination-unreachable':
    case 'packet-too-big':
    case 'time-exceeded':
    case 'parameter-problem':
    case 'unknown':
      return icmpError(base, message.code, message.quote)
  }
}

function icmpError(base: Base, code: number, quote: Span | undefined): IcmpErrorSighting | undefined {
  const quoted = quote && quotedOf(base.octets, quote)
  const type = base.octets[base.upper] ?? 0
  // A version 6 packet quoted over version 4, or the reverse, cannot be one that was sent that way.
  return quoted?.family === base.family ? { kind: 'icmp-error', ...base, type, code, quoted } : undefined
}

type Neighbour = Extract<Icmp6, { kind: 'neighbour-solicitation' | 'neighbour-advertisement' }>

function neighbour(base: Base, message: Neighbour): NeighbourSighting | undefined {
  const { kind, code, target, options } = message
  if (code !== 0 || (base.ttl ?? NEIGHBOUR_HOPS) !== NEIGHBOUR_HOPS) return undefined
  const isSolicitation = kind === 'neighbour-solicitation'
  const wanted = isSolicitation ? 'source-link-layer' : 'target-link-layer'
  const option = options.find((each) => each.kind === wanted)
  const hardwareAddress = option !== undefined && 'mac' in option ? option.mac : undefined
  const what = isSolicitation ? 'solicitation' : 'advertisement'
  return { kind: 'neighbour', ...base, what, target, hardwareAddress }
}

function arp(packet: SeenPacket, { header }: Extract<Network, { kind: 'arp' }>): ArpSighting | undefined {
  const { hardwareType, protocolType, hardwareLength, protocolLength, operation, sender, target } = header
  const isIpv4 = protocolType === ETHER_TYPE.ipv4 && protocolLength === ARP.protocolLength
  const isEthernet = hardwareType === ARP.ethernet && hardwareLength === ARP.hardwareLength
  if (!isIpv4 || !isEthernet || (operation !== ARP.request && operation !== ARP.reply)) return undefined
  const to = header.payload.from
  const length = 8 + 2 * (hardwareLength + protocolLength)
  return {
    kind: 'arp',
    ...seen(packet, to - length, to - length, to, length),
    family: 4,
    source: sender.protocol,
    destination: target.protocol,
    operation: operation === ARP.request ? 'request' : 'reply',
    hardwareAddress: sender.hardware,
  }
}
