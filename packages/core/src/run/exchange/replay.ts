import type { Clock } from '../../io/io.ts'
import type { SeenPacket } from '../../io/packets.ts'
import type { PacketProbe } from '../../probes/packet/packet-probe.ts'
import { sight } from '../../probes/packet/sight.ts'
import type { Sighting } from '../../probes/packet/sighting.ts'
import { type Aim, createLedger } from './ledger.ts'
import type { ExchangeListener } from './listener.ts'
import { createReceiver } from './receiver.ts'
import { flowKey, isFreshSyn, isLikelyProbe, type RecordedProbe, recordedProbe } from './recorded-probe.ts'

export interface ReplayOptions {
  /** How long a shot waits for its answer, nanoseconds of the capture. */
  readonly timeoutNs: number
  readonly listener: ExchangeListener & {
    /** A packet that was a probe. */
    shot?(index: number, aim: Aim, packet: SeenPacket): void
  }
  /** Which packets are probes; when not given, all that look like one. */
  readonly selects?: ((sighting: Sighting, probe: PacketProbe) => boolean) | undefined
}

/** Finds the probes in a capture, and their answers, by the same rules as live ones. */
export interface Replay {
  /** Takes the packets in their order. */
  see(packet: SeenPacket): void
  /** No packet follows: what has no answer stays without. */
  end(): void
  aimOf(index: number): Aim | undefined
}

const CAPACITY = 2 ** 17
/** Flows of a capture that are remembered. */
const MOST_FLOWS = 2 ** 17
/** Kinds of probes of one flow that are remembered. */
const MOST_PROBES = 64

export function createReplay({ timeoutNs, listener, selects }: ReplayOptions): Replay {
  const isSelected = selects ?? isLikelyProbe
  let nowNs = 0
  const clock: Pick<Clock, 'nowNs'> = { nowNs: () => nowNs }
  const ledger = createLedger(CAPACITY)
  const flows = createFlowProbes()
  const receiver = createReceiver({ clock, isStamped: true, timeoutNs, listener, probesOf: flows.of }, ledger)

  const shoot = ({ probe, source, destination, port, ttl }: RecordedProbe, packet: SeenPacket): void => {
    if (!ledger.hasRoom()) return
    const family = destination.includes(':') ? 6 : 4
    const route = { family, source, destination, ...UNKNOWN_WAY } as const
    const aim = { probe, route, port, ttl }
    const index = ledger.add(aim, packet.timeNs)
    ledger.departures.depart(index, packet.timeNs, packet.era)
    listener.shot?.(index, aim, packet)
  }

  /** The probe that the packet is, or is once more. */
  const probeIn = (sighting: Sighting, packet: SeenPacket): RecordedProbe | undefined => {
    const again = repeated(flows.of(sighting), sighting)
    if (again === undefined && flows.has(sighting) && !mayFollow(sighting)) return undefined
    const recorded = recordedProbe(sighting, packet)
    if (recorded === undefined || !isSelected(sighting, recorded.probe)) return undefined
    if (again === undefined) flows.add(sighting, recorded.probe)
    return again === undefined ? recorded : { ...recorded, probe: again }
  }

  return {
    see(packet) {
      nowNs = Math.max(nowNs, packet.timeNs)
      receiver.expire()
      const sighting = sight(packet)
      if (sighting !== undefined && receiver.takeAnswer(sighting, packet)) return
      const recorded = sighting && probeIn(sighting, packet)
      if (recorded === undefined) listener.stranger?.(packet)
      else shoot(recorded, packet)
    },
    end: () => receiver.expire(true),
    aimOf: ledger.aimOf,
  }
}

const UNKNOWN_WAY = {
  interfaceName: undefined,
  interfaceIndex: 0,
  gateway: undefined,
  hardwareAddress: undefined,
} as const

/** The probe of this flow that made this very packet before. */
function repeated(probes: Iterable<PacketProbe>, sighting: Sighting): PacketProbe | undefined {
  for (const probe of probes) if (probe.claim(sighting)?.role === 'probe') return probe
  return undefined
}

/** Of TCP only a SYN begins anew where packets went before; all else is questions, each by itself. */
function mayFollow(sighting: Sighting): boolean {
  return (
    sighting.kind === 'icmp' ||
    sighting.kind === 'arp' ||
    sighting.kind === 'neighbour' ||
    isFreshSyn(sighting)
  )
}

/** The probes of each flow; the oldest flows are forgotten first. */
function createFlowProbes() {
  const flows = new Map<string, PacketProbe[]>()
  return {
    has: (sighting: Sighting): boolean => flows.has(flowKey(sighting)),
    of: (sighting: Sighting): readonly PacketProbe[] => flows.get(flowKey(sighting)) ?? [],
    add(sighting: Sighting, probe: PacketProbe): void {
      const key = flowKey(sighting)
      const probes = flows.get(key) ?? []
      if (probes.length < MOST_PROBES) probes.push(probe)
      flows.set(key, probes)
      if (flows.size <= MOST_FLOWS) return
      const [oldest] = flows.keys()
      if (oldest !== undefined) flows.delete(oldest)
    },
  }
}
