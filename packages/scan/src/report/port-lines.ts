import { type Colours, displayWidth, type PortState } from '@portkit/core'
import type { PortRow, PortTable } from '../model/port-table.ts'
import { reasonText, serviceText, versionText } from './words.ts'

/** Which columns a table has, and how it looks. */
export interface TableLook {
  readonly hasReasons: boolean
  readonly hasVersions: boolean
  readonly colours: Colours
}

type Column = (row: PortRow) => string

const PLAIN = /^[ -~]*$/
/** Between columns. */
const GAP = 1

/** The table of the ports whose state is `isListed`; nothing when there are none. Rows are made one at a time, twice. */
export function* portLines(
  table: PortTable,
  isListed: (state: PortState) => boolean,
  look: TableLook,
): Iterable<string> {
  const columns = columnsOf(look)
  const titles = titlesOf(look)
  const widths = titles.map((title) => title.length)
  let isEmpty = true
  for (const row of table.rows(isListed)) {
    isEmpty = false
    for (const [i, column] of columns.entries()) widths[i] = Math.max(widths[i] ?? 0, widthOf(column(row)))
  }
  if (isEmpty) return
  yield lineOf(titles, widths, (text) => text)
  for (const row of table.rows(isListed)) {
    const cells = columns.map((column) => column(row))
    yield lineOf(cells, widths, stateStyle(row.state, look.colours))
  }
}

function titlesOf({ hasReasons, hasVersions }: TableLook): readonly string[] {
  return ['PORT', 'STATE', 'SERVICE', ...(hasReasons ? ['REASON'] : []), ...(hasVersions ? ['VERSION'] : [])]
}

function columnsOf({ hasReasons, hasVersions }: TableLook): readonly Column[] {
  return [
    ({ port, protocol }) => `${port}/${protocol}`,
    ({ state }) => state,
    (row) => serviceText(row, hasVersions) || 'unknown',
    ...(hasReasons ? [reasonText] : []),
    ...(hasVersions ? [({ service }: PortRow) => versionText(service)] : []),
  ]
}

/** The second cell is the state: it is the one that is painted. */
function lineOf(
  cells: readonly string[],
  widths: readonly number[],
  paint: (text: string) => string,
): string {
  const last = cells.findLastIndex((cell) => cell !== '')
  let line = ''
  for (const [i, cell] of cells.slice(0, last + 1).entries()) {
    const blanks = i === last ? 0 : (widths[i] ?? 0) - widthOf(cell) + GAP
    line += (i === 1 ? paint(cell) : cell) + ' '.repeat(blanks)
  }
  // Texts of peers may end with blanks.
  return `${line.trimEnd()}\n`
}

function widthOf(text: string): number {
  return PLAIN.test(text) ? text.length : displayWidth(text)
}

/** The colours that the other tools have for the same words. */
export function stateStyle(state: PortState, colours: Colours): (text: string) => string {
  switch (state) {
    case 'open':
      return colours.green
    case 'closed':
    case 'unfiltered':
      return colours.red
    case 'filtered':
    case 'open|filtered':
    case 'closed|filtered':
      return colours.magenta
    case 'unknown':
    case 'up':
    case 'no answer':
      return (text) => text
  }
}
