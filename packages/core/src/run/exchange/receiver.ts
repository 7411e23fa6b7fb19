import type { Clock } from '../../io/io.ts'
import type { SeenPacket } from '../../io/packets.ts'
import type { Observation } from '../../model/observation.ts'
import type { Claim, PacketProbe, Timing } from '../../probes/packet/packet-probe.ts'
import { sight } from '../../probes/packet/sight.ts'
import type { Sighting } from '../../probes/packet/sighting.ts'
import { type Attribution, attribute } from './attribute.ts'
import type { Ledger } from './ledger.ts'
import type { AnswerKind, ExchangeListener } from './listener.ts'

export interface ReceiverOptions {
  readonly clock: Pick<Clock, 'nowNs'>
  /** Whether departures carry stamps that arrivals can be compared with. */
  readonly isStamped: boolean
  /** How long a shot waits for its answer, as it is now. */
  timeoutNs(): number
  readonly listener: ExchangeListener
  /** The kinds of probes that a packet may have to do with. */
  probesOf(sighting: Sighting): Iterable<PacketProbe>
}

/** Finds the shot that each packet belongs to, and tells what became of the shots. */
export interface Receiver {
  see(packet: SeenPacket): void
  /** False when it answers no shot; then nothing was told. */
  takeAnswer(sighting: Sighting, packet: SeenPacket): boolean
  /** Ends the shots whose time, or whose `waitNs`, was over when all had been seen that came until then, now by default. */
  expire(seenNs?: number, waitNs?: number): void
}

export function createReceiver(options: ReceiverOptions, ledger: Ledger): Receiver {
  const { clock, isStamped, timeoutNs, listener, probesOf } = options
  const { states, departures } = ledger

  const silence = (index: number): void => {
    states.settle(index, 'silent')
    listener.silent?.(index, clock.nowNs() - ledger.sentNs(index))
  }

  const arrive = (
    { index, isAmbiguous }: Attribution,
    role: 'answer' | 'error',
    sighting: Sighting,
    packet: SeenPacket,
  ): void => {
    const { timeNs, era } = packet
    const kind = kindOf(ledger, index, timeNs, timeoutNs())
    if (kind === 'late' && states.of(index) === 'flying') silence(index)
    states.settle(index, 'answered')
    const probe = ledger.aimOf(index)?.probe
    if (listener.answered === undefined || probe === undefined) return
    const departedNs = isStamped ? departures.departedNs(index, era) : undefined
    const timing = timingOf(timeNs, ledger.sentNs(index), departedNs, isAmbiguous)
    const observe = (): Observation => probe.observe(sighting, timing)
    listener.answered(index, { kind, role, sighting, packet, timing, observe })
  }

  const take = (found: Found, sighting: Sighting, packet: SeenPacket): void => {
    if (found.role !== 'probe') arrive(found, found.role, sighting, packet)
    else if (departures.depart(found.index, packet.timeNs, packet.era))
      listener.departed?.(found.index, packet)
  }
  const find = (sighting: Sighting, { timeNs }: SeenPacket): Found | undefined =>
    attributeTo(probesOf(sighting), ledger, sighting, timeNs - MOST_LATE * timeoutNs())

  return {
    see(packet) {
      const sighting = sight(packet)
      const found = sighting && find(sighting, packet)
      if (found === undefined || sighting === undefined) listener.stranger?.(packet)
      else take(found, sighting, packet)
    },
    takeAnswer(sighting, packet) {
      const found = find(sighting, packet)
      if (found === undefined || found.role === 'probe') return false
      take(found, sighting, packet)
      return true
    },
    expire(seenNs = clock.nowNs(), waitNs = timeoutNs()) {
      for (let index = states.oldest(); index !== undefined; index = states.oldest()) {
        // The same sum as whoever sleeps until then makes: a difference could be rounded otherwise.
        if (seenNs < ledger.sentNs(index) + waitNs) return
        silence(index)
      }
    },
  }
}

function kindOf({ states, sentNs }: Ledger, index: number, atNs: number, timeoutNs: number): AnswerKind {
  const state = states.of(index)
  if (state === 'answered') return 'again'
  return state === 'silent' || atNs > sentNs(index) + timeoutNs ? 'late' : 'first'
}

/** An answer that comes later is not expected: after so many times the time that a shot has. */
const MOST_LATE = 2

interface Found extends Attribution {
  readonly role: Claim['role']
}

/** The shot of the first kind of probe that the packet has to do with. */
function attributeTo(
  probes: Iterable<PacketProbe>,
  ledger: Ledger,
  sighting: Sighting,
  sinceNs: number,
): Found | undefined {
  for (const probe of probes) {
    const claim = probe.claim(sighting)
    const found = claim && attribute(ledger, probe, claim, sinceNs)
    if (claim !== undefined && found !== undefined) {
      return { index: found.index, isAmbiguous: found.isAmbiguous, role: claim.role }
    }
  }
  return undefined
}

/** Both stamps of the packet clock, else from before the call that sent it: never less than on the wire. */
function timingOf(
  atNs: number,
  sentNs: number,
  departedNs: number | undefined,
  isAmbiguous: boolean,
): Timing {
  const rttNs = atNs - (departedNs ?? sentNs)
  return {
    rttNs: isAmbiguous || !(rttNs >= 0) ? undefined : rttNs,
    clock: departedNs === undefined ? 'process' : 'packet',
    elapsedNs: Math.max(0, atNs - sentNs),
  }
}
