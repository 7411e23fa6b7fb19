import { colours, type PortState, type Transport } from '@portkit/core'
import type { Phase, Progress, ScanEvent, Sink } from '../src/model/event.ts'
import type { HostReport } from '../src/model/host-report.ts'
import { createPortTable, type PortRow, type PortTable } from '../src/model/port-table.ts'
import type { RunEnd, RunInfo } from '../src/model/scan-result.ts'
import { createTextReporter, type TextOptions } from '../src/report/text-reporter.ts'

/** 2026-11-20 14:43:11, local. */
export const START_MS = new Date(2026, 10, 20, 14, 43, 11).getTime()

/** `22/tcp open ssh syn-ack 64`: port, state, service (`-`: none), reason, time to live. */
export function rowOf(text: string): PortRow {
  const [place = '', state = '', name = '-', reason = '', ttl = '0'] = text.trim().split(/ +/)
  const [port = '', protocol = ''] = place.split('/')
  return {
    protocol: protocol as Transport,
    port: Number(port),
    state: state as PortState,
    reason,
    ttl: Number(ttl),
    ...(name !== '-' && { service: { name, method: 'table', confidence: 3 } }),
  }
}

/** One row a line; more rows may be given as they are. */
export function tableOf(text: string, ...rows: readonly PortRow[]): PortTable {
  const table = createPortTable()
  for (const line of text.split('\n')) if (line.trim() !== '') table.put(rowOf(line))
  for (const row of rows) table.put(row)
  return table
}

/** As many ports as there are from `from` to `to`, all alike. */
export function* many(
  from: number,
  to: number,
  state: PortState,
  reason: string,
  protocol: Transport = 'tcp',
): Iterable<PortRow> {
  for (let port = from; port <= to; port += 1) yield { protocol, port, state, reason, ttl: 0 }
}

/** 10.77.0.2, which is up, answered after 40 microseconds and was asked for no ports; but for what is given. */
export function hostOf(given: Partial<HostReport> = {}): HostReport {
  return {
    address: '10.77.0.2',
    family: 4,
    names: [],
    otherAddresses: [],
    status: { state: 'up', reason: 'arp-response', ttl: 0 },
    startMs: START_MS,
    endMs: START_MS + 1000,
    times: { srttUs: 40, rttvarUs: 2830, timeoutUs: 100_000 },
    unasked: 0,
    hasVersions: false,
    ...given,
  }
}

export const MAC = '16:ae:8c:cd:ec:20'

export const RUN: RunInfo = {
  scanner: 'portscan',
  version: '1.2.3',
  args: 'portscan -n -p 22,111 10.77.0.2',
  startMs: START_MS,
  scans: [{ kind: 'syn', protocol: 'tcp', ports: [22, 111] }],
  verbose: 0,
  debugging: 0,
}

export function endOf(given: Partial<RunEnd> = {}): RunEnd {
  return { endMs: START_MS + 1330, elapsedMs: 1330, hosts: { up: 1, down: 0, total: 1 }, ...given }
}

export function phaseOf(given: Partial<Phase> = {}): Phase {
  return {
    title: 'SYN Stealth Scan',
    subject: '10.77.0.2 [6 ports]',
    total: '6 total ports',
    startMs: START_MS,
    ...given,
  }
}

export function progressOf(given: Partial<Progress> = {}): Progress {
  const elapsedMs = given.elapsedMs ?? 3000
  return {
    elapsedMs,
    nowMs: START_MS + elapsedMs,
    hostsDone: 0,
    hostsUp: 1,
    hostsUnderway: 1,
    hostsTotal: 1,
    phase: 'SYN Stealth Scan',
    done: 0.1647,
    remainingMs: 15_200,
    openPorts: 2,
    ...given,
  }
}

/** A sink that keeps what is written. */
export function paper(): Sink & { text(): string; pieces: readonly string[] } {
  const pieces: string[] = []
  return { write: (text) => void pieces.push(text), text: () => pieces.join(''), pieces }
}

export const OPTIONS: TextOptions = {
  verbose: 0,
  debugging: 0,
  reason: false,
  openOnly: false,
  packetTrace: false,
  pings: true,
  defeatsRstLimit: false,
  colours: colours({ isTty: false }, {}, 'never'),
  isFile: false,
}

/** What the text reporter writes of some events. */
export function told(events: readonly ScanEvent[], options: Partial<TextOptions> = {}): string {
  const sink = paper()
  const reporter = createTextReporter({ ...OPTIONS, ...options }, sink)
  for (const event of events) reporter.on(event)
  return sink.text()
}

/** What it writes of one host. */
export function hostText(host: Partial<HostReport>, options: Partial<TextOptions> = {}): string {
  return told([{ kind: 'host', report: hostOf(host) }], options)
}
