import {
  type Colours,
  displayWidth,
  err,
  escapeControl,
  type Line,
  out,
  type Target,
  type Terminal,
} from '@portkit/core'
import type { Finding } from '../model/finding.ts'
import type { Settings } from '../settings.ts'
import { type DetailRow, detailRows, hexDump } from './details.ts'
import { findingLine } from './finding-line.ts'
import { createPaint } from './paint.ts'
import { createPlaces } from './place.ts'
import type { Reporter } from './reporter.ts'
import { isShown } from './shown.ts'
import { createCounter, tallyText } from './tally.ts'
import { wordLines } from './word-lines.ts'

/** Whom the text is for. */
export interface TextView {
  /** All that will be looked at: columns are as wide as they need. */
  readonly targets: readonly Target[]
  readonly colours: Colours
  readonly stdout: Terminal
  readonly stderr: Pick<Terminal, 'isTty'>
}

const INDENT = '  '
/** Columns of values, however narrow the terminal. */
const LEAST = 20

/** One line a port, with -v and --hex more under it; at the end, for people, the sum of it on stderr. */
export function textReporter(
  settings: Pick<Settings, 'verbose' | 'hex' | 'openOnly'>,
  { targets, colours, stdout, stderr }: TextView,
): Reporter {
  const places = createPlaces(targets)
  const paint = createPaint(colours)
  const counter = createCounter()
  return {
    start: () => [],
    found(finding) {
      counter.add(finding)
      if (!isShown(finding, settings)) return []
      // A terminal's width may change while the run goes on.
      const columns = stdout.isTty ? stdout.columns() : undefined
      const line = findingLine(finding, { places, paint, columns })
      const details = settings.verbose ? detailLines(finding, columns) : ''
      return [out(`${line}\n${details}${settings.hex ? hexDump(finding.exchanges) : ''}`)]
    },
    end: () => (stderr.isTty ? [totalLine(tallyText(counter.tally(), targets.length))] : []),
  }
}

function totalLine(text: string): Line {
  return err(`${text}\n`)
}

/** Names and values below each other; a terminal's lines are broken between words. */
function detailLines(finding: Finding, columns: number | undefined): string {
  const rows = detailRows(finding).map(
    ([name, value]): DetailRow => [escapeControl(name), escapeControl(value)],
  )
  const width = Math.max(...rows.map(([name]) => displayWidth(name)))
  const indent = ' '.repeat(width + 2 * INDENT.length)
  const room = columns === undefined ? undefined : Math.max(LEAST, columns - indent.length)
  return rows
    .map(([name, value]) => {
      const lines = room === undefined ? [value] : wordLines(value, room)
      const blanks = ' '.repeat(width - displayWidth(name))
      return `${INDENT}${name}${blanks}${INDENT}${lines.join(`\n${indent}`)}`.replace(/ +$/gm, '')
    })
    .map((entry) => `${entry}\n`)
    .join('')
}
