import type { HostReport } from '../model/host-report.ts'
import type { PacketCounts, RunEnd, RunInfo, ScanInfo, ScanResult } from '../model/scan-result.ts'
import { hostKey, type MergePart, mergeHosts } from './merge-hosts.ts'
import { inAddressOrder, inOrderOf } from './merge-order.ts'

export interface Merged {
  readonly result: ScanResult
  /** Sentences: what the parts disagree about. */
  readonly warnings: readonly string[]
}

/**
 * Joins results of the same run, or of several, into one: hosts by address, in the order of their numbers, IPv4 first;
 * the ports of a host from all parts. Where parts disagree what ended later counts. The order of the parts does not
 * matter, and a part that is there twice counts once.
 * @throws RangeError without parts
 */
export function mergeResults(parts: readonly ScanResult[]): Merged {
  const warnings: string[] = []
  const all = inOrderOf(parts, ({ run }) => [run.startMs], headOf)
  const ordered = withoutTwins(all)
  if (ordered.length < parts.length) warnings.push('a part that was given more than once counts once')

  const groups = new Map<string, MergePart[]>()
  for (const { run, hosts } of ordered) {
    for (const report of hosts) {
      const group = groups.get(report.address)
      const part = { report, scans: run.scans }
      if (group === undefined) groups.set(report.address, [part])
      else group.push(part)
    }
  }
  const hosts = inAddressOrder(
    [...groups.values()].flatMap((group) => mergeHosts(group, (text) => warnings.push(text)) ?? []),
  )
  if (ordered.some(({ end }) => end === undefined)) warnings.push('a part ends before its run did')
  const result = { run: runOf(ordered), hosts, end: endOf(ordered, [...groups.values()], hosts) }
  return { result, warnings: warnings.sort() }
}

/** What tells most parts apart, without the bulk of ports. */
function headOf({ run, end, hosts }: ScanResult): string {
  const scans = run.scans.map(({ kind, protocol, ports }) => [kind, protocol, ports.length])
  const [first] = hosts
  return JSON.stringify({
    run: { ...run, scans },
    end,
    first: first && [first.address, first.ports?.size],
    count: hosts.length,
  })
}

/** The first of parts that are equal in all. */
function withoutTwins(parts: readonly ScanResult[]): readonly ScanResult[] {
  const heads = new Map<string, ScanResult[]>()
  return parts.filter((part) => {
    const head = headOf(part)
    const alike = heads.get(head)
    if (alike?.some((other) => isSame(other, part)) === true) return false
    if (alike === undefined) heads.set(head, [part])
    else alike.push(part)
    return true
  })
}

function isSame(a: ScanResult, b: ScanResult): boolean {
  if (a === b) return true
  const isSameHost = (host: HostReport, i: number): boolean => {
    const other = b.hosts[i]
    return other !== undefined && hostKey(host) === hostKey(other)
  }
  return JSON.stringify(a.run) === JSON.stringify(b.run) && a.hosts.every(isSameHost)
}

function runOf(parts: readonly ScanResult[]): RunInfo {
  const [first] = parts
  if (first === undefined) throw new RangeError('there is nothing to merge')
  const runs = parts.map(({ run }) => run)
  return {
    ...first.run,
    scans: scansOf(runs.flatMap(({ scans }) => scans)),
    verbose: Math.max(...runs.map(({ verbose }) => verbose)),
    debugging: Math.max(...runs.map(({ debugging }) => debugging)),
  }
}

function scansOf(scans: readonly ScanInfo[]): readonly ScanInfo[] {
  const united = new Map<string, ScanInfo>()
  for (const scan of scans) {
    const key = `${scan.protocol} ${scan.kind}`
    const known = united.get(key)
    united.set(key, known === undefined ? scan : { ...scan, ports: unionOf(known.ports, scan.ports) })
  }
  return [...united.values()]
}

/** Ascending. Parts of a run mostly asked the same ports. */
function unionOf(a: readonly number[], b: readonly number[]): readonly number[] {
  const isSame = a.length === b.length && a.every((port, i) => port === b[i])
  return isSame ? a : [...new Set([...a, ...b])].sort((one, other) => one - other)
}

function endOf(
  parts: readonly ScanResult[],
  groups: readonly (readonly MergePart[])[],
  hosts: readonly HostReport[],
): RunEnd | undefined {
  const ends = parts.flatMap(({ end }) => (end === undefined ? [] : [end]))
  if (ends.length === 0) return undefined
  const cuts = new Set(ends.flatMap(({ cut }) => (cut === undefined ? [] : [cut])))
  if (ends.length < parts.length) cuts.add('a part is not complete')
  const packets = ends.flatMap((end) => (end.packets === undefined ? [] : [end.packets]))
  return {
    endMs: Math.max(...ends.map(({ endMs }) => endMs)),
    elapsedMs: elapsedOf(parts),
    hosts: hostCounts(parts, groups, hosts),
    cut: cuts.size === 0 ? undefined : [...cuts].sort().join(', '),
    packets: packets.length === 0 ? undefined : packets.reduce(sumOf),
  }
}

/** From the first start to the last end; a run that took just that long knows it better than the wall clock. */
function elapsedOf(parts: readonly ScanResult[]): number {
  const startMs = Math.min(...parts.map(({ run }) => run.startMs))
  const endMs = Math.max(...parts.map(({ end }) => end?.endMs ?? 0))
  const whole = parts.filter(({ run, end }) => run.startMs === startMs && end?.endMs === endMs)
  if (whole.length > 0) return Math.max(...whole.map(({ end }) => end?.elapsedMs ?? 0))
  return Math.max(0, endMs - startMs)
}

/** The parts' own counts, less what several of them report on. Hosts that are down are mostly counted only. */
function hostCounts(
  parts: readonly ScanResult[],
  groups: readonly (readonly MergePart[])[],
  hosts: readonly HostReport[],
): RunEnd['hosts'] {
  const sum = { up: 0, down: 0, total: 0 }
  const count = ({ status }: HostReport, sign: 1 | -1): void => {
    sum.total += sign
    if (status.state !== 'unknown') sum[status.state] += sign
  }
  for (const { end } of parts) {
    for (const key of ['up', 'down', 'total'] as const) sum[key] += end?.hosts[key] ?? 0
  }
  // What a part that was cut would have counted.
  const uncounted = parts.filter(({ end }) => end === undefined)
  for (const report of uncounted.flatMap((part) => part.hosts)) count(report, 1)
  const joined = groups.filter((group) => group.length > 1).flat()
  const addresses = new Set(joined.map(({ report }) => report.address))
  for (const { report } of joined) count(report, -1)
  for (const report of hosts) if (addresses.has(report.address)) count(report, 1)
  return atLeast(sum, hosts)
}

/** A part may count fewer hosts than it reports on. */
function atLeast({ up, down, total }: RunEnd['hosts'], hosts: readonly HostReport[]): RunEnd['hosts'] {
  const listed = (state: 'up' | 'down') => hosts.filter(({ status }) => status.state === state).length
  return {
    up: Math.max(up, listed('up')),
    down: Math.max(down, listed('down')),
    total: Math.max(total, hosts.length),
  }
}

function sumOf(a: PacketCounts, b: PacketCounts): PacketCounts {
  return {
    sent: a.sent + b.sent,
    sentOctets: a.sentOctets + b.sentOctets,
    received: a.received + b.received,
    receivedOctets: a.receivedOctets + b.receivedOctets,
  }
}
