import type { HostReport, HostStatus } from '../model/host-report.ts'
import { createPortTable, type PortRow, type PortTable, PROTOCOLS } from '../model/port-table.ts'
import type { ScanInfo } from '../model/scan-result.ts'
import { inOrderOf } from './merge-order.ts'

/** A report with what its run asked. */
export interface MergePart {
  readonly report: HostReport
  readonly scans: readonly ScanInfo[]
}

/** So many ports are named in a warning. */
const NAMED = 5
const RANK = { up: 2, unknown: 1, down: 0 } as const satisfies Record<HostStatus['state'], number>

/**
 * The reports of one address as one, whatever their order: what ended later counts where they disagree, and `up` before
 * `down`. `warn` is told about ports whose states differ.
 */
export function mergeHosts(
  parts: readonly MergePart[],
  warn: (text: string) => void,
): HostReport | undefined {
  const ordered = inOrderOf(parts, ({ report: { endMs, startMs } }) => [endMs, startMs], keyOf)
  const reports = ordered.map(({ report }) => report)
  const last = reports.at(-1)
  if (last === undefined || reports.length === 1) return last
  const ports = portsOf(reports, warn)
  return {
    ...last,
    names: namesOf(reports),
    otherAddresses: [...new Set(reports.flatMap(({ otherAddresses }) => otherAddresses))],
    status: reports.reduce(
      (best, { status }) => (RANK[status.state] >= RANK[best.state] ? status : best),
      last.status,
    ),
    hardwareAddress: lastOf(reports, ({ hardwareAddress }) => hardwareAddress),
    vendor: lastOf(reports, ({ vendor }) => vendor),
    startMs: reports.reduce((first, { startMs }) => Math.min(first, startMs), last.startMs),
    times: lastOf(reports, ({ times }) => times),
    ports,
    ...gapsOf(ordered, ports),
    hasVersions: reports.some(({ hasVersions }) => hasVersions),
  }
}

/** All of a report as a text. */
export function hostKey(report: HostReport): string {
  return JSON.stringify({ ...report, ports: report.ports && [...report.ports.rows()] })
}

/** For an order among those that ended at the same time. */
function keyOf({ report, scans }: MergePart): string {
  return `${hostKey(report)} ${JSON.stringify(scans)}`
}

function lastOf<T>(
  reports: readonly HostReport[],
  read: (report: HostReport) => T | undefined,
): T | undefined {
  return reports.map(read).findLast((value) => value !== undefined)
}

/** What the user typed comes first. */
function namesOf(reports: readonly HostReport[]): HostReport['names'] {
  const names = new Map<string, HostReport['names'][number]>()
  for (const type of ['user', 'PTR'] as const) {
    for (const name of reports.flatMap((report) => report.names)) {
      if (name.type === type && !names.has(`${type} ${name.name}`)) names.set(`${type} ${name.name}`, name)
    }
  }
  return [...names.values()]
}

function portsOf(reports: readonly HostReport[], warn: (text: string) => void): PortTable | undefined {
  const tables = reports.flatMap(({ ports }) => (ports === undefined ? [] : [ports]))
  if (tables.length < 2) return tables[0]
  const all = createPortTable()
  const disagreed = new Set<string>()
  const add = (row: PortRow): void => {
    const before = all.row(row.protocol, row.port)
    if (before !== undefined && before.state !== row.state) disagreed.add(`${row.port}/${row.protocol}`)
    all.put(before === undefined ? row : later(before, row))
  }
  for (const table of tables) for (const row of table.rows()) add(row)
  if (disagreed.size > 0) warn(disagreement(reports[0]?.address ?? '', disagreed, all))
  return all
}

/** A service that was probed is kept when the later part says the same state without having asked for it. */
function later(before: PortRow, row: PortRow): PortRow {
  const isBetterKnown = before.service?.method === 'probed' && row.service?.method !== 'probed'
  return isBetterKnown && before.state === row.state ? { ...row, service: before.service } : row
}

function disagreement(address: string, ports: ReadonlySet<string>, all: PortTable): string {
  const named = [...ports].slice(0, NAMED).map((port) => {
    const [number, protocol] = port.split('/')
    const row = all.row(protocol === 'udp' ? 'udp' : 'tcp', Number(number))
    return `${port} (${row?.state} at last)`
  })
  const more = ports.size - named.length
  return `${address}: the parts disagree about ${named.join(', ')}${more > 0 ? ` and ${more} more ports` : ''}; what ended later counts`
}

/** What ended early is whole only when every port that it was asked for is there, from whichever part. */
function gapsOf(
  parts: readonly MergePart[],
  ports: PortTable | undefined,
): Pick<HostReport, 'ended' | 'unasked'> {
  const cut = parts.filter(({ report }) => report.ended !== undefined || report.unasked > 0)
  const last = cut.at(-1)
  if (last === undefined) return { ended: undefined, unasked: 0 }
  const missing = cut.reduce((most, part) => Math.max(most, missingFrom(part, ports)), 0)
  if (missing === 0) return { ended: undefined, unasked: 0 }
  const ended = cut.findLast(({ report }) => report.ended !== undefined)?.report.ended
  return { ended, unasked: missing }
}

function missingFrom({ report, scans }: MergePart, ports: PortTable | undefined): number {
  let wanted = 0
  let missing = 0
  for (const protocol of PROTOCOLS) {
    const asked = new Set(scans.filter((scan) => scan.protocol === protocol).flatMap((scan) => scan.ports))
    wanted += asked.size
    for (const port of asked) if (ports?.has(protocol, port) !== true) missing += 1
  }
  // A result that does not say what was asked cannot be seen to be whole.
  return wanted === 0 ? Math.max(report.unasked, 1) : missing
}
