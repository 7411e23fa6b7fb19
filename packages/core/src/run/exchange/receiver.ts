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
  readonly timeoutNs: number
  readonly listener: ExchangeListener
  /** The kinds of probes that a packet may have to do with. */
  probesOf(sighting: Sighting): Iterable<PacketProbe>
}

/** Finds the shot that each packet belongs to, and tells what became of the shots. */
export interface Receiver {
  see(packet: SeenPacket): void
  /** False when it answers no shot; then nothing was told. */
  takeAnswer(sighting: Sighting, packet: SeenPacket): boolean
  /** Ends the shots whose time is over, or all of them. */
  expire(all?: boolean): void
}

export function createReceiver(options: ReceiverOptions, ledger: Ledger): Receiver {
  const { clock, isStamped, timeoutNs, listener, probesOf } = options
  const { states, departures } = ledger

  const kindOf = (index: number, atNs: number): AnswerKind => {
    const state = states.of(index)
    if (state === 'answered') return 'again'
    return state === 'silent' || atNs > ledger.sentNs(index) + timeoutNs ? 'late' : 'first'
  }

  const arrive = (
    { index, isAmbiguous }: Attribution,
    role: 'answer' | 'error',
    sighting: Sighting,
    packet: SeenPacket,
  ): void => {
    const { timeNs, era } = packet
    const kind = kindOf(index, timeNs)
    if (kind === 'first') states.settle(index, 'answered')
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
  const find = (sighting: Sighting): Found | undefined => attributeTo(probesOf(sighting), ledger, sighting)

  return {
    see(packet) {
      const sighting = sight(packet)
      const found = sighting && find(sighting)
      if (found === undefined || sighting === undefined) listener.stranger?.(packet)
      else take(found, sighting, packet)
    },
    takeAnswer(sighting, packet) {
      const found = find(sighting)
      if (found === undefined || found.role === 'probe') return false
      take(found, sighting, packet)
      return true
    },
    expire(all = false) {
      const nowNs = clock.nowNs()
      for (let index = states.oldest(); index !== undefined; index = states.oldest()) {
        const waitedNs = nowNs - ledger.sentNs(index)
        if (!all && waitedNs < timeoutNs) return
        states.settle(index, 'silent')
        listener.silent?.(index, waitedNs)
      }
    },
  }
}

interface Found extends Attribution {
  readonly role: Claim['role']
}

/** The shot of the first kind of probe that the packet has to do with. */
function attributeTo(probes: Iterable<PacketProbe>, ledger: Ledger, sighting: Sighting): Found | undefined {
  for (const probe of probes) {
    const claim = probe.claim(sighting)
    const found = claim && attribute(ledger, probe, claim)
    if (claim !== undefined && found !== undefined) return { ...found, role: claim.role }
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
