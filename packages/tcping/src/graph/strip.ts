import { DOTS_ACROSS } from '../braille.ts'
import type { Look } from './look.ts'
import { answerMs, type GraphSample, type GraphWord } from './model.ts'
import type { Piece } from './text.ts'
import type { TimeWindow, Visible } from './window.ts'

/** What a cell of the loss strip can say; the first of these that happened in it is shown. */
const STRIP_MARKS = ['stealth', 'unreachable', 'closed', 'untimed'] as const
export type StripMark = (typeof STRIP_MARKS)[number]

/** Rows of marks under the plot: one for each target, or the worst of all targets in one row. */
export function drawStrips(
  visible: Visible,
  window: TimeWindow,
  rows: number,
  look: Look,
): readonly Piece[][] {
  const groups = rows === visible.length ? visible.map((samples) => [samples]) : [visible]
  return groups.map((group) => {
    const worst = worstMarks(group, window)
    return Array.from({ length: window.cells }, (_, column) => stripPiece(worst.get(column), look))
  })
}

/** The marks that the window shows, for the key. */
export function marksIn(visible: Visible, window: TimeWindow): readonly StripMark[] {
  const seen = new Set<StripMark>()
  for (const samples of visible) for (const { mark } of placeMarks(samples, window)) seen.add(mark)
  return STRIP_MARKS.filter((mark) => seen.has(mark))
}

/** A mark as it is drawn in a strip. */
export function stripPiece(mark: StripMark | undefined, { glyphs, styles }: Look): Piece {
  if (mark === undefined) return { text: ' ' }
  if (mark === 'untimed') return { text: glyphs.untimed, style: styles.dim }
  return { text: glyphs.words[mark], style: styles.words[mark] }
}

function worstMarks(group: Visible, window: TimeWindow): ReadonlyMap<number, StripMark> {
  const worst = new Map<number, StripMark>()
  for (const { column, mark } of group.flatMap((samples) => placeMarks(samples, window))) {
    const known = worst.get(column)
    if (known === undefined || STRIP_MARKS.indexOf(mark) < STRIP_MARKS.indexOf(known)) worst.set(column, mark)
  }
  return worst
}

function placeMarks(samples: readonly GraphSample[], window: TimeWindow) {
  const marks: { readonly column: number; readonly mark: StripMark }[] = []
  for (const sample of samples) {
    const mark = markOf(sample)
    if (mark === undefined) continue
    const column = Math.floor(window.dotOf(sample.atMs) / DOTS_ACROSS)
    if (column >= 0 && column < window.cells) marks.push({ column, mark })
  }
  return marks
}

function markOf(sample: GraphSample): StripMark | undefined {
  const word: GraphWord = sample.word
  if (word !== 'open') return word
  return answerMs(sample) === undefined ? 'untimed' : undefined
}
