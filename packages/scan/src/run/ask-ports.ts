import type { GroupScan, HostSummary } from '../engine/group.ts'
import { scanGroup } from '../engine/group-scan.ts'
import type { Answering } from '../engine/host-work.ts'
import type { Gun, GunGroup, Hit } from '../guns/gun.ts'
import type { PortRow } from '../model/port-table.ts'
import { KINDS } from '../model/scan-kind.ts'
import { counted } from '../report/numbers.ts'
import { type HostDraft, silenceOf } from './host-draft.ts'
import { createLostWay, type LostWay } from './lost-way.ts'
import { openGun } from './open-gun.ts'
import type { KindPlan, ScanKit } from './scan-kit.ts'

/** How the user gets to know of each verdict. */
export interface Told {
  /** A verdict of the host, perhaps the second one of a port. */
  row(draft: HostDraft, row: PortRow): void
  /** Now and then. */
  turn(): void
}

/**
 * Asks all ports of one kind at all hosts of a group, and puts what they answered into their tables. Hosts that were left
 * early are left out. Rejects with LocalFault when this machine cannot send.
 */
export async function askPorts(
  drafts: readonly HostDraft[],
  plan: KindPlan,
  kit: ScanKit,
  told: Told,
): Promise<void> {
  const hosts = drafts.filter((draft) => draft.ended === undefined && hasWork(draft, plan))
  if (hosts.length === 0) return
  const { clock } = kit.io
  const { title } = KINDS[plan.kind]
  const asked = hosts.reduce((sum, draft) => sum + shareOf(draft, plan), 0)
  const total = `${asked} total ports`
  kit.meter.begin({ title, subject: subjectOf(hosts, plan), total, startMs: clock.wallMs() })
  const group: GunGroup = { hosts: hosts.map(({ found }) => found), ports: plan.ports }
  const gun = await openGun(plan.kind, group, kit)
  const lost = createLostWay(kit)
  try {
    const signal = AbortSignal.any([kit.io.interrupted, lost.signal])
    await scanGroup({
      ...groupScan(hosts, plan, kit, gun, told),
      signal,
      failed: failedAt(hosts, plan, lost),
    })
    const fault = gun.fault() ?? (await lost.fault())
    if (fault !== undefined) throw fault
  } finally {
    gun.close()
  }
  kit.meter.end()
}

function failedAt(
  hosts: readonly HostDraft[],
  { kind, ports }: KindPlan,
  lost: LostWay,
): GroupScan['failed'] {
  const { protocol } = KINDS[kind]
  return (host, port, fault) => {
    const draft = hosts[host]
    if (draft === undefined || lost.signal.aborted) return
    draft.unsent[protocol].add(ports[port] ?? 0)
    draft.faults.set(fault.message, (draft.faults.get(fault.message) ?? 0) + 1)
    if (draft.table.size > 0) lost.suspect(draft, fault)
  }
}

function groupScan(
  hosts: readonly HostDraft[],
  plan: KindPlan,
  kit: ScanKit,
  gun: Gun,
  told: Told,
): Omit<GroupScan, 'failed' | 'signal'> {
  const { clock } = kit.io
  return {
    gun,
    hosts: hosts.length,
    ports: plan.ports.length,
    timing: kit.settings.timing,
    clock,
    timesOf: (host) => hosts[host]?.times,
    spentNs: (host) => hosts[host]?.askedNs ?? 0,
    settled: (host) => settledOf(hosts[host], plan),
    answering: (host) => answeringOf(hosts[host], plan),
    found(hit) {
      const draft = hosts[hit.host]
      if (draft !== undefined) put(draft, rowOf(hit, plan), told)
    },
    ended(host, summary) {
      const draft = hosts[host]
      if (draft !== undefined) finish(draft, summary, plan, kit, told)
    },
    turn({ done, hostsUnderway }) {
      kit.meter.at(done, hostsUnderway)
      told.turn()
      return kit.written()
    },
  }
}

function rowOf({ port, verdict, ttl, from }: Hit, { kind, ports }: KindPlan): PortRow {
  const { protocol } = KINDS[kind]
  const row: PortRow = { protocol, port: ports[port] ?? 0, ...verdict, ttl, from }
  // connect() has no other word for it, and nmap says it so.
  return kind === 'connect' && row.reason === 'reset' ? { ...row, reason: 'conn-refused' } : row
}

