import { displayWidth, escapeControl } from '@portkit/core'
import type { PortRow } from '../model/port-table.ts'
import type { RunInfo } from '../model/scan-result.ts'
import { runText } from '../report/text-frame.ts'
import { serviceText, versionText } from '../report/words.ts'
import type { ResultDiff } from './diff.ts'
import { type HostDiff, type HostFacts, hiddenText, titleOf } from './diff-hosts.ts'
import type { PortDiff, Sides } from './diff-ports.ts'

/** How a line begins: it was so, it is so, it is so still. */
type Sign = '-' | '+' | ' '

interface Row {
  readonly sign: Sign
  readonly cells: readonly string[]
}

const TITLES = ['PORT', 'STATE', 'SERVICE', 'VERSION']

/**
 * The differences in ndiff's form, seen with ndiff 7.93, line by line; safe for a terminal.
 * @param verbose also what is the same
 */
export function* diffText(diff: ResultDiff, verbose: boolean): Generator<string> {
  yield* pair({ before: headLine(diff.before), after: headLine(diff.after) }, diff.isSameRun, verbose)
  for (const host of diff.hosts) {
    if (host.isSame && !verbose) continue
    yield '\n'
    yield* hostLines(host, verbose)
  }
}

function headLine(run: RunInfo): string {
  return runText(run.scanner === 'nmap' ? { ...run, scanner: 'Nmap' } : run)
}

function* hostLines(host: HostDiff, verbose: boolean): Generator<string> {
  const title = sidesOf(host, (facts) => `${escapeControl(titleOf(facts))}:`)
  yield* pair(title, title.before === title.after, true)
  const state = sidesOf(host, (facts) => `Host is ${facts.state}.`)
  yield* pair(state, state.before === state.after, verbose)
  const hidden = sidesOf(host, (facts) =>
    facts.hidden.length === 0 ? undefined : `Not shown: ${hiddenText(facts)}`,
  )
  yield* pair(hidden, hidden.before === hidden.after, verbose)
  yield* table(host, verbose)
}

function sidesOf({ before, after }: HostDiff, read: (facts: HostFacts) => string | undefined): Sides<string> {
  return { before: before && read(before), after: after && read(after) }
}

/** Both where they differ, with their signs; one where they are the same and that is to be told. */
function* pair({ before, after }: Sides<string>, isSame: boolean, tellsSame: boolean): Generator<string> {
  if (isSame) {
    if (tellsSame && after !== undefined) yield ` ${after}\n`
    return
  }
  if (before !== undefined) yield `-${before}\n`
  if (after !== undefined) yield `+${after}\n`
}

function* table(host: HostDiff, verbose: boolean): Generator<string> {
  const rows = (): Generator<Row> => tableRows(host, verbose)
  const widths = [0, 0, 0, 0]
  let isEmpty = true
  for (const { cells } of rows()) {
    isEmpty = false
    for (const [i, cell] of cells.entries()) widths[i] = Math.max(widths[i] ?? 0, displayWidth(cell))
  }
  if (isEmpty) return
  const titleSign = host.before === undefined ? '+' : host.after === undefined ? '-' : ' '
  yield rowLine({ sign: titleSign, cells: TITLES }, widths)
  for (const row of rows()) yield rowLine(row, widths)
}

function rowLine({ sign, cells }: Row, widths: readonly number[]): string {
  const padded = cells.map((cell, i) => {
    const width = Math.max(widths[i] ?? 0, TITLES[i]?.length ?? 0)
    return cell + ' '.repeat(width - displayWidth(cell))
  })
  return `${sign}${padded.join(' ').trimEnd()}\n`
}

function* tableRows(host: HostDiff, verbose: boolean): Generator<Row> {
  for (const port of host.ports()) if (verbose || !port.isSame) yield* portRows(port)
}

function* portRows({ before, after, isSame }: PortDiff): Generator<Row> {
  if (isSame) {
    if (after !== undefined) yield { sign: ' ', cells: cellsOf(after) }
    return
  }
  if (before !== undefined) yield { sign: '-', cells: cellsOf(before) }
  if (after !== undefined) yield { sign: '+', cells: cellsOf(after) }
}

function cellsOf(row: PortRow): readonly string[] {
  return [`${row.port}/${row.protocol}`, row.state, serviceText(row, false), versionText(row.service)]
}
