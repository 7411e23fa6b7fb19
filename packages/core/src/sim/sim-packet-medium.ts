import type { Clock } from '../io/io.ts'
import { localFault } from '../io/local-fault.ts'
import type { LocalFault } from '../model/errors.ts'
import type { Endpoint } from '../model/target.ts'
import { LINK_TYPE } from '../wire/link.ts'
import type { Answerer } from './sim-packet-answer.ts'
import type { SimPacketChannel } from './sim-packet-channel.ts'
import { kernelAnswer } from './sim-packet-kernel.ts'
import type { Outgoing } from './sim-packet-outgoing.ts'
import { type Links, LOOPBACK } from './sim-packet-route.ts'
import type { PacketWorld, WirePacket } from './sim-packet-world.ts'
import { timetable } from './sim-timetable.ts'

/** What passes a machine's interfaces, and who sees it. */
export interface Medium {
  readonly wire: readonly WirePacket[]
  readonly channels: Set<SimPacketChannel>
  nowNs(): number
  /** The interface is down. */
  fault(): LocalFault | undefined
  later(afterMs: number, task: () => void): void
  /** Seen so many times as it leaves. */
  leave(packet: Outgoing, departures?: number): void
  arrive(packet: Pick<Outgoing, 'linkType' | 'octets' | 'home'>): void
}

export interface MediumWorld {
  readonly script: PacketWorld
  readonly clock: Clock
  readonly link: Links
  readonly random: () => number
  readonly isOwn: (address: string) => boolean
  readonly isTaken: (local: Endpoint) => boolean
}

/** The kernel answers within some microseconds. */
const KERNEL_MS = 0.009

export function packetMedium({ script, clock, link, random, isOwn, isTaken }: MediumWorld): Medium {
  const { downAtMs = Number.POSITIVE_INFINITY, kernelAnswers = true } = script.link ?? {}
  const channels = new Set<SimPacketChannel>()
  const wire: WirePacket[] = []
  const later = timetable(clock)
  const nowNs = (): number => Math.round(clock.nowNs())
  const isDown = (): boolean => nowNs() >= downAtMs * 1e6

  const show = (packet: WirePacket, home: boolean, times = 1): void => {
    for (let i = 0; i < times; i++) {
      for (const channel of channels) channel.offer(packet, home ? LOOPBACK.name : link.name)
    }
  }
  /** On the loopback interface a packet is seen both as it leaves and as it comes. */
  const mirror = (packet: WirePacket): void =>
    show({ ...packet, direction: packet.direction === 'in' ? 'out' : 'in' }, true)
  const leave = ({ linkType, octets, home }: Outgoing, departures = 1): void => {
    const packet = { timeNs: nowNs(), direction: 'out', linkType, octets } as const
    wire.push(packet)
    show(packet, home, departures)
    if (home) mirror(packet)
  }
  const answerAsKernel = (octets: Uint8Array, home: boolean): void => {
    const kernel: Answerer = { mischief: {}, random, wallMs: clock.wallMs(), distanceOf: () => 0 }
    const answer = kernelAnswer(octets, kernel, isOwn, isTaken)
    if (answer === undefined) return
    later(KERNEL_MS, () => leave({ linkType: LINK_TYPE.raw, octets: answer, parcel: undefined, home }))
  }
  return {
    wire,
    channels,
    nowNs,
    later,
    leave,
    fault: () => (isDown() ? localFault('ENETDOWN', link.name, 'send') : undefined),
    arrive({ linkType, octets, home }) {
      if (isDown() && !home) return
      const packet = { timeNs: nowNs(), direction: 'in', linkType, octets } as const
      wire.push(packet)
      if (home) mirror(packet)
      show(packet, home)
      if (kernelAnswers && linkType === LINK_TYPE.raw) answerAsKernel(octets, home)
    },
  }
}
