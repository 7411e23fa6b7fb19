import { discover, type FoundHost } from '../hosts/discover.ts'
import type { HostReport } from '../model/host-report.ts'
import { counted } from '../report/numbers.ts'
import { askPorts, type Told } from './ask-ports.ts'
import type { Block, SharedHost } from './host-blocks.ts'
import { createHostDraft, type HostDraft, reportOf } from './host-draft.ts'
import type { Memory } from './memory.ts'
import { nameHosts } from './name-hosts.ts'
import type { ScanKit } from './scan-kit.ts'

/** Probes of one group: some octets each are kept. */
const MOST_PROBES = 2 ** 18

/**
 * Finds out which hosts of a block are up, asks their ports and reports on each. Hosts that a signal kept from being asked
 * are reported as far as they are known. Says how many were down. Rejects with LocalFault.
 */
export async function scanBlock(block: Block, kit: ScanKit, memory: Memory): Promise<number> {
  const found = await findHosts(block.hosts, kit, memory)
  const drafts = found.map((one) => draftOf(one, kit, memory))
  const [up, down] = [drafts.filter(isUp), drafts.filter((draft) => !isUp(draft))]
  kit.meter.hostsUp += up.length
  await nameHosts(kit.settings.names === 'all' ? drafts : up, kit)
  for (const draft of down) reportDown(draft, kit)
  for (const group of groupsOf(up, kit)) await scanGroupOf(group, kit, memory)
  return down.length
}

interface FoundShare {
  readonly host: FoundHost
  readonly shared: SharedHost
}

async function findHosts(
  hosts: readonly SharedHost[],
  kit: ScanKit,
  memory: Memory,
): Promise<readonly FoundShare[]> {
  const { settings, io, net, usesPackets, startNs } = kit
  const found = await discover(
    hosts.map(({ host }) => host),
    {
      settings,
      io,
      net,
      usesPackets,
      signal: io.interrupted,
      startNs,
      // As nmap has it: with -sn the report itself says as much.
      emit: (event) => (event.kind === 'hint' && !settings.scansPorts ? undefined : kit.emit(event)),
      counted: (counts) => kit.counted(counts),
    },
  )
  // Hosts that no packet can be sent to were left out; the others keep their order.
  let at = 0
  return found.flatMap((host) => {
    while (at < hosts.length && hosts[at]?.host.address !== host.address) at += 1
    const shared = hosts[at]
    at += 1
    if (shared === undefined) return []
    memory.found(shared.index, host)
    return [{ host: asBefore(host, shared, memory), shared }]
  })
}

/** A host that had answers in the run that goes on is not given up because it is silent now. */
function asBefore(host: FoundHost, { index }: SharedHost, memory: Memory): FoundHost {
  const before = memory.foundBefore(index)
  const wasUp = before?.status.state === 'up' && memory.tableOf(host.address) !== undefined
  return wasUp && host.status.state !== 'up' ? { ...host, status: before.status } : host
}

function draftOf({ host, shared }: FoundShare, { io }: ScanKit, memory: Memory): HostDraft {
  return createHostDraft(host, shared, io.clock.wallMs(), memory.tableOf(host.address))
}

function isUp({ found }: HostDraft): boolean {
  return found.status.state === 'up'
}

function reportDown(draft: HostDraft, kit: ScanKit): void {
  if (draft.found.status.state === 'unknown') draft.ended = 'interrupted'
  kit.meter.hostsDone += 1
  report(draft, kit)
}

/** As many hosts at once as memory and the user's wish allow. */
function* groupsOf(drafts: readonly HostDraft[], kit: ScanKit): Generator<readonly HostDraft[]> {
  const { minHostgroup, maxHostgroup } = kit.settings.timing
  const fitting = Math.floor(MOST_PROBES / Math.max(1, kit.portCount))
  const most = Math.max(1, Math.min(maxHostgroup, Math.max(fitting, minHostgroup)))
  for (let at = 0; at < drafts.length; at += most) yield drafts.slice(at, at + most)
}

async function scanGroupOf(drafts: readonly HostDraft[], kit: ScanKit, memory: Memory): Promise<void> {
  const told: Told = {
    row(draft, row) {
      const { address } = draft.found
      memory.row(address, row)
      if (row.state === 'open') kit.meter.openPorts += 1
      if (row.state === 'open' || kit.tellsAllPorts) kit.emit({ kind: 'port', address, row })
    },
    turn: () => memory.flush(),
  }
  let isWhole = false
  try {
    isWhole = await askAll(drafts, kit, memory, told)
  } finally {
    // What is known is told, whatever has ended it.
    for (const draft of drafts) conclude(draft, isWhole, kit, memory)
  }
  await kit.written()
}

/** False when services were left out because of a signal. Rejects with LocalFault. */
async function askAll(
  drafts: readonly HostDraft[],
  kit: ScanKit,
  memory: Memory,
  told: Told,
): Promise<boolean> {
  const { settings, io, plans } = kit
  for (const plan of plans) {
    await askPorts(drafts, plan, kit, told)
    memory.flush()
  }
  if (settings.versions === undefined) return true
  if (!io.interrupted.aborted) {
    const { askVersions } = await import('./ask-versions.ts')
    await askVersions(drafts, kit)
    for (const draft of drafts) draft.endMs = io.clock.wallMs()
  }
  return !io.interrupted.aborted
}

function conclude(draft: HostDraft, isWhole: boolean, kit: ScanKit, memory: Memory): void {
  warnOfFaults(draft, kit)
  if (!isWhole || kit.io.interrupted.aborted) draft.ended ??= isAsked(draft) ? undefined : 'interrupted'
  const made = report(draft, kit)
  if (made.ended !== 'interrupted' && (isWhole || made.ended !== undefined)) memory.done(draft.index, made)
  kit.meter.hostsDone += 1
}

/** Whether every port has a verdict, or cannot have one. */
function isAsked({ table, unsent, fromPort, toPort }: HostDraft): boolean {
  return table.size + unsent.tcp.size + unsent.udp.size >= toPort - fromPort
}

function report(draft: HostDraft, kit: ScanKit): HostReport {
  const { settings, names } = kit
  const made = reportOf(draft, {
    names,
    hasPorts: settings.scansPorts,
    hasVersions: settings.versions !== undefined,
  })
  kit.emit({ kind: 'host', report: made })
  return made
}

function warnOfFaults({ found, faults }: HostDraft, { emit }: ScanKit): void {
  for (const [message, count] of faults) {
    const ports = counted(count, 'port')
    emit({ kind: 'warning', text: `${found.address}: ${ports} could not be asked: ${message}` })
  }
}
