import type { Clock } from '../../io/io.ts'
import type { OutgoingPacket, PacketChannel, SeenPacket } from '../../io/packets.ts'
import type { LocalFault } from '../../model/errors.ts'
import type { Observation } from '../../model/observation.ts'
import type { PacketProbe, Timing } from '../../probes/packet/packet-probe.ts'
import type { Sighting } from '../../probes/packet/sighting.ts'

/** `first`: the answer; `again`: one more to the same shot; `late`: the first one, but its time was over. */
export type AnswerKind = 'first' | 'again' | 'late'

/** A packet that belongs to a shot. Valid during the call only. */
export interface ShotAnswer {
  readonly kind: AnswerKind
  /** The target's own answer, or an ICMP error about the shot. */
  readonly role: 'answer' | 'error'
  readonly sighting: Sighting
  readonly packet: SeenPacket
  readonly timing: Timing
  /** The fact that it is. */
  observe(): Observation
}

/** Whoever wants to know what becomes of the shots. What a method is given is valid during the call only. */
export interface ExchangeListener {
  /** Handed to the system, at this time of the clock. */
  sent?(index: number, packet: OutgoingPacket, atNs: number): void
  /** Seen on its way out. */
  departed?(index: number, packet: SeenPacket): void
  answered?(index: number, answer: ShotAnswer): void
  /** Its time is over. */
  silent?(index: number, waitedNs: number): void
  /** The system did not send it. */
  refused?(index: number, fault: LocalFault): void
  /** A packet of interest that belongs to no shot. */
  stranger?(packet: SeenPacket): void
}

export interface ExchangeOptions {
  readonly channel: PacketChannel
  readonly clock: Clock
  /** What the aims use; packets are matched in this order. */
  readonly probes: readonly PacketProbe[]
  /** How long a shot waits for its answer, nanoseconds; a function is asked each time, and tells it for all that fly. */
  readonly timeoutNs: number | (() => number)
  readonly listener: ExchangeListener
  /** Shots that are remembered, and that may fly at once: a power of two. */
  readonly capacity?: number | undefined
}
