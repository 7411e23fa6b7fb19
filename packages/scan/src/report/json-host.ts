import { type HostRecord, head, jsonText, type PortGroupRecord, type PortState } from '@portkit/core'
import type { Sink } from '../model/event.ts'
import type { HostReport } from '../model/host-report.ts'
import type { PortRow, PortTable } from '../model/port-table.ts'
import { rangesOf } from '../results/port-ranges.ts'
import { isByNumber, judged, portFindings } from './json-port.ts'
import { type CollapseRule, collapsedStates } from './not-shown.ts'

/** Pieces are gathered to some kilobytes. */
const PIECE = 16_384
/** The end of a record whose last field is an empty list of rows. */
const NO_ROWS = ']}}'

/** Writes the record of a host, piece by piece: all of its ports may be open. No line end. */
export function writeHostRecord(tool: string, report: HostReport, rule: CollapseRule, sink: Sink): void {
  const { ports } = report
  if (ports === undefined) {
    sink.write(jsonText(hostRecord(tool, report, undefined)))
    return
  }
  const collapsed = new Set(collapsedStates(ports, rule).map(({ state }) => state))
  let text = jsonText(hostRecord(tool, report, groupsOf(ports, collapsed))).slice(0, -NO_ROWS.length)
  let comma = ''
  for (const row of ports.rows()) {
    if (collapsed.has(row.state) && !hasMore(row)) continue
    text += `${comma}${jsonText(portFindings(row))}`
    comma = ','
    if (text.length < PIECE) continue
    sink.write(text)
    text = ''
  }
  sink.write(`${text}${NO_ROWS}`)
}

function hostRecord(
  tool: string,
  report: HostReport,
  groups: readonly PortGroupRecord[] | undefined,
): HostRecord {
  const { address, family, names, otherAddresses, status, times } = report
  return {
    ...head('host', tool, report.endMs),
    host: names.find(({ type }) => type === 'user')?.name ?? address,
    address,
    family,
    names: names.map(({ name, type }) => ({ name, type })),
    otherAddresses,
    state: status.state,
    reason: status.reason,
    ttl: status.ttl === 0 ? null : status.ttl,
    from: status.from ?? null,
    hardwareAddress: report.hardwareAddress ?? null,
    vendor: report.vendor ?? null,
    started: head('host', tool, report.startMs).time,
    // Clocks may be set back meanwhile.
    elapsedMs: Math.max(0, report.endMs - report.startMs),
    rttMs:
      times === undefined
        ? null
        : { srtt: ms(times.srttUs), rttvar: ms(times.rttvarUs), timeout: ms(times.timeoutUs) },
    ended: report.ended ?? null,
    unasked: report.unasked,
    hasVersions: report.hasVersions,
    ports: groups === undefined ? null : { groups, rows: [] },
  }
}

/** Milliseconds of microseconds, without what floating point adds. */
function ms(us: number): number {
  return Math.round(us * 1000) / 1e6
}

/** Whether more is known of a port than a group can say. */
function hasMore({ service }: PortRow): boolean {
  return service !== undefined && !isByNumber(service)
}

interface Group {
  readonly row: PortRow
  readonly ports: number[]
}

/** By state, protocol, reason and who answered with which time to live: nothing but usual names of services is left out. */
function groupsOf(table: PortTable, collapsed: ReadonlySet<PortState>): readonly PortGroupRecord[] {
  const groups = new Map<string, Group>()
  for (const row of table.rows((state) => collapsed.has(state))) {
    if (hasMore(row)) continue
    const { protocol, state, reason, ttl, from } = row
    const key = `${protocol} ${state} ${reason} ${ttl} ${from}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, { row, ports: [row.port] })
    else group.ports.push(row.port)
  }
  return [...groups.values()].map(groupRecord)
}

function groupRecord({ row: { protocol, state, reason, ttl, from }, ports }: Group): PortGroupRecord {
  return {
    transport: protocol,
    ...judged(state, reason),
    ttl: ttl === 0 ? null : ttl,
    from: from ?? null,
    count: ports.length,
    ports: rangesOf(ports),
  }
}
