import type { Clock } from '../io/io.ts'
import { localFault } from '../io/local-fault.ts'
import { LocalFault } from '../model/errors.ts'
import { formatEndpoint } from '../model/target.ts'
import type { Icmp6 } from '../wire/icmp6.ts'
import type { Tcp } from '../wire/tcp.ts'
import type { Udp } from '../wire/udp.ts'
import type { Datagrams } from './sim-datagrams.ts'
import type { Answer, Answerer } from './sim-packet-answer.ts'
import { reassembly } from './sim-packet-fragments.ts'
import { advertisement, icmp4Answer, icmp6Answer } from './sim-packet-icmp.ts'
import { answersOf, tcpAnswers, udpAnswers } from './sim-packet-machine.ts'
import type { Places } from './sim-packet-places.ts'
import type { Parcel } from './sim-packet-read.ts'
import type { PacketWorld } from './sim-packet-world.ts'
import type { PortBehaviours } from './sim-ports.ts'

/** What machines answer to packets that arrived; a fault where the world says that this machine cannot send at all. */
export type Arrived = (parcel: Parcel, by: Answerer) => readonly Answer[] | LocalFault

export interface NetworkWorld {
  readonly script: PacketWorld
  readonly clock: Clock
  readonly behaviourOf: PortBehaviours
  readonly datagrams: Pick<Datagrams, 'behaviourOf'>
  /** Whether an address is this machine's own. */
  readonly isOwn: (address: string) => boolean
  readonly random: () => number
}

const LATENCY_MS = 0.1

export function arrivals(world: NetworkWorld, place: Places): Arrived {
  const whole = reassembly()
  const tcp = tcpPorts(world)
  return (arrived, by) => {
    const parcel = arrived.fragment === undefined ? arrived : whole(arrived)
    if (parcel?.upper === undefined || !parcel.isIntact || place.isAbsent(parcel.destination)) return []
    const { upper } = parcel
    const machine = place.machineAt(parcel.destination)
    switch (upper.kind) {
      case 'tcp':
        return tcp(parcel, upper.header, by)
      case 'udp':
        return udpArrived(world, parcel, upper.header, by)
      case 'icmp4':
        return answersOf(icmp4Answer(parcel, upper.header, machine, by), machine.afterMs ?? LATENCY_MS)
      case 'icmp6':
        return icmp6Arrived(place, parcel, upper.header, by)
    }
  }
}

function icmp6Arrived(place: Places, parcel: Parcel, header: Icmp6, by: Answerer): readonly Answer[] {
  const isSolicitation = header.kind === 'neighbour-solicitation'
  const machine = place.machineAt(isSolicitation ? header.target : parcel.destination)
  const mac = isSolicitation ? place.neighbour(header.target) : undefined
  if (isSolicitation && mac === undefined) return []
  const octets =
    isSolicitation && mac !== undefined
      ? advertisement(parcel, header.target, mac, by)
      : icmp6Answer(parcel, header, machine, by)
  return answersOf(octets, machine.afterMs ?? LATENCY_MS)
}

function udpArrived({ datagrams }: NetworkWorld, parcel: Parcel, header: Udp, by: Answerer) {
  const port = { address: parcel.destination, port: header.destinationPort }
  const behaviour = datagrams.behaviourOf(port) ?? { does: 'closed' }
  if (behaviour.does === 'fault') return localFault(behaviour.code, `send to ${formatEndpoint(port)}`, 'send')
  return udpAnswers(parcel, header, behaviour, by)
}

function tcpPorts({ script, behaviourOf }: NetworkWorld) {
  const repeats = script.link?.kernelAnswers === false
  const lost = new Map<string, number>()
  return (parcel: Parcel, header: Tcp, by: Answerer): readonly Answer[] | LocalFault => {
    const port = { address: parcel.destination, port: header.destinationPort }
    const behaviour = behaviourOf(port)
    if (behaviour.does === 'fault') return new LocalFault(behaviour.code, behaviour.message, behaviour.about)
    const name = formatEndpoint(port)
    const before = lost.get(name) ?? 0
    lost.set(name, before + 1)
    if (behaviour.does === 'accept' && before < (behaviour.lost ?? 0)) return []
    return tcpAnswers(parcel, header, behaviour, by, repeats)
  }
}
