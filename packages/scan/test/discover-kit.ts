import { type SimIo, simIo, type World } from '@portkit/core/sim'
import { templateOf } from '../src/command-line/templates.ts'
import type { ListedHost } from '../src/grammar/host-list.ts'
import { type DiscoverOptions, discover, type FoundHost } from '../src/hosts/discover.ts'
import type { ScanEvent } from '../src/model/event.ts'
import type { PingProbe } from '../src/settings.ts'
import { inTime } from './packet-gun-kit.ts'

/** nmap's usual patience. */
const TIMING = templateOf(3)

const REPORT = {
  verbose: 0,
  debugging: 0,
  reason: false,
  openOnly: false,
  colour: 'never',
  files: [],
  appends: false,
} as const

export interface Wishes {
  readonly isSkipped?: boolean
  readonly usesLink?: boolean
  readonly probes?: readonly PingProbe[]
  readonly usesPackets?: boolean
  readonly packetTrace?: boolean
  readonly signal?: AbortSignal
  readonly maxRetries?: number
}

export interface Discovered {
  readonly hosts: readonly FoundHost[]
  readonly events: readonly ScanEvent[]
  /** `10.0.0.2 up arp-response`, `10.0.0.9 down no-response`. */
  readonly told: readonly string[]
}

export function listed(address: string): ListedHost {
  return { address, family: address.includes(':') ? 6 : 4, otherAddresses: [] }
}

export function world(more: Partial<World> = {}): SimIo {
  return simIo({ ports: {}, ...more })
}

export function optionsFor(
  io: DiscoverOptions['io'],
  net: DiscoverOptions['net'],
  wishes: Wishes,
  events: ScanEvent[],
): DiscoverOptions {
  const { isSkipped = false, usesLink = true, probes = [], usesPackets = true } = wishes
  return {
    settings: {
      discovery: { isSkipped, usesLink, probes },
      source: { badSum: false },
      timing: { ...TIMING, maxRetries: wishes.maxRetries ?? TIMING.maxRetries },
      report: { ...REPORT, packetTrace: wishes.packetTrace ?? false },
    },
    io,
    net,
    usesPackets,
    emit: (event) => events.push(event),
    signal: wishes.signal ?? new AbortController().signal,
    startNs: io.clock.nowNs(),
  }
}

/** Discovers hosts in a simulated world; nothing of the world stays open. */
export async function discoverIn(
  io: SimIo,
  hosts: readonly (string | ListedHost)[],
  wishes: Wishes = {},
): Promise<Discovered> {
  const events: ScanEvent[] = []
  const block = hosts.map((host) => (typeof host === 'string' ? listed(host) : host))
  const found = await inTime(io, discover(block, optionsFor(io, io.net, wishes, events)))
  if (io.packets.channels() > 0 || io.net.open() > 0) throw new Error('something was left open')
  return { hosts: found, events, told: toldOf(found) }
}

export function toldOf(found: readonly FoundHost[]): readonly string[] {
  return found.map(({ address, status: { state, reason } }) => `${address} ${state} ${reason}`)
}
