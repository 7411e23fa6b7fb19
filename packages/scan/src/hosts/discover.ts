import type { Io, Net, Route } from '@portkit/core'
import type { ListedHost } from '../grammar/host-list.ts'
import type { ScanEvent } from '../model/event.ts'
import type { HostStatus, HostTimes } from '../model/host-report.ts'
import type { PacketCounts } from '../model/scan-result.ts'
import type { Settings } from '../settings.ts'
import { type Candidate, type Candidates, createCandidate } from './candidate.ts'
import { phased } from './phases.ts'
import type { PingGroup } from './ping-probes.ts'
import { findWays } from './ways.ts'

/** A host as discovery left it. */
export interface FoundHost extends ListedHost {
  readonly status: HostStatus
  readonly hardwareAddress?: string | undefined
  /** Who made its network interface, where the user has a table that tells. */
  readonly vendor?: string | undefined
  readonly times?: HostTimes | undefined
  /** Where packets go; undefined without packets. */
  readonly route?: Route | undefined
}

export interface DiscoverOptions {
  readonly settings: Pick<Settings, 'discovery' | 'source' | 'timing' | 'report'>
  readonly io: Pick<Io, 'packets' | 'clock' | 'random' | 'system'>
  readonly net: Net
  /** May packets be sent? Else hosts are asked by connections. */
  readonly usesPackets: boolean
  emit(event: ScanEvent): void
  readonly signal: AbortSignal
  /** When the run began, on the clock: what the lines of --packet-trace count from. */
  readonly startNs?: number | undefined
  /** Told once for each phase that sends packets. */
  counted?(counts: PacketCounts): void
}

/**
 * Which hosts of the block are up, as nmap 7.93 finds out: with packets hosts on the link by ARP and neighbour discovery
 * (also with -Pn), others by the user's probes or the usual ones; without packets by connections. Gives all hosts in their
 * order, but those that no packet can be sent to: a warning names them. A host that was not asked to the end, because the
 * signal was aborted, is `unknown`. Rejects with LocalFault when this machine cannot send at all.
 */
export async function discover(
  block: readonly ListedHost[],
  options: DiscoverOptions,
): Promise<readonly FoundHost[]> {
  const candidates = await candidatesOf(block, options)
  const asked = candidates.filter((candidate) => !isKnown(candidate, options))
  if (options.usesPackets) await byPackets(asked, options)
  else await byConnections(asked, options)
  return candidates.map((candidate) => foundHost(candidate, options.signal))
}

async function candidatesOf(block: readonly ListedHost[], options: DiscoverOptions): Promise<Candidates> {
  if (options.usesPackets) return findWays(block, options)
  return block.map((host) => createCandidate(host, undefined, 'far', options.settings.timing))
}

/** Sets the status of hosts that need not be asked. */
function isKnown(candidate: Candidate, { settings: { discovery } }: DiscoverOptions): boolean {
  if (discovery.isSkipped && candidate.place !== 'link') {
    candidate.status = { state: 'up', reason: 'user-set', ttl: 0 }
    return true
  }
  if (candidate.place !== 'own') return false
  candidate.status = { state: 'up', reason: 'localhost-response', ttl: 0 }
  return true
}

async function byPackets(asked: Candidates, options: DiscoverOptions): Promise<void> {
  if (asked.length === 0) return
  const [{ createPingGroups }, { askByPackets }] = await Promise.all([
    import('./ping-probes.ts'),
    import('./packet-discovery.ts'),
  ])
  for (const group of createPingGroups(asked, options)) {
    await phase(group, options, () => askByPackets(group, options))
  }
}

async function byConnections(asked: Candidates, options: DiscoverOptions): Promise<void> {
  if (asked.length === 0) return
  const { askByConnections, knockPorts } = await import('./connect-discovery.ts')
  const ports = knockPorts(options.settings.discovery.probes)
  const group = { title: 'Ping Scan', candidates: asked, shots: ports } as const
  await phase(group, options, () => askByConnections(asked, ports, options))
}

async function phase(
  {
    title,
    candidates,
    shots,
  }: Pick<PingGroup, 'title' | 'candidates'> & { readonly shots: readonly unknown[] },
  options: DiscoverOptions,
  work: () => Promise<void>,
): Promise<void> {
  if (options.signal.aborted) return
  const stage = { clock: options.io.clock, emit: options.emit }
  await phased(title, candidates, shots.length, stage, async () => {
    await work()
    await nameVendors(candidates, options)
    for (const candidate of candidates) if (candidate.status.state === 'up') options.emit(hintOf(candidate))
  })
}

function hintOf({ host, status, hardwareAddress, vendor }: Candidate): ScanEvent {
  const { address, family, name } = host
  const names = name === undefined ? [] : [{ name, type: 'user' } as const]
  return { kind: 'hint', host: { address, family, status, names, hardwareAddress, vendor } }
}

/** The table is read when there is a host whose hardware address is known. */
async function nameVendors(candidates: Candidates, { io }: DiscoverOptions): Promise<void> {
  const neighbours = candidates.filter(({ hardwareAddress }) => hardwareAddress !== undefined)
  if (neighbours.length === 0) return
  const { systemVendors } = await import('./vendors.ts')
  const vendorOf = systemVendors(io.system)
  for (const each of neighbours) each.vendor = vendorOf(each.hardwareAddress ?? '')
}

function foundHost(
  { host, status, hardwareAddress, vendor, times, route }: Candidate,
  signal: AbortSignal,
): FoundHost {
  const isCut = signal.aborted && status.state === 'down'
  return {
    ...host,
    status: isCut ? { ...status, state: 'unknown' } : status,
    hardwareAddress,
    vendor,
    times: times.snapshot(),
    route,
  }
}
