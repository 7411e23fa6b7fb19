import { localFault } from '../io/local-fault.ts'
import { LocalFault } from '../model/errors.ts'
import { type Arp, decodeArp } from '../wire/arp.ts'
import { isLoopback } from './sim-names.ts'
import { type Answer, type Answerer, errorAbout } from './sim-packet-answer.ts'
import { type Arrived, arrivals, type NetworkWorld } from './sim-packet-arrival.ts'
import { answersOf } from './sim-packet-machine.ts'
import { arpReply, ETHERNET_LENGTH } from './sim-packet-make.ts'
import { type Fate, fates, spoilt } from './sim-packet-mischief.ts'
import { type Places, places, subjectOf } from './sim-packet-places.ts'
import type { Parcel } from './sim-packet-read.ts'
import type { Hop, Mischief } from './sim-packet-world.ts'

/** What the network does with one packet. */
export interface Carried {
  /** The machine could not send it. */
  readonly fault?: LocalFault
  /** Nobody on the link has this address, so that the packet never leaves. */
  readonly absent?: string
  /** How often it is seen as it leaves. */
  readonly departures: number
  readonly answers: readonly Answer[]
}

/** Everything beyond this machine's interface. */
export interface PacketNetwork {
  carry(parcel: Parcel): Carried
  /** Of an Ethernet frame with an ARP message. */
  carryArp(frame: Uint8Array): Carried
}

const HOP_MS = 0.2
const LATENCY_MS = 0.1

export function packetNetwork(world: NetworkWorld): PacketNetwork {
  const { script, isOwn } = world
  const place = places(script, isOwn)
  const fateOf = fates(script.mischief ?? {})
  const arrived = arrivals(world, place)
  return {
    carry(parcel) {
      const { destination } = parcel
      const code = script.routes?.[destination]
      if (code !== undefined) return failed(localFault(code, `send to ${destination}`, 'send'))
      const isNear = place.hopsTo(destination).length === 0
      if (isNear && place.isAbsent(destination)) return { absent: destination, departures: 0, answers: [] }
      const fate = fateOf(subjectOf(parcel), portOf(parcel))
      const by = answerer(world, place, parcel, fate.mischief)
      const answers = answersTo(parcel, fate, by, place.hopsTo(subjectOf(parcel)), arrived)
      if (answers instanceof LocalFault) return failed(answers)
      const departures = fate.mischief.departures ?? 1
      // Nothing comes back to a source address that is somebody else's.
      return { departures, answers: isOwn(parcel.source) ? spoilt(answers, fate.mischief) : [] }
    },
    carryArp(frame) {
      const arp = decodeArp(frame, ETHERNET_LENGTH)
      const { mischief, isLost } = fateOf(arp?.target.protocol ?? '', undefined)
      const answers = arp === undefined || isLost ? [] : arpAnswers(arp, place)
      return { departures: mischief.departures ?? 1, answers: spoilt(answers, mischief) }
    },
  }
}

function failed(fault: LocalFault): Carried {
  return { fault, departures: 0, answers: [] }
}

function answerer(world: NetworkWorld, place: Places, parcel: Parcel, mischief: Mischief): Answerer {
  return {
    mischief,
    random: world.random,
    wallMs: world.clock.wallMs(),
    distanceOf(address) {
      const hops = place.hopsTo(subjectOf(parcel))
      const at = hops.findIndex((hop) => hop.address === address)
      return at >= 0 ? at : hops.length
    },
  }
}

function answersTo(
  parcel: Parcel,
  { isLost }: Fate,
  by: Answerer,
  hops: readonly Hop[],
  arrived: Arrived,
): readonly Answer[] | LocalFault {
  if (isLost) return []
  return hops.length > 0 && parcel.ttl <= hops.length ? timeExceeded(parcel, hops, by) : arrived(parcel, by)
}

function portOf({ upper }: Parcel): number | undefined {
  return upper?.kind === 'tcp' || upper?.kind === 'udp' ? upper.header.destinationPort : undefined
}

/** ICMP type 11, in IPv6 type 3, from the router where the time is over. */
function timeExceeded(parcel: Parcel, hops: readonly Hop[], by: Answerer): readonly Answer[] {
  const at = Math.max(0, parcel.ttl - 1)
  const { address: from, afterMs = HOP_MS * (at + 1) } = hops[at] ?? {}
  if (from === undefined) return []
  return [errorAbout(parcel, { type: parcel.family === 4 ? 11 : 3, code: 0, from, afterMs }, by)]
}

const REQUEST = 1

function arpAnswers(arp: Arp, place: Places): readonly Answer[] {
  const isPlain = arp.hardwareLength === 6 && arp.protocolLength === 4
  const address = arp.target.protocol
  const mac = isPlain && arp.operation === REQUEST ? place.neighbour(address) : undefined
  if (mac === undefined) return []
  const asker = { mac: arp.sender.hardware, address: arp.sender.protocol }
  return answersOf(arpReply({ mac, address }, asker), place.machineAt(address).afterMs ?? LATENCY_MS)
}

/** Whether packets to an address stay on this machine. */
export function staysHome(address: string, isOwn: (address: string) => boolean): boolean {
  return isLoopback(address) || isOwn(address)
}
