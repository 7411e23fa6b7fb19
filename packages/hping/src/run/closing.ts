import { colours, type Io, out, portsOf, type Tally, verdictRows, verdictTable } from '@portkit/core'
import { scanTable } from '../words/scan-table.ts'
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

/** What stands at the end of a scan. */
export function scanClosing({ tally, lines, io }: Run, nameOf: (port: number) => string | undefined): void {
  const ports = tally.hosts.flatMap((host) => [...portsOf(host)])
  const named = ports.map((port) => ({ ...port, service: nameOf(port.port) }))
  lines.line(scanDone())
  lines.line(notResponding(named.filter(({ received }) => received === 0)))
  const table = scanTable(named, lookOf(io))
  if (table !== '') lines.line(out(`\n${table}`))
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
