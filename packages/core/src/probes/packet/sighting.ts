import type { SeenPacket } from '../../io/packets.ts'
import type { Family } from '../../model/target.ts'
import type { QuotedPacket } from '../../wire/quoted-packet.ts'

/** What every packet says. `octets` may be read during the call in which the packet was seen, the rest is a copy. */
interface Seen {
  readonly octets: Uint8Array
  /** Where the IP header, or the ARP message, begins in `octets`. */
  readonly network: number
  /**
   * Where the header of TCP, UDP or ICMP begins; of ARP the same as `network`. IPv4's options are what lies between octet
   * `network + 20` and this one: `recordedRouteOf` reads one of them.
   */
  readonly upper: number
  /** Behind the last octet that was captured and belongs to the packet. */
  readonly to: number
  /** Octets on the wire from the IP header, or the ARP message, on, as its header says. */
  readonly length: number
  readonly direction: SeenPacket['direction']
  readonly timeNs: number
  readonly era: number
  readonly family: Family
  /** Literals in canonical form without a zone; for ARP the sender's and the target's protocol address. */
  readonly source: string
  readonly destination: string
}

interface SeenIp extends Seen {
  /** Time to live or hop limit; undefined where the header was rebuilt, and the next two as well. */
  readonly ttl: number | undefined
  /** Of IPv4; undefined for IPv6. */
  readonly id: number | undefined
}

/** A TCP segment whose header is whole up to its options. */
export interface TcpSighting extends SeenIp {
  readonly kind: 'tcp'
  readonly sourcePort: number
  readonly destinationPort: number
  readonly seq: number
  readonly ack: number
  /** A mask of `TCP_FLAG`s. */
  readonly flags: number
  readonly window: number
  /**
   * Where the header ends, and the payload begins, by the data offset; may lie behind `to`. The options begin at octet
   * `upper + 20`: `timestampOf` reads one of them.
   */
  readonly payload: number
}

/** A datagram, or the first fragment of one. */
export interface UdpSighting extends SeenIp {
  readonly kind: 'udp'
  readonly sourcePort: number
  readonly destinationPort: number
  /** Octets of payload, as its header says. */
  readonly payloadLength: number
}

/** A request or reply of ICMP or ICMPv6: echo, or time stamps and address masks (IPv4 only). */
export interface IcmpSighting extends SeenIp {
  readonly kind: 'icmp'
  readonly what: `${'echo' | 'timestamp' | 'mask'}-${'request' | 'reply'}`
  readonly icmpId: number
  readonly icmpSeq: number
}

/** An ICMP or ICMPv6 error, and the packet that it is about as far as it was quoted and captured. */
export interface IcmpErrorSighting extends SeenIp {
  readonly kind: 'icmp-error'
  readonly type: number
  readonly code: number
  readonly quoted: QuotedPacket
}

/** An ARP request or reply about IPv4 addresses on Ethernet. */
export interface ArpSighting extends Seen {
  readonly kind: 'arp'
  readonly operation: 'request' | 'reply'
  /** The sender's: `02:00:00:00:00:01`. */
  readonly hardwareAddress: string
}

/** A neighbour solicitation or advertisement (RFC 4861). */
export interface NeighbourSighting extends SeenIp {
  readonly kind: 'neighbour'
  readonly what: 'solicitation' | 'advertisement'
  /** Who is looked for, or advertised. */
  readonly target: string
  /** Of the link-layer option: the source's in a solicitation, the target's in an advertisement. */
  readonly hardwareAddress: string | undefined
}

/** What a packet says that may belong to a probe. */
export type Sighting =
  | TcpSighting
  | UdpSighting
  | IcmpSighting
  | IcmpErrorSighting
  | ArpSighting
  | NeighbourSighting
