import { type Family, fragments, type Reshape, type Route } from '@portkit/core'
import { isFragment, RECORD_ROUTE, upperHeaderLength } from '../packet-shape.ts'
import type { Settings } from '../settings.ts'

/** What cuts a run's packets into fragments, and whether nobody asked for that. */
export interface Cutting {
  readonly reshape: Reshape
  /** Octets behind the IP header in each fragment. */
  readonly room: number
  /** The packets are longer than the interface takes. */
  readonly isByItself: boolean
}

/** In octets: of IP, and the header of an IPv6 fragment. */
const IP = { 4: 20, 6: 40 } as const
const FRAGMENT_6 = 8
const UNIT = 8

/** undefined: packets go as they are. */
export function cuttingOf(
  settings: Settings,
  { family, mtu }: Pick<Route, 'family' | 'mtu'>,
): Cutting | undefined {
  const { ip } = settings
  const room = ip.mtu ?? roomIn(settings, family, mtu)
  if (room === undefined) return undefined
  return {
    reshape: (packet, length) => fragments(packet, length, room),
    room,
    isByItself: ip.mtu === undefined,
  }
}

/** What fits into a fragment where a whole packet does not; undefined where it does, or is one already. */
function roomIn(settings: Settings, family: Family, mtu: number | undefined): number | undefined {
  const { ip, dataLength } = settings
  const options = ip.recordRoute ? RECORD_ROUTE : 0
  const whole = IP[family] + options + upperHeaderLength(settings) + dataLength
  if (mtu === undefined || isFragment(ip) || whole <= mtu) return undefined
  const header = IP[family] + options + (family === 6 ? FRAGMENT_6 : 0)
  return Math.floor((mtu - header) / UNIT) * UNIT
}
