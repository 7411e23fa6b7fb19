import { localFault } from '../io/local-fault.ts'
import type { OutgoingPacket } from '../io/packets.ts'
import { LocalFault } from '../model/errors.ts'
import type { Medium } from './sim-packet-medium.ts'
import { type PacketNetwork, staysHome } from './sim-packet-network.ts'
import { neighbourQuestions, outgoing } from './sim-packet-outgoing.ts'
import type { Links } from './sim-packet-route.ts'
import type { PacketWorld } from './sim-packet-world.ts'

/** Undefined when the packet was sent. */
export type Transmit = (packet: OutgoingPacket) => LocalFault | 'no-room' | undefined

export interface SenderWorld {
  readonly script: PacketWorld
  readonly medium: Medium
  readonly network: PacketNetwork
  readonly link: Links
  readonly addresses: readonly string[]
  readonly isOwn: (address: string) => boolean
}

export function packetSender(world: SenderWorld): Transmit {
  const failureOf = failures(world.script, world.medium)
  const ask = asker(world)
  let number = 0
  return (packet) => {
    const obstacle = failureOf(number)
    if (obstacle === 'no-room') return obstacle
    number++
    return obstacle ?? send(world, packet, ask)
  }
}

function send(
  { medium, network, link, isOwn }: SenderWorld,
  packet: OutgoingPacket,
  ask: (address: string) => void,
): LocalFault | undefined {
  const made = outgoing(packet, link, (address) => staysHome(address, isOwn))
  if (made instanceof LocalFault) return made
  const { parcel, octets, linkType, home } = made
  const fault = home ? undefined : medium.fault()
  if (fault !== undefined) return fault
  const carried = parcel === undefined ? network.carryArp(octets) : network.carry(parcel)
  if (carried.fault !== undefined) return carried.fault
  if (carried.absent === undefined) medium.leave(made, carried.departures)
  else ask(carried.absent)
  for (const answer of carried.answers) {
    medium.later(answer.afterMs, () => medium.arrive({ linkType, octets: answer.octets, home }))
  }
  return undefined
}

/** What the world's script lets the n-th packet fail with. */
function failures({ link }: PacketWorld, medium: Medium) {
  const roomAt = new Map<number, number>()
  return (number: number): LocalFault | 'no-room' | undefined => {
    const failure = link?.failures?.find(({ packet }) => packet === number)
    if (failure?.does === 'fault') return localFault(failure.code, 'send', 'send')
    if (failure === undefined) return undefined
    const until = roomAt.get(number) ?? medium.nowNs() + failure.forMs * 1e6
    roomAt.set(number, until)
    return medium.nowNs() < until ? 'no-room' : undefined
  }
}

const BETWEEN_QUESTIONS_MS = 1000

/** Asks for an address as the kernel does for packets that wait for it; again only after the last question. */
function asker({ medium, link, addresses }: SenderWorld): (address: string) => void {
  const asked = new Set<string>()
  return (address) => {
    if (asked.has(address)) return
    asked.add(address)
    const questions = neighbourQuestions(address, link.mac, addresses)
    for (const [i, question] of questions.entries()) {
      medium.later(BETWEEN_QUESTIONS_MS * i, () => medium.leave(question))
    }
    medium.later(BETWEEN_QUESTIONS_MS * questions.length, () => asked.delete(address))
  }
}
