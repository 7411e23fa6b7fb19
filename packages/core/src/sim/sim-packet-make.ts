import { type ArpHeader, encodeArp } from '../wire/arp.ts'
import { ETHER_TYPE } from '../wire/ether-type.ts'
import { encodeEthernet } from '../wire/ethernet.ts'
import { encodeIcmp4, type Icmp4Header, icmp4HeaderLength } from '../wire/icmp4.ts'
import { encodeIcmp6, type Icmp6Header, icmp6HeaderLength } from '../wire/icmp6.ts'
import { encodeIpv4 } from '../wire/ipv4.ts'
import { encodeIpv6 } from '../wire/ipv6.ts'
import { addressOctets } from '../wire/octets.ts'
import { type Covered, SEALED } from '../wire/seal.ts'
import { encodeTcp, type TcpHeader, tcpHeaderLength } from '../wire/tcp.ts'
import { encodeUdp, UDP_HEADER_LENGTH } from '../wire/udp.ts'

/** The IP header of a made packet; the family follows from the addresses. */
export interface IpWay {
  readonly source: string
  readonly destination: string
  /** Time to live or hop limit; 64 when not given. */
  readonly ttl?: number
  readonly tos?: number
  /** Of IPv4; 0 when not given. */
  readonly id?: number
  readonly dontFragment?: boolean
  /** Of IPv4, as on the wire. */
  readonly optionOctets?: Uint8Array
  /** Of IPv6. */
  readonly flowLabel?: number
}

const NO_OCTETS = new Uint8Array()
const DEFAULT_TTL = 64
const ICMP = 1
const LONGEST_HEADERS = 40 + 60

/** A TCP segment with right checksums. What is not given is zero or empty. */
export function tcpPacket(
  way: IpWay,
  header: Partial<TcpHeader>,
  payload: Uint8Array = NO_OCTETS,
): Uint8Array {
  const whole = { ...NO_SEGMENT, ...header }
  return ipPacket(way, SEALED.tcp.protocol, tcpHeaderLength(whole), payload, (into, at, seal) =>
    encodeTcp(whole, into, at, seal),
  )
}

const NO_SEGMENT: TcpHeader = {
  sourcePort: 0,
  destinationPort: 0,
  seq: 0,
  ack: 0,
  reserved: 0,
  flags: 0,
  window: 0,
  urgent: 0,
  options: [],
}

/** A UDP datagram with right checksums. */
export function udpPacket(
  way: IpWay,
  ports: { readonly sourcePort: number; readonly destinationPort: number },
  payload: Uint8Array = NO_OCTETS,
): Uint8Array {
  const header = { ...ports, length: UDP_HEADER_LENGTH + payload.length }
  return ipPacket(way, SEALED.udp.protocol, UDP_HEADER_LENGTH, payload, (into, at, seal) =>
    encodeUdp(header, into, at, seal),
  )
}

/** An ICMPv4 message with right checksums. */
export function icmp4Packet(way: IpWay, header: Icmp4Header, payload: Uint8Array = NO_OCTETS): Uint8Array {
  return ipPacket(way, ICMP, icmp4HeaderLength(header), payload, (into, at, seal) =>
    encodeIcmp4(header, into, at, seal),
  )
}

/** An ICMPv6 message with a right checksum. */
export function icmp6Packet(way: IpWay, header: Icmp6Header, payload: Uint8Array = NO_OCTETS): Uint8Array {
  return ipPacket(way, SEALED.icmp6.protocol, icmp6HeaderLength(header), payload, (into, at, seal) =>
    encodeIcmp6(header, into, at, seal),
  )
}

/** Puts payload, transport header and IP header together, from the inside out, as checksums want it. */
function ipPacket(
  way: IpWay,
  protocol: number,
  headerLength: number,
  payload: Uint8Array,
  encode: (into: Uint8Array, at: number, seal: Covered) => void,
): Uint8Array {
  const upper = new Uint8Array(headerLength + payload.length)
  upper.set(payload, headerLength)
  const [source, destination] = [addressOctets(way.source), addressOctets(way.destination)]
  encode(upper, 0, { source, destination, payloadLength: payload.length })
  const into = new Uint8Array(LONGEST_HEADERS + upper.length)
  const length = encodeIp(way, protocol, into, upper.length)
  into.set(upper, length)
  return into.slice(0, length + upper.length)
}

function encodeIp(way: IpWay, protocol: number, into: Uint8Array, upperLength: number): number {
  const { source, destination, ttl = DEFAULT_TTL, tos = 0 } = way
  if (source.includes(':')) {
    const { flowLabel = 0 } = way
    const header = { trafficClass: tos, flowLabel, hopLimit: ttl, extensions: [] }
    return encodeIpv6({ ...header, source, destination, protocol }, into, 0, upperLength)
  }
  const { id = 0, dontFragment = false, optionOctets = NO_OCTETS } = way
  const fragment = { isReservedSet: false, dontFragment, moreFragments: false, fragmentOffset: 0 }
  const header = { tos, id, ...fragment, ttl, optionOctets }
  return encodeIpv4({ ...header, source, destination, protocol }, into, 0, upperLength)
}

export const BROADCAST_MAC = 'ff:ff:ff:ff:ff:ff'
const NOBODYS_MAC = '00:00:00:00:00:00'
const ARP_LENGTH = 28
export const ETHERNET_LENGTH = 14

interface Neighbour {
  readonly mac: string
  readonly address: string
}

/** A frame that asks who has an IPv4 address. */
export function arpRequest(from: Neighbour, address: string): Uint8Array {
  return arpFrame(1, from, { mac: NOBODYS_MAC, address }, BROADCAST_MAC)
}

/** A frame that says who has the address of `from`. */
export function arpReply(from: Neighbour, to: Neighbour): Uint8Array {
  return arpFrame(2, from, to, to.mac)
}

function arpFrame(operation: number, from: Neighbour, to: Neighbour, destination: string): Uint8Array {
  const header: ArpHeader = {
    hardwareType: 1,
    protocolType: ETHER_TYPE.ipv4,
    hardwareLength: 6,
    protocolLength: 4,
    operation,
    sender: { hardware: from.mac, protocol: from.address },
    target: { hardware: to.mac, protocol: to.address },
  }
  const message = new Uint8Array(ARP_LENGTH)
  encodeArp(header, message, 0)
  return framed(message, from.mac, destination)
}

/** An ARP message in its Ethernet frame. */
export function framed(message: Uint8Array, source: string, destination: string): Uint8Array {
  const frame = new Uint8Array(ETHERNET_LENGTH + message.length)
  encodeEthernet({ source, destination, tags: [], type: ETHER_TYPE.arp }, frame, 0)
  frame.set(message, ETHERNET_LENGTH)
  return frame
}
