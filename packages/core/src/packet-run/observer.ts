import type { SeenPacket } from '../io/packets.ts'
import type { LocalFault } from '../model/errors.ts'
import type { Verdict } from '../model/observation.ts'
import type { Protocol } from '../model/target.ts'
import type { ShotAnswer } from '../run/exchange/listener.ts'
import type { HostTally } from './tally.ts'

/** A packet as it was sent or seen. */
export interface ShownPacket
  extends Pick<SeenPacket, 'linkType' | 'octets' | 'from' | 'to' | 'length'>,
    Partial<Pick<SeenPacket, 'isHeaderRebuilt'>> {}

/** One probe of a run. */
export interface Shot {
  readonly host: HostTally
  readonly protocol: Protocol
  /** 0 where the protocol has none. */
  readonly port: number
  /** From 0; of a traceroute one less than the hop. */
  readonly round: number
  /** From 0, over the whole run. */
  readonly index: number
}

/** Whoever hears what happens in a run of packets. What it is given is valid during the call only. */
export interface Observer {
  /** A packet was handed to the system. */
  sent?(shot: Shot, packet: ShownPacket, atNs: number): void
  /** It was seen on its way out. */
  departed?(shot: Shot, packet: SeenPacket): void
  answered?(shot: Shot, answer: ShotAnswer, verdict: Verdict): void
  silent?(shot: Shot, waitedNs: number, verdict: Verdict): void
  refused?(shot: Shot, fault: LocalFault): void
}
