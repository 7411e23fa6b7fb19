import { UsageError } from '@portkit/core'
import type { PingProbe, Settings } from '../settings.ts'
import type { Args } from './args.ts'
import type { PingWish } from './ping-types.ts'

/** The letter of -P for each of them. */
const LETTERS = {
  none: 'n',
  link: 'R',
  echo: 'E',
  timestamp: 'P',
  mask: 'M',
  syn: 'S',
  ack: 'A',
  udp: 'U',
} as const satisfies Record<PingWish['kind'], string>

/** How hosts are asked whether they are up. @throws UsageError */
export function discoveryOf(args: Args): Settings['discovery'] {
  const wishes = args.ping
  const probes = wishes.filter(isProbe)
  const isSkipped = wishes.some(({ kind }) => kind === 'none')
  const usesLink = !args['disable-arp-ping'] && !args['send-ip']
  const byLink = wishes.some(({ kind }) => kind === 'link')
  refuseRepeated(probes)
  const other = wishes.find(({ kind }) => kind !== 'none')
  if (isSkipped && other !== undefined) {
    throw new UsageError(`-Pn asks no host whether it is up: it does not go with -P${LETTERS[other.kind]}`)
  }
  if (byLink && !usesLink) throw new UsageError('-PR and --disable-arp-ping do not go together')
  return { isSkipped, probes: distinct(probes), usesLink }
}

function isProbe(wish: PingWish): wish is PingProbe {
  return wish.kind !== 'none' && wish.kind !== 'link'
}

function refuseRepeated(probes: readonly PingProbe[]): void {
  for (const kind of ['syn', 'ack', 'udp'] as const) {
    if (probes.filter((probe) => probe.kind === kind).length > 1) {
      throw new UsageError(`Only one -P${LETTERS[kind]} option is allowed. Combine port ranges with commas.`)
    }
  }
}

/** Each kind once. */
function distinct(probes: readonly PingProbe[]): readonly PingProbe[] {
  return [...new Map(probes.map((probe) => [probe.kind, probe])).values()]
}