/** One open port and one closed one of those that an earlier run knew. */
function answeringOf(draft: HostDraft | undefined, { kind, ports }: KindPlan): readonly Answering[] {
  if (draft === undefined || draft.table.size === 0) return []
  const { protocol } = KINDS[kind]
  const classes = { open: 'open', closed: protocol === 'udp' ? 'unreachable' : 'reset' } as const
  return (['open', 'closed'] as const).flatMap((state) => {
    const port = ports.findIndex((one) => draft.table.row(protocol, one)?.state === state)
    return port < 0 ? [] : [{ port, kind: classes[state] }]
  })
}

function put(draft: HostDraft, row: PortRow, told: Told): void {
  // What answered first counts, unless that was no more than an error on the way.
  if (draft.table.has(row.protocol, row.port)) {
    const known = draft.table.row(row.protocol, row.port)
    if (known?.state !== 'filtered' || row.state === 'filtered') return
  }
  draft.table.put(row)
  told.row(draft, row)
}

/** What was silent to the end has its verdict by that; a host that was left early has none for those. */
function finish(draft: HostDraft, summary: HostSummary, plan: KindPlan, kit: ScanKit, told: Told): void {
  const { clock } = kit.io
  draft.endMs = clock.wallMs()
  draft.askedNs += summary.elapsedNs
  // Discovery measures with better clocks.
  draft.times ??= summary.times
  if (summary.end !== 'complete') {
    draft.ended = summary.end
    return
  }
  if (summary.waiting === 0) return
  const { protocol } = KINDS[plan.kind]
  const verdict = silenceOf(plan.kind)
  const silent = settledOf(draft, plan)
  for (let place = 0; place < plan.ports.length; place += 1) {
    const port = plan.ports[place] ?? 0
    if (silent[place] !== 0 || draft.unsent[protocol].has(port)) continue
    put(draft, { protocol, port, ...verdict, ttl: 0 }, told)
  }
  if (summary.isCapped) warnOfCap(draft, summary, kit)
  if (summary.isMute) warnOfSilence(draft, kit)
}

function warnOfCap({ found }: HostDraft, { passes, waiting }: HostSummary, { emit }: ScanKit): void {
  const what = `giving up on ${counted(waiting, 'port')} after ${counted(passes, 'try', 'tries')}`
  const text = `${found.address}: ${what}, though answers still came`
  emit({ kind: 'warning', text })
}

/** A host that went down, or a firewall that has had enough: verdicts of silence may be wrong. */
function warnOfSilence({ found }: HostDraft, { emit }: ScanKit): void {
  const text = `${found.address}: answers were lost however slowly it was asked: some ports may not be filtered`
  emit({ kind: 'warning', text })
}

/** One octet a port of the plan: 1 for those that are another shard's or known already. */
function settledOf(draft: HostDraft | undefined, { kind, ports, from }: KindPlan): Uint8Array {
  const settled = new Uint8Array(ports.length)
  if (draft === undefined) return settled
  settled.fill(1, 0, Math.max(0, draft.fromPort - from))
  settled.fill(1, Math.max(0, draft.toPort - from))
  if (draft.table.size === 0) return settled
  const { protocol } = KINDS[kind]
  for (let place = 0; place < ports.length; place += 1) {
    if (settled[place] === 0 && draft.table.has(protocol, ports[place] ?? 0)) settled[place] = 1
  }
  return settled
}

/** How many ports of the plan are the host's. */
function shareOf({ fromPort, toPort }: HostDraft, { ports, from }: KindPlan): number {
  return Math.max(0, Math.min(toPort, from + ports.length) - Math.max(fromPort, from))
}

function hasWork(draft: HostDraft, plan: KindPlan): boolean {
  return shareOf(draft, plan) > 0
}

function subjectOf(hosts: readonly HostDraft[], plan: KindPlan): string {
  const [first] = hosts
  if (first !== undefined && hosts.length === 1)
    return `${nameOf(first)} [${counted(shareOf(first, plan), 'port')}]`
  return `${hosts.length} hosts [${counted(plan.ports.length, 'port')}/host]`
}

function nameOf({ found: { name, address }, ptr }: HostDraft): string {
  const shown = name ?? ptr
  return shown === undefined ? address : `${shown} (${address})`
}
