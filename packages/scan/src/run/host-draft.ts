import { classify, type Transport, type Verdict } from '@portkit/core'
import type { PortNames } from '../grammar/service-names.ts'
import type { FoundHost } from '../hosts/discover.ts'
import type { HostName, HostReport, HostTimes } from '../model/host-report.ts'
import { createPortTable, type PortRow, type PortTable, type PortTableDraft } from '../model/port-table.ts'
import { KINDS, type ScanKind } from '../model/scan-kind.ts'
import type { SharedHost } from './host-blocks.ts'

/** A host that is worked on. */
export interface HostDraft {
  readonly found: FoundHost
  /** Which of the run's shares it is. */
  readonly index: number
  readonly table: PortTableDraft
  /** The part of the asking order that is this run's. */
  readonly fromPort: number
  readonly toPort: number
  startMs: number
  endMs: number
  times: HostTimes | undefined
  /** How long its ports have been asked, nanoseconds. */
  askedNs: number
  ended: HostReport['ended']
  /** What this machine could not send: to how many ports, by why. */
  readonly faults: Map<string, number>
  /** Those ports. */
  readonly unsent: Record<Transport, Set<number>>
  ptr: string | undefined
}

export function createHostDraft(
  found: FoundHost,
  { share: { fromPort, toPort }, index }: Pick<SharedHost, 'share' | 'index'>,
  startMs: number,
  known?: PortTable,
): HostDraft {
  const table = createPortTable()
  for (const row of known?.rows() ?? []) table.put(row)
  return {
    found,
    index,
    table,
    fromPort,
    toPort,
    startMs,
    endMs: startMs,
    times: found.times,
    askedNs: 0,
    ended: undefined,
    faults: new Map(),
    unsent: { tcp: new Set(), udp: new Set() },
    ptr: undefined,
  }
}

/** What silence means for this kind of scan. */
export function silenceOf(kind: ScanKind): Verdict {
  return classify({ kind: 'silence', waitedNs: 0, syns: 1 }, KINDS[kind].method)
}

/** The same rows, with the names of their services where the host did not say them itself. */
function withNames(table: PortTable, names: PortNames): PortTable {
  const named = (row: PortRow): PortRow => {
    if (row.service !== undefined) return row
    const name = names.nameOf(row.port, row.protocol)
    return name === undefined ? row : { ...row, service: { name, method: 'table', confidence: 3 } }
  }
  return {
    get size() {
      return table.size
    },
    *rows(isWanted) {
      for (const row of table.rows(isWanted)) yield named(row)
    },
    row(protocol, port) {
      const row = table.row(protocol, port)
      return row && named(row)
    },
    has: (protocol, port) => table.has(protocol, port),
    tallies: () => table.tallies(),
    portsOf: (state, protocol: Transport, reason) => table.portsOf(state, protocol, reason),
  }
}

/** Names of a host, the user's first. */
function namesOf({ found, ptr }: Pick<HostDraft, 'found' | 'ptr'>): readonly HostName[] {
  return [
    ...(found.name === undefined ? [] : [{ name: found.name, type: 'user' } as const]),
    ...(ptr === undefined ? [] : [{ name: ptr, type: 'PTR' } as const]),
  ]
}

/** @param hasPorts undefined ports for runs that only look for hosts */
export function reportOf(
  draft: HostDraft,
  {
    names,
    hasPorts,
    hasVersions,
  }: { readonly names: PortNames; readonly hasPorts: boolean; readonly hasVersions: boolean },
): HostReport {
  const { found, table, startMs, endMs, times, ended, fromPort, toPort } = draft
  const asked = toPort - fromPort
  return {
    address: found.address,
    family: found.family,
    names: namesOf(draft),
    otherAddresses: found.otherAddresses,
    status: found.status,
    hardwareAddress: found.hardwareAddress,
    vendor: found.vendor,
    startMs,
    endMs,
    times,
    ports: hasPorts && found.status.state === 'up' ? withNames(table, names) : undefined,
    ended,
    unasked: hasPorts && found.status.state === 'up' ? Math.max(0, asked - table.size) : 0,
    hasVersions,
  }
}
