import { type Family, head, type PortRecord, type ScanEndRecord, type ScanStartRecord } from '@portkit/core'
import type { PortRow } from '../model/port-table.ts'
import type { RunEnd, RunInfo } from '../model/scan-result.ts'
import { rangesOf } from '../results/port-ranges.ts'
import { portFindings } from './json-port.ts'

export function scanStartRecord({
  scanner,
  version,
  args,
  startMs,
  scans,
  ...levels
}: RunInfo): ScanStartRecord {
  const { verbose, debugging } = levels
  return {
    ...head('scan-start', scanner, startMs),
    version,
    args,
    scans: scans.map(({ kind, protocol, ports }) => ({ kind, transport: protocol, ports: rangesOf(ports) })),
    verbose,
    debugging,
  }
}

/** `host` is the name that the user typed, where there is one. */
export function portRecord(
  tool: string,
  atMs: number,
  { host, address, row }: { readonly host: string; readonly address: string; readonly row: PortRow },
): PortRecord {
  const family: Family = address.includes(':') ? 6 : 4
  return { ...head('port', tool, atMs), host, address, family, ...portFindings(row) }
}

export function scanEndRecord(
  tool: string,
  { endMs, elapsedMs, hosts, cut, packets }: RunEnd,
): ScanEndRecord {
  const { up, down, total } = hosts
  return {
    ...head('scan-end', tool, endMs),
    elapsedMs,
    hosts: { up, down, total },
    cut: cut ?? null,
    packets: packets ?? null,
  }
}
