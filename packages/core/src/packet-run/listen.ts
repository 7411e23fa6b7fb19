import type { OutgoingPacket, SeenPacket } from '../io/packets.ts'
import { classify, type Verdict } from '../model/observation.ts'
import { ETHERNET_BROADCAST } from '../probes/packet/arp-probe.ts'
import type { Aim } from '../run/exchange/ledger.ts'
import type { ExchangeListener, ShotAnswer } from '../run/exchange/listener.ts'
import { LINK_TYPE } from '../wire/link.ts'
import type { AimedShot } from './aims.ts'
import type { Observer, Shot, ShownPacket } from './observer.ts'
import type { PacketRun } from './packet-run.ts'
import { countLate, countReceived, countSent, countSilence } from './tally.ts'

const ETHERNET_HEADER = 14
const ARP = [0x08, 0x06] as const

const UNKNOWN: Verdict = { state: 'unknown', reason: 'no-response' }

export interface ListenOptions {
  /** Nothing is heard, hence silence says nothing. */
  readonly sendOnly?: boolean | undefined
  /** No host answers such packets, as those with a wrong checksum: silence says nothing of the port. */
  readonly isBroken?: boolean | undefined
  /** A packet that belongs to no probe of this run. */
  readonly stranger?: ((packet: SeenPacket) => void) | undefined
}

/** Counts and judges what becomes of the shots, and tells the run's observers. */
export function listenTo(
  { tally, observers }: Pick<PacketRun, 'tally' | 'observers'>,
  shotOf: (index: number) => AimedShot | undefined,
  { sendOnly = false, isBroken = false, stranger }: ListenOptions = {},
): ExchangeListener {
  // A hundred thousand packets a second are not to be made ready for nobody.
  const isSendingTold = observers.some((observer) => observer.sent !== undefined)
  const isLeavingTold = observers.some((observer) => observer.departed !== undefined)
  const tell = (index: number, what: (observer: Observer, shot: Shot) => void): void => {
    const shot = shotOf(index)
    if (shot !== undefined) for (const observer of observers) what(observer, shot)
  }
  return {
    sent(index, packet, atNs) {
      const shot = shotOf(index)
      if (shot === undefined) return
      countSent(tally, shot, packet.length + (isArp(shot) ? ETHERNET_HEADER : 0), atNs)
      if (!isSendingTold) return
      const shown = shownPacket(packet, shot)
      for (const observer of observers) observer.sent?.(shot, shown, atNs)
    },
    departed(index, packet) {
      if (isLeavingTold) tell(index, (observer, shot) => observer.departed?.(shot, packet))
    },
    answered(index, answer) {
      const shot = shotOf(index)
      if (shot === undefined) return
      const verdict = classify(answer.observe(), shot.probe.method)
      count(tally, shot, answer, verdict)
      for (const observer of observers) observer.answered?.(shot, answer, verdict)
    },
    silent(index, waitedNs) {
      const shot = shotOf(index)
      if (sendOnly || shot === undefined) return
      const verdict = isBroken ? UNKNOWN : classify({ kind: 'silence', waitedNs, syns: 1 }, shot.probe.method)
      countSilence(shot, verdict)
      for (const observer of observers) observer.silent?.(shot, waitedNs, verdict)
    },
    refused(index, fault) {
      tally.refused += 1
      tell(index, (observer, shot) => observer.refused?.(shot, fault))
    },
    ...(stranger === undefined ? {} : { stranger }),
  }
}

/** The first answer in time is the one that counts. */
function count(tally: PacketRun['tally'], shot: Shot, answer: ShotAnswer, verdict: Verdict): void {
  const { kind, sighting, timing } = answer
  if (kind === 'again') tally.again += 1
  else if (kind === 'late') countLate(tally, shot, verdict, sighting.source)
  else
    countReceived(tally, shot, {
      octets: sighting.length,
      verdict,
      from: sighting.source,
      rttNs: timing.rttNs,
    })
}

function isArp({ probe }: Aim): boolean {
  return probe.interest.protocol === 'arp'
}

/** An ARP message gets the header that the interface puts in front of it. */
function shownPacket({ octets, length }: OutgoingPacket, aim: Aim): ShownPacket {
  if (!isArp(aim)) return { linkType: LINK_TYPE.raw, octets, from: 0, to: length, length }
  const frame = new Uint8Array(ETHERNET_HEADER + length)
  frame.set(ETHERNET_BROADCAST, 0)
  frame.set(aim.route.hardwareAddress ?? [], 6)
  frame.set(ARP, 12)
  frame.set(octets.subarray(0, length), ETHERNET_HEADER)
  return { linkType: LINK_TYPE.ethernet, octets: frame, from: 0, to: frame.length, length: frame.length }
}
