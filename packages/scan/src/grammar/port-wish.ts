import { type Transport, UsageError } from '@portkit/core'
import { PROTOCOLS } from '../model/port-table.ts'
import type { PortWish } from '../settings.ts'
import { readPortItems } from './port-items.ts'
import { type PortLists, readPortSpec } from './port-spec.ts'
import type { PortNames } from './service-names.ts'

/** How many ports of a protocol are asked when nobody says which. */
const USUAL = 1000
const HIGHEST = 65_535

const SKIPPED = {
  tcp: 'WARNING: a TCP scan type was requested, but no tcp ports were specified.  Skipping this scan type.',
  udp: 'WARNING: UDP scan was requested, but no udp ports were specified.  Skipping this scan type.',
} as const satisfies Record<Transport, string>

/**
 * The ports that a run asks, ascending: those of -p without the excluded ones, or of them the `top` most popular; without
 * -p the 1,000 most popular, or `top` of them, of all that are not excluded.
 * @throws UsageError with nmap's sentence
 */
export function readPorts(wish: PortWish, protocols: readonly Transport[], names: PortNames): PortLists {
  const { spec, exclude, top } = wish
  if (top !== undefined && !(Number.isInteger(top) && top >= 1)) {
    throw new UsageError('--top-ports should be an integer 1 or greater')
  }
  const excluded = exclude === undefined ? undefined : readPortItems(exclude, protocols, names)
  const given = spec === undefined ? undefined : readPortSpec(spec, protocols, names)
  const most = top ?? (given === undefined ? USUAL : undefined)

  const portsOf = (protocol: Transport): readonly number[] => {
    if (!protocols.includes(protocol)) return []
    const all = given === undefined ? everyPort() : given[protocol]
    const left = excluded === undefined ? all : all.filter((port) => excluded[protocol][port] === 0)
    return most === undefined || left.length <= most ? left : mostPopular(left, most, names.popular(protocol))
  }
  const lists = { tcp: portsOf('tcp'), udp: portsOf('udp') }
  const skipped = PROTOCOLS.filter((one) => protocols.includes(one) && lists[one].length === 0)
  const duplicates = excluded?.hasDuplicates
    ? ['WARNING: Duplicate port number(s) specified.  Each is left out.']
    : []
  const warnings = [...duplicates, ...(given?.warnings ?? []), ...skipped.map((one) => SKIPPED[one])]
  return { ...lists, warnings }
}

/** 0 is asked only when it is named. */
function everyPort(): readonly number[] {
  return Array.from({ length: HIGHEST }, (_, i) => i + 1)
}

/** After the popular ones the others count, ascending. */
function mostPopular(ports: readonly number[], most: number, popular: readonly number[]): readonly number[] {
  const candidates = new Set(ports)
  const ranked = new Set(popular.filter((port) => candidates.has(port)))
  const chosen = [...ranked, ...ports.filter((port) => !ranked.has(port))].slice(0, most)
  return chosen.sort((a, b) => a - b)
}
