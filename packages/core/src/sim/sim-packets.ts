import type { Clock } from '../io/io.ts'
import type { Packets } from '../io/packets.ts'
import { LINK_TYPE } from '../wire/link.ts'
import type { Datagrams } from './sim-datagrams.ts'
import { isLoopback } from './sim-names.ts'
import { backendOf, obstacleOf, obstacleTo } from './sim-packet-access.ts'
import { type ChannelHost, SimPacketChannel } from './sim-packet-channel.ts'
import { macOf } from './sim-packet-mac.ts'
import { type Medium, packetMedium } from './sim-packet-medium.ts'
import { packetNetwork } from './sim-packet-network.ts'
import { type Links, LOOPBACK, simRoute } from './sim-packet-route.ts'
import { packetSender, type Transmit } from './sim-packet-sender.ts'
import type { PacketWorld, WirePacket } from './sim-packet-world.ts'
import type { PortBehaviours } from './sim-ports.ts'
import { seededRandom } from './sim-random.ts'

export interface SimPackets extends Packets {
  /** Everything that was on the wire, in order. */
  readonly wire: readonly WirePacket[]
  /** Channels that were not closed. */
  readonly channels: () => number
}

/** What whole packets need of their world. */
export interface PacketsWorld {
  readonly script: PacketWorld
  readonly clock: Clock
  /** The machine's own addresses besides loopback. */
  readonly addresses: readonly string[]
  /** Who may exchange packets unless the script says. */
  readonly root: boolean
  readonly behaviourOf: PortBehaviours
  readonly datagrams: Pick<Datagrams, 'behaviourOf' | 'taken'>
}

const LINK = { name: 'eth0', index: 2 } as const

export function simPackets(world: PacketsWorld): SimPackets {
  const { clock, script, behaviourOf, datagrams } = world
  const access = script.packetAccess ?? (world.root && 'kernel')
  const addresses = world.addresses.map((address) => address.replace(/%.*/, ''))
  const link = linkOf(script, addresses)
  const isOwn = (address: string): boolean => isLoopback(address) || addresses.includes(address)
  // The world's own numbers do not depend on how many the tool has drawn.
  const random = seededRandom(~seedOf(script))
  const medium = packetMedium({ script, clock, link, isOwn, random, isTaken: datagrams.taken })
  const network = packetNetwork({ script, clock, behaviourOf, datagrams, isOwn, random })
  const host = channelHost(world, medium, packetSender({ script, medium, network, link, addresses, isOwn }))
  happen(script, medium)
  const routes = { script, link, addresses, isOwn, isKnown: access === 'kernel' }
  return {
    wire: medium.wire,
    channels: () => medium.channels.size,
    obstacle: async (backend) => obstacleTo(access, backend),
    async open(request) {
      const backend = backendOf(access, request.backend)
      const interfaces = [LOOPBACK.name, link.name]
      const obstacle = obstacleTo(access, request.backend) ?? obstacleOf(request, backend, interfaces)
      if (obstacle !== undefined) throw obstacle
      const room = script.link?.buffer ?? Number.POSITIVE_INFINITY
      const channel = new SimPacketChannel(host, backend, request, room)
      medium.channels.add(channel)
      return channel
    },
    route: async (destination, way) => simRoute(routes, destination, way),
  }
}

/** Where a world's random numbers begin. */
export function seedOf({ seed = 1 }: PacketWorld): number {
  return seed
}

function linkOf({ link = {} }: PacketWorld, [first = '0.0.0.0']: readonly string[]): Links {
  return { name: link.name ?? LINK.name, index: LINK.index, mac: link.mac ?? macOf(first) }
}

function channelHost({ script, clock }: PacketsWorld, medium: Medium, transmit: Transmit): ChannelHost {
  const { nowNs } = medium
  const steps = () => (script.link?.wallSteps ?? []).filter(({ atMs }) => nowNs() >= atMs * 1e6)
  return {
    nowNs,
    transmit,
    fault: medium.fault,
    era: () => steps().length,
    wallOffsetNs() {
      const aheadMs = steps().reduce((sum, { byMs }) => sum + byMs, 0)
      // The wall clock of the world begins with a whole millisecond; nanoseconds since 1970 are no exact numbers.
      return BigInt(Math.round(clock.wallMs() - nowNs() / 1e6 + aheadMs)) * 1_000_000n
    },
    closed: (channel) => void medium.channels.delete(channel),
  }
}

/** What happens by itself: noise, and the end of the interface. */
function happen({ noise = [], link }: PacketWorld, { later, arrive, channels }: Medium): void {
  for (const { afterMs, octets, linkType = LINK_TYPE.raw, times = 1, everyMs = 0 } of noise) {
    for (let i = 0; i < times; i++)
      later(afterMs + i * everyMs, () => arrive({ linkType, octets, home: false }))
  }
  if (link?.downAtMs === undefined) return
  later(link.downAtMs, () => {
    for (const channel of channels) channel.wake()
  })
}
