import { LocalFault, type PacketChannel, type ShownPacket, type WayTo } from '@portkit/core'
import type { Settings } from '../settings.ts'
import { packetLine } from '../words/packet-line.ts'
import { detailOf } from '../words/packet-lines.ts'
import type { Run } from './run.ts'

/** What each level of `-d` adds: how packets go, by which ways, and what else came. */
const LEVEL = { backend: 1, ways: 2, strangers: 3 } as const

/** Ways that are told one by one. */
const MOST_WAYS = 20

export function tellWays({ settings, note }: Run, channel: PacketChannel, ways: readonly WayTo[]): void {
  const { debug } = settings
  if (debug >= LEVEL.backend)
    note(`debug: packets by ${channel.backend}, times by the ${channel.clock} clock`)
  if (debug < LEVEL.ways) return
  for (const way of ways.slice(0, MOST_WAYS)) note(`debug: ${wayText(way)}`)
  if (ways.length > MOST_WAYS) note(`debug: and ${ways.length - MOST_WAYS} more ways`)
}

function wayText(way: WayTo): string {
  if (way instanceof LocalFault) return way.message
  const { destination, source, interfaceName, gateway } = way
  const by = interfaceName === undefined ? '' : ` by ${interfaceName}`
  return `to ${destination} from ${source}${by}${gateway === undefined ? '' : ` through ${gateway}`}`
}

export function isToldOfStrangers({ debug }: Pick<Settings, 'debug'>): boolean {
  return debug >= LEVEL.strangers
}

/** A packet that belongs to no probe of this run. */
export function tellStranger({ settings, note }: Run, packet: ShownPacket): void {
  const { verbosity } = settings
  note(`debug: not ours: ${packetLine(packet, detailOf(Math.min(verbosity, 2)))}`)
}
