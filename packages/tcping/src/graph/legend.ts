import type { Look } from './look.ts'
import type { GraphSeries, GraphTotals } from './model.ts'
import { type StripMark, stripPiece } from './strip.ts'
import { cutText, type Piece, padEnd, padStart, textWidth } from './text.ts'

/** One figure of a legend line. */
interface Column {
  readonly name: string
  readonly width: number
  readonly read: (totals: GraphTotals) => string | undefined
}

const MS_WIDTH = 8
const COLUMNS = [
  { name: 'last', width: MS_WIDTH, read: ({ lastMs }) => formatMs(lastMs) },
  { name: 'min', width: MS_WIDTH, read: ({ minMs }) => formatMs(minMs) },
  { name: 'avg', width: MS_WIDTH, read: ({ avgMs }) => formatMs(avgMs) },
  { name: 'max', width: MS_WIDTH, read: ({ maxMs }) => formatMs(maxMs) },
  { name: 'ms', width: 3, read: () => ' ms' },
  { name: 'loss', width: 7, read: formatLoss },
] as const satisfies readonly Column[]

/** The order in which figures are given up when a line is too short for all, the least missed first. */
const GIVEN_UP = ['min', 'max', 'avg', 'loss', 'ms', 'last']

const LONGEST_NAME = 32
const SHORTEST_NAME = 8

/** A legend that fits `width` columns. */
export interface Legend {
  readonly nameWidth: number
  readonly wordWidth: number
  readonly columns: readonly Column[]
}

/** Chooses which figures fit. Names give way first, then the figures, the least missed ones first. */
export function planLegend(series: readonly GraphSeries[], width: number): Legend {
  const longest = Math.max(SHORTEST_NAME, ...series.map((s) => Math.min(textWidth(s.name), LONGEST_NAME)))
  const usual = width >= 40 ? 'stealth'.length : 0
  const longestWord = Math.max(usual, ...series.map((s) => (s.totals().lastWord ?? '').length))
  const wordWidth = Math.min(longestWord, Math.max(width - 3 - SHORTEST_NAME / 2, 1))
  const fixed = 2 + 1 + wordWidth
  let columns: readonly Column[] = COLUMNS
  for (const name of GIVEN_UP) {
    if (fixed + Math.min(longest, 16) + widthOf(columns) <= width) break
    columns = columns.filter((column) => column.name !== name)
  }
  const nameWidth = Math.max(1, Math.min(longest, width - fixed - widthOf(columns)))
  return { nameWidth, wordWidth, columns }
}

/** The line above the legend: what the marks of the loss strip mean, and the names of the figures. */
export function legendHeader(legend: Legend, marks: readonly StripMark[], look: Look): readonly Piece[] {
  const room = 2 + legend.nameWidth + 1 + legend.wordWidth
  const figures = legend.columns.map(({ name, width }) => padStart(name === 'ms' ? '' : name, width)).join('')
  const loose = keyPieces(marks, '  ', look)
  const key = lengthOf(loose) <= room ? loose : cutKey(keyPieces(marks, ' ', look), room)
  const gap = ' '.repeat(room - lengthOf(key))
  return [...key, { text: gap }, { text: figures, style: look.styles.dim }]
}

/** A mark and its name in turn. */
function keyPieces(marks: readonly StripMark[], gap: string, look: Look): readonly Piece[] {
  return marks.flatMap((mark, i) => [
    { ...stripPiece(mark, look), text: `${i === 0 ? '' : gap}${stripPiece(mark, look).text}` },
    { text: mark === 'untimed' ? ' no time' : ` ${mark}`, style: look.styles.dim },
  ])
}

/** Leaves out whole entries from the end. */
function cutKey(key: readonly Piece[], room: number): readonly Piece[] {
  return lengthOf(key) <= room ? key : cutKey(key.slice(0, -2), room)
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, { text }) => sum + textWidth(text), 0)
}

/** One target: mark, name, last state, figures of the whole run in milliseconds, loss. */
export function legendLine(
  legend: Legend,
  series: GraphSeries,
  target: number,
  look: Look,
): readonly Piece[] {
  const totals = series.totals()
  const word = totals.lastWord
  const style = look.styleOf(target)
  const name = cutText(series.name, legend.nameWidth, look.glyphs.ellipsis)
  const figures = legend.columns.map((c) => padStart(c.read(totals) ?? look.glyphs.none, c.width)).join('')
  return [
    { text: look.markOf(target), style },
    { text: ` ${padEnd(name, legend.nameWidth)} ` },
    {
      text: padEnd(cutText(word ?? '', legend.wordWidth, look.glyphs.ellipsis), legend.wordWidth),
      style: word && look.styles.words[word],
    },
    { text: figures },
  ]
}

/** As tcping prints times: three decimals below 100 ms, one above, none where they would not matter any more. */
function formatMs(ms: number | undefined): string | undefined {
  if (ms === undefined) return undefined
  if (ms < 99.9995) return ms.toFixed(3)
  return ms.toFixed(ms < 99_999.95 ? 1 : 0)
}

/** Never rounds a loss away, nor a rare answer. */
function formatLoss({ sent, lost }: GraphTotals): string | undefined {
  if (sent === 0) return undefined
  const percent = (100 * lost) / sent
  if (percent === 0 || percent === 100) return `${percent}%`
  return `${Math.min(Math.max(percent, 0.1), 99.9).toFixed(1)}%`
}

function widthOf(columns: readonly Column[]): number {
  return columns.reduce((sum, { width }) => sum + width, 0)
}
