import { checkSource, type Io, LocalFault, type Transport, UsageError } from '@portkit/core'
import { refusePacketOptions } from '../command-line/conflicts.ts'
import { needsRoot } from '../command-line/problems.ts'
import { createPortNames } from '../grammar/port-names.ts'
import { askingOrder } from '../grammar/port-order.ts'
import { readPorts } from '../grammar/port-wish.ts'
import type { PortNames } from '../grammar/service-names.ts'
import { KINDS, type ScanKind } from '../model/scan-kind.ts'
import type { ScanInfo } from '../model/scan-result.ts'
import type { Settings } from '../settings.ts'
import type { KindPlan } from './scan-kit.ts'

/** What a run asks, as far as that depends on this machine and its files. */
export interface Prepared {
  readonly names: PortNames
  readonly usesPackets: boolean
  /** They might have been used: a report tells how many there were. */
  readonly mayPackets: boolean
  readonly plans: readonly KindPlan[]
  readonly portCount: number
  readonly scans: readonly ScanInfo[]
  readonly warnings: readonly string[]
}

/** @throws UsageError for ports and origins that make no sense, and where packets may not be sent but have to be; LocalFault */
export async function prepare(settings: Settings, io: Io, seed: number): Promise<Prepared> {
  checkOrigin(settings.source, io)
  const mayPackets = await mayUsePackets(settings, io)
  const usesPackets = mayPackets && needsPackets(settings)
  if (!usesPackets && settings.scansPorts) refusePacketOptions(settings.source)
  const kinds = kindsOf(settings, usesPackets)
  const names = createPortNames((path) => io.system.readText(path), settings.ports.servicesFile)
  if (!settings.scansPorts || settings.listOnly) {
    return { names, mayPackets, usesPackets, plans: [], portCount: 0, scans: [], warnings: [] }
  }
  const protocols = kinds.map((kind) => KINDS[kind].protocol)
  const wanted = readPorts(settings.ports, protocols, names)
  const plans: KindPlan[] = []
  const scans: ScanInfo[] = []
  let from = 0
  for (const kind of kinds) {
    const { protocol } = KINDS[kind]
    const ports = wanted[protocol]
    if (ports.length === 0) continue
    scans.push({ kind, protocol, ports })
    const order = askingOrder(ports, names, protocol, { inOrder: settings.inOrder, seed })
    plans.push({ kind, ports: order, from })
    from += order.length
  }
  return { names, mayPackets, usesPackets, plans, portCount: from, scans, warnings: wanted.warnings }
}

/** Hosts that count as up, and are asked by connections or not at all, need none, as with nmap. */
function needsPackets({ kinds, discovery, scansPorts }: Settings): boolean {
  if (!discovery.isSkipped) return true
  return scansPorts && (kinds.length === 0 || kinds.some((kind) => kind !== 'connect'))
}

/** Else each host by itself would be said to have no route. @throws UsageError */
function checkOrigin({ address, interfaceName }: Settings['source'], { system }: Io): void {
  const interfaces = system.interfaces()
  const own = Object.values(interfaces).flatMap((addresses) => addresses.map((one) => one.address))
  if (address !== undefined) checkSource('-S', address, own)
  if (interfaceName === undefined || Object.hasOwn(interfaces, interfaceName)) return
  throw new UsageError(
    `I cannot figure out what source address to use for device ${interfaceName}, does it even exist?`,
  )
}

/** Those of the user; SYN where packets may be sent, else connect. TCP comes first. */
function kindsOf({ kinds }: Settings, usesPackets: boolean): readonly ScanKind[] {
  if (kinds.length === 0) return [usesPackets ? 'syn' : 'connect']
  return [...kinds].sort((a, b) => rank(KINDS[a].protocol) - rank(KINDS[b].protocol))
}

const rank = (protocol: Transport): number => (protocol === 'tcp' ? 0 : 1)

/** Whether packets may be sent, looked at only where it matters. @throws UsageError when they have to be and may not */
async function mayUsePackets(settings: Settings, io: Io): Promise<boolean> {
  const { kinds, privileged, listOnly } = settings
  const needs = kinds.some((kind) => kind !== 'connect')
  if (listOnly) return false
  if (privileged === false) {
    if (needs) throw needsRoot()
    return false
  }
  const obstacle = await io.packets.obstacle('auto')
  if (obstacle === undefined) return true
  if (obstacle.code === 'EPERM' && needs) throw needsRoot()
  if (needs || privileged === true) throw new LocalFault(obstacle.code, obstacle.message)
  return false
}
