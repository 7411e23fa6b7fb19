import type { Interest, Route } from '../../io/packets.ts'
import type { Method, Observation } from '../../model/observation.ts'
import type { Sighting } from './sighting.ts'

/** One packet that is to be sent, or was. */
export interface Shot {
  /** 0 for the first packet of a run; what is random in the packet follows from it. */
  readonly index: number
  readonly route: Route
  /** 0 where the protocol has none. */
  readonly port: number
  /** Time to live or hop limit. */
  readonly ttl: number
}

/** What a packet says about the shot that it belongs to. */
export interface Claim {
  /** Our own packet on its way out, the target's answer, or an ICMP error about it. */
  readonly role: 'probe' | 'answer' | 'error'
  readonly local: string
  readonly remote: string
  /** The shot's source port; 0 where there is none. */
  readonly localPort: number
  /** The shot's `port`. */
  readonly remotePort: number
  /**
   * The shot's index, modulo `modulus`, by the token that came back. undefined when none could come back (UDP
   * answers, numbers that the user fixed, ARP): the oldest shot of that address and those ports without an answer.
   */
  readonly index: number | undefined
  readonly modulus: 0x1_0000 | 0x1_0000_0000
}

/** When the answer came, as an observation wants it. */
export interface Timing {
  /** Nanoseconds; undefined when the two stamps have no difference. */
  readonly rttNs: number | undefined
  readonly clock: 'packet' | 'process'
  readonly elapsedNs: number
}

/** A kind of probe made of one packet: what to send, and what belongs to it. Pure. */
export interface PacketProbe {
  /** Which table its answers are judged by. */
  readonly method: Method
  /** What to let in. */
  readonly interest: Interest
  /** The longest packet that `build` makes, in octets. */
  readonly mostOctets: number
  /** What comes back names its shot. A claim without an index, of a quote that ends before any number, is nobody's then. */
  readonly hasTokens: boolean
  /** Writes the whole packet, IP header and checksums included, or the ARP message; returns its length. The same shot, the same packet. */
  build(shot: Shot, into: Uint8Array): number
  /** undefined for a packet that has nothing to do with probes of this kind. */
  claim(sighting: Sighting): Claim | undefined
  /** The fact that an answer or an error is. */
  observe(sighting: Sighting, timing: Timing): Observation
}
