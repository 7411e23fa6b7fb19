import type { Transport } from '@portkit/core'
import type { HostReport } from './host-report.ts'
import type { ScanKind } from './scan-kind.ts'

/** What one kind of scan asks: a `scaninfo` of nmap's XML. */
export interface ScanInfo {
  /** A foreign result may have kinds that are not ours, such as `sctpinit`. */
  readonly kind: ScanKind | (string & {})
  readonly protocol: Transport | (string & {})
  /** Ascending. */
  readonly ports: readonly number[]
}

/** What a run was asked to do. */
export interface RunInfo {
  /** `portscan` in our results; `nmap`, `masscan` in others. */
  readonly scanner: string
  readonly version: string
  /** The command line, as it would be typed. */
  readonly args: string
  /** Milliseconds since 1970. */
  readonly startMs: number
  readonly scans: readonly ScanInfo[]
  /** How many -v and -d. */
  readonly verbose: number
  readonly debugging: number
}

/** Packets of raw scans; connect scans send none themselves. */
export interface PacketCounts {
  readonly sent: number
  readonly sentOctets: number
  readonly received: number
  readonly receivedOctets: number
}

/** What became of a run. */
export interface RunEnd {
  readonly endMs: number
  readonly elapsedMs: number
  readonly hosts: { readonly up: number; readonly down: number; readonly total: number }
  /** Why it ended early: the signal's name, or the error's sentence; undefined when all was done. */
  readonly cut?: string | undefined
  readonly packets?: PacketCounts | undefined
}

/** A whole result, ours or another scanner's. */
export interface ScanResult {
  readonly run: RunInfo
  readonly hosts: readonly HostReport[]
  /** undefined when the file ends before it. */
  readonly end: RunEnd | undefined
}
