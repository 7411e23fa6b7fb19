import {
  colours,
  type Io,
  out,
  type PortTally,
  portsOf,
  type Tally,
  verdictRows,
  verdictTable,
} from '@portkit/core'
import { type ScannedPort, scanTable } from '../words/scan-table.ts'
import { notResponding, scanDone } from '../words/scan-text.ts'
import { statistics } from '../words/statistics.ts'
import { verdictLines } from '../words/verdicts.ts'
import type { Figures } from './figures.ts'
import type { Run } from './run.ts'

/** hping3's statistics, then the verdicts. */
export function pingClosing({ tally, lines }: Run, name: string, figures: Figures): void {
  lines.line(statistics({ host: name, ...countsOf(tally), ...figuresOf(figures) }))
  for (const host of tally.hosts) lines.line(verdictLines(host.host.address, portsOf(host)))
}

function countsOf({ sent, received, again, late, dropped, refused }: Tally) {
  return { sent, received, again, late, dropped, refused }
}

function figuresOf({ outOfSequence, rtt }: Figures) {
  return { outOfSequence: outOfSequence(), rtt: rtt() }
}

/** What a scan came to. */
export interface ScanEnd {
  nameOf(port: number): string | undefined
  /** Nothing cut it short. */
  readonly isWhole: boolean
}

/** What stands at the end of a scan. */
export function scanClosing({ tally, lines, io }: Run, { nameOf, isWhole }: ScanEnd): void {
  if (isWhole) lines.line(scanDone())
  lines.line(notResponding(scanned(tally, nameOf, isSilent)))
  const table = scanTable(scanned(tally, nameOf), lookOf(io))
  if (table !== '') lines.line(out(`\n${table}`))
}

/** An answer that came too late is not received, but it came. */
function isSilent({ received, verdict }: PortTally): boolean {
  return received === 0 && (verdict === undefined || verdict.reason === 'no-response')
}

/** One after the other: there may be 65,536. */
function* scanned(
  { hosts }: Tally,
  nameOf: (port: number) => string | undefined,
  isMeant: (port: PortTally) => boolean = () => true,
): Generator<ScannedPort> {
  for (const host of hosts) {
    for (const port of portsOf(host)) if (isMeant(port)) yield { ...port, service: nameOf(port.port) }
  }
}

/** A capture may hold probes of many hosts. */
export function captureClosing({ tally, lines, io }: Run, name: string, figures: Figures): void {
  lines.line(statistics({ host: name, ...countsOf(tally), ...figuresOf(figures) }))
  const table = verdictTable(verdictRows(tally), lookOf(io))
  if (table !== '') lines.line(out(`\n${table}`))
}

function lookOf({ system }: Pick<Io, 'system'>) {
  const { stdout, env } = system
  return { colours: colours(stdout, env, 'auto'), width: stdout.isTty ? stdout.columns() : undefined }
}
