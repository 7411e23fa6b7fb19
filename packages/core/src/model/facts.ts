import type { Endpoint, Family } from './target.ts'
import type { TlsFact } from './tls-fact.ts'

/**
 * Which clock measured a round trip: `packet` stamps of a packet socket, `kernel` the handshake's own
 * measurement (TCP_INFO), `process` monotonic time around the system call.
 */
export type ClockName = 'packet' | 'kernel' | 'process'

/**
 * How a port or host was asked, which decides what an answer means: `tcp` by the system's connect(), `udp` by a
 * datagram, the others by one packet of the name's kind. `tcp-rst` has RST among its flags, `tcp-other` any others; `neighbour` is IPv6's
 * neighbour solicitation.
 */
export type Method =
  | 'tcp'
  | 'udp'
  | 'tcp-syn'
  | 'tcp-ack'
  | 'tcp-window'
  | 'tcp-fin'
  | 'tcp-null'
  | 'tcp-xmas'
  | 'tcp-maimon'
  | 'tcp-rst'
  | 'tcp-other'
  | 'icmp-echo'
  | 'icmp-timestamp'
  | 'icmp-mask'
  | 'arp'
  | 'neighbour'

interface Timed {
  /** Nanoseconds from this probe's packet to its answer; undefined when no single round trip is known (SYN resent). */
  readonly rttNs: number | undefined
  readonly clock: ClockName
  /** Nanoseconds from the start of the probe until the answer was seen, retransmissions included. */
  readonly elapsedNs: number
  /** SYN segments, or packets of another probe, that were sent; undefined when the system does not tell. */
  readonly syns: number | undefined
}

/** The three-way handshake was completed. */
export interface Handshake extends Timed {
  readonly kind: 'handshake'
  /** The peer reset the connection right after the handshake: the port is open all the same. */
  readonly reset: boolean
  readonly local: Endpoint
  readonly tls?: TlsFact
}

/** The connection was refused: by a RST, or by something that the system does not tell from one. */
export interface Refused extends Timed {
  readonly kind: 'refused'
  readonly by: 'rst' | 'unknown'
}

/** A TCP segment came back for a single packet (RFC 9293). */
export interface SegmentAnswer extends Timed {
  readonly kind: 'segment'
  /** A mask of `TCP_FLAG`s. */
  readonly flags: number
  readonly window: number
  readonly seq: number
  readonly ack: number
  /** The largest segment that the other side takes, where it said so. */
  readonly mss?: number
  readonly from: string
  /** Time to live or hop limit on arrival; undefined when it is not known. */
  readonly ttl: number | undefined
}

/** A host showed that it is there, by ICMP, ARP or neighbour discovery. */
export interface HostReply extends Timed {
  readonly kind: 'host-reply'
  readonly what: 'echo-reply' | 'timestamp-reply' | 'mask-reply' | 'arp-reply' | 'neighbour-advertisement'
  readonly from: string
  /** Time to live or hop limit on arrival; undefined when it is not known, or there is none (ARP). */
  readonly ttl: number | undefined
  /** `02:00:00:00:00:01`, where the answer says it. */
  readonly hardwareAddress?: string
}

/** An ICMP error came back for this probe's packet (RFC 792, RFC 4443). */
export interface IcmpError extends Timed {
  readonly kind: 'icmp-error'
  readonly family: Family
  readonly type: number
  readonly code: number
  /** Who sent the error; undefined when the system does not tell. */
  readonly from: string | undefined
  /** Time to live or hop limit of the error on arrival; left out where it is not known. */
  readonly ttl?: number
}

/** The system gave up with an error number only: no route at hand, or an ICMP error that it does not show. */
export interface Unreachable extends Timed {
  readonly kind: 'unreachable'
  readonly code: UnreachableCode
}
export type UnreachableCode = 'EHOSTUNREACH' | 'ENETUNREACH' | 'EHOSTDOWN' | 'ENETDOWN' | 'ENOPROTOOPT'

/** A datagram came back from the port. What is left out is not known. */
export interface Reply extends Timed {
  readonly kind: 'reply'
  readonly from?: string
  readonly ttl?: number
  /** Of its payload, in octets. */
  readonly length?: number
}

/** Nothing came back in time. */
export interface Silence {
  readonly kind: 'silence'
  readonly waitedNs: number
  readonly syns: number | undefined
}

/** What came back, or did not. Never a judgement: `classify` makes those. */
export type Observation =
  | Handshake
  | SegmentAnswer
  | Reply
  | HostReply
  | Refused
  | IcmpError
  | Unreachable
  | Silence
