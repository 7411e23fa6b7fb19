import type { HostReport, HostStatus } from './host-report.ts'
import type { PortRow } from './port-table.ts'
import type { RunEnd, RunInfo } from './scan-result.ts'

/** A part of a run that nmap reports on: host discovery, a kind of scan, versions, names. */
export interface Phase {
  /** `ARP Ping Scan`, `Ping Scan`, `SYN Stealth Scan`, `Service scan`, `Parallel DNS resolution of 3 hosts.` */
  readonly title: string
  /** What it works on: `10.0.0.2 [6 ports]`, `2 hosts [1 port/host]`, as in "Scanning …"; undefined: nothing is said. */
  readonly subject: string | undefined
  /** `6 total ports`, `2 total hosts`: in the line of its end. */
  readonly total: string
  /** Milliseconds since 1970. */
  readonly startMs: number
}

/** How far a run is. */
export interface Progress {
  readonly elapsedMs: number
  /** Milliseconds since 1970. */
  readonly nowMs: number
  readonly hostsDone: number
  readonly hostsUp: number
  /** Hosts that the phase works on. */
  readonly hostsUnderway: number
  /** All hosts of the run; undefined when not known. */
  readonly hostsTotal: number | undefined
  readonly phase: string
  /** Of the phase, 0 to 1. */
  readonly done: number
  /** Of the phase, as expected from its speed; undefined while that is not known. */
  readonly remainingMs: number | undefined
  readonly openPorts: number
}

/** All that a run tells. Reporters turn it into text. */
export type ScanEvent =
  | { readonly kind: 'begin'; readonly run: RunInfo }
  | { readonly kind: 'phase'; readonly phase: Phase }
  | { readonly kind: 'phase-end'; readonly phase: Phase; readonly elapsedMs: number; readonly endMs: number }
  /** A host was found to be up, before its ports are asked. */
  | { readonly kind: 'hint'; readonly host: HostHint }
  /** Known at this moment; the host's report has it again. */
  | { readonly kind: 'port'; readonly address: string; readonly row: PortRow }
  /** For stderr, a sentence. */
  | { readonly kind: 'warning'; readonly text: string }
  /** A line of --packet-trace. */
  | { readonly kind: 'trace'; readonly text: string }
  | { readonly kind: 'progress'; readonly progress: Progress }
  | { readonly kind: 'host'; readonly report: HostReport }
  | { readonly kind: 'end'; readonly end: RunEnd }

export interface HostHint {
  readonly address: string
  readonly family: 4 | 6
  readonly status: HostStatus
  readonly names: HostReport['names']
  readonly hardwareAddress?: string | undefined
  readonly vendor?: string | undefined
}

/** Where a reporter's text goes: a file, or standard output. */
export interface Sink {
  write(text: string): void
}

/** Turns events into the text of one format. It never waits, and keeps nothing of hosts that are done. */
export interface Reporter {
  on(event: ScanEvent): void
}
