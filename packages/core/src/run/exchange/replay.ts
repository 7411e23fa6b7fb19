import type { Clock } from '../../io/io.ts'
import type { SeenPacket } from '../../io/packets.ts'
import { UNKNOWN_WAY } from '../../io/unknown-way.ts'
import type { PacketProbe } from '../../probes/packet/packet-probe.ts'
import { sight } from '../../probes/packet/sight.ts'
import type { Sighting } from '../../probes/packet/sighting.ts'
import { type Aim, createLedger } from './ledger.ts'
import type { ExchangeListener } from './listener.ts'
import { createReceiver } from './receiver.ts'
import { flowKey, isFreshProbe, isLikelyProbe, type RecordedProbe, recordedProbe } from './recorded-probe.ts'

export interface ReplayOptions {
  /** How long a shot waits for its answer, nanoseconds of the capture. */
  readonly timeoutNs: number
  readonly listener: ExchangeListener & {
    /** A packet that was a probe. */
    shot?(index: number, aim: Aim, packet: SeenPacket, sighting: Sighting): void
  }
  /** Which packets are probes; when not given, all that look like one. */
  readonly selects?: ((sighting: Sighting, probe: PacketProbe) => boolean) | undefined
  /** Segments with ACK are probes also where others went before them, where they look like a connection's otherwise. */
  readonly areAcksProbes?: boolean | undefined
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
/** Probes of one flow that differ, and are remembered: the newest ones. */
const MOST_PROBES = 64

export function createReplay(options: ReplayOptions): Replay {
  const { timeoutNs, listener, selects, areAcksProbes = false } = options
  const isSelected = selects ?? isLikelyProbe
  let nowNs = 0
  const clock: Pick<Clock, 'nowNs'> = { nowNs: () => nowNs }
  const ledger = createLedger(CAPACITY)
  const flows = createFlowProbes()
  const receiver = createReceiver(
    { clock, isStamped: true, timeoutNs: () => timeoutNs, listener, probesOf: flows.of },
    ledger,
  )

  const shoot = (recorded: RecordedProbe, packet: SeenPacket, sighting: Sighting): void => {
    const { probe, source, destination, port, ttl } = recorded
    if (!ledger.hasRoom()) return
    const family = destination.includes(':') ? 6 : 4
    const route = { family, source, destination, ...UNKNOWN_WAY } as const
    const aim = { probe, route, port, ttl }
    const index = ledger.add(aim, packet.timeNs)
    ledger.departures.depart(index, packet.timeNs, packet.era)
    listener.shot?.(index, aim, packet, sighting)
  }

  /** The probe that the packet is, or is once more. */
  const probeIn = (sighting: Sighting, packet: SeenPacket): RecordedProbe | undefined => {
    const again = repeated(flows.of(sighting), sighting)
    if (again === undefined && flows.has(sighting) && !mayFollow(sighting, areAcksProbes)) return undefined
    const recorded = recordedProbe(sighting, packet)
    if (recorded === undefined || !isSelected(sighting, recorded.probe)) return undefined
    if (again === undefined) flows.add(sighting, recorded)
    return again === undefined ? recorded : { ...recorded, probe: again }
  }

  return {
    see(packet) {
      nowNs = Math.max(nowNs, packet.timeNs)
      receiver.expire()
      const sighting = directed(sight(packet), flows)
      if (sighting !== undefined && receiver.takeAnswer(sighting, packet)) return
      const recorded = sighting && probeIn(sighting, packet)
      if (recorded === undefined || sighting === undefined) listener.stranger?.(packet)
      else shoot(recorded, packet, sighting)
    },
    end: () => receiver.expire(undefined, Number.NEGATIVE_INFINITY),
    aimOf: ledger.aimOf,
  }
}

/** The probe of this flow that made this very packet before. */
function repeated(probes: Iterable<PacketProbe>, sighting: Sighting): PacketProbe | undefined {
  for (const probe of probes) if (probe.claim(sighting)?.role === 'probe') return probe
  return undefined
}

/** Of TCP what has no ACK begins anew where packets went before; all else is questions, each by itself. */
function mayFollow(sighting: Sighting, areAcksProbes: boolean): boolean {
  return (
    (areAcksProbes && sighting.kind === 'tcp') ||
    sighting.kind === 'icmp' ||
    sighting.kind === 'arp' ||
    sighting.kind === 'neighbour' ||
    isFreshProbe(sighting)
  )
}

/** Between two ports with the same number only their addresses tell which way a datagram goes: who began, asks. */
function directed(sighting: Sighting | undefined, flows: FlowProbes): Sighting | undefined {
  if (sighting?.kind !== 'udp' || sighting.direction !== 'unknown') return sighting
  const { source, destination, sourcePort, destinationPort } = sighting
  const asker = sourcePort === destinationPort && source !== destination ? flows.askerOf(sighting) : undefined
  return asker === undefined ? sighting : { ...sighting, direction: source === asker ? 'out' : 'in' }
}

interface Flow {
  /** The address that its first probe came from. */
  readonly asker: string
  readonly probes: PacketProbe[]
}

type FlowProbes = ReturnType<typeof createFlowProbes>

/** The probes of each flow; the oldest flows are forgotten first. */
function createFlowProbes() {
  const flows = new Map<string, Flow>()
  // A ring, for to look for the first key of a Map takes longer the more were deleted before it.
  const keys: string[] = []
  let begun = 0
  const begin = (key: string, asker: string): Flow => {
    const oldest = keys[begun % MOST_FLOWS]
    if (oldest !== undefined) flows.delete(oldest)
    keys[begun % MOST_FLOWS] = key
    begun += 1
    const flow = { asker, probes: [] }
    flows.set(key, flow)
    return flow
  }
  const flowOf = (sighting: Sighting): Flow | undefined => flows.get(flowKey(sighting))
  return {
    has: (sighting: Sighting): boolean => flowOf(sighting) !== undefined,
    of: (sighting: Sighting): readonly PacketProbe[] => flowOf(sighting)?.probes ?? [],
    askerOf: (sighting: Sighting): string | undefined => flowOf(sighting)?.asker,
    add(sighting: Sighting, { probe, source }: RecordedProbe): void {
      const key = flowKey(sighting)
      const flow = flows.get(key) ?? begin(key, source)
      flow.probes.push(probe)
      if (flow.probes.length > MOST_PROBES) flow.probes.shift()
    },
  }
}
