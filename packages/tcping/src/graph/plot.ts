import type { Scale } from '../axis.ts'
import {
  asciiOf,
  brailleOf,
  type Canvas,
  type CanvasCell,
  createCanvas,
  DOTS_ACROSS,
  DOTS_DOWN,
} from '../braille.ts'
import type { Look } from './look.ts'
import { answerMs, type GraphSample } from './model.ts'
import type { Piece, Style } from './text.ts'
import { MAX_GAP_DOTS, type TimeWindow, type Visible } from './window.ts'

/** Everything that the plot is drawn from. */
export interface PlotInput {
  readonly visible: Visible
  readonly window: TimeWindow
  readonly scale: Scale
  readonly rows: number
  readonly look: Look
}

type Grid = Piece[][]

/** Dot row of a round-trip time in a plot of `rows` characters; 0 is the top. */
export function dotRow(ms: number, { lowMs, highMs }: Scale, rows: number): number {
  const bottom = rows * DOTS_DOWN - 1
  const y = Math.round((1 - (ms - lowMs) / (highMs - lowMs)) * bottom)
  return Math.min(Math.max(y, 0), bottom)
}

/** The plot from top to bottom, one piece a character. */
export function drawPlot(input: PlotInput): readonly (readonly Piece[])[] {
  const { window, rows, look } = input
  const canvas = createCanvas(window.cells, rows)
  for (const [target, samples] of input.visible.entries()) drawTarget(canvas, input, target, samples)
  const grid: Grid = canvas.render().map((row) => row.map((cell) => drawCell(cell, look)))
  if (look.lettered && look.unicode) for (let t = 0; t < look.shown; t += 1) drawLetters(grid, input, t)
  drawClipped(grid, input)
  return grid
}

function drawCell(cell: CanvasCell, look: Look): Piece {
  if (cell.layer === undefined) return { text: ' ' }
  const style = look.styleOf(cell.layer)
  if (look.unicode) return { text: brailleOf(cell), style }
  return { text: look.lettered && cell.layer < look.shown ? look.markOf(cell.layer) : asciiOf(cell), style }
}

/** Targets beyond these and without a legend line are a mere cloud of dots: dozens of lines would hide each other. */
const MOST_LINES = 8

/** Joins answers that follow each other; a loss or a pause leaves a gap. */
function drawTarget(canvas: Canvas, input: PlotInput, target: number, samples: readonly GraphSample[]): void {
  const joined = target < Math.max(input.look.shown, MOST_LINES)
  let from: { readonly x: number; readonly y: number } | undefined
  for (const sample of samples) {
    const ms = answerMs(sample)
    if (ms === undefined) {
      from = undefined
      continue
    }
    const to = { x: input.window.dotOf(sample.atMs), y: dotRow(ms, input.scale, input.rows) }
    if (joined && from !== undefined && to.x - from.x <= MAX_GAP_DOTS)
      canvas.line(from.x, from.y, to.x, to.y, target)
    else canvas.line(to.x, to.y, to.x + 1, to.y, target)
    from = to
  }
}

/** Cells from one letter of a target's line to the next. */
const LETTER_EVERY = 16

/** Without enough colours, lines carry their target's letter: at the newest answer, and here and there before it. */
function drawLetters(grid: Grid, { visible, window, scale, rows, look }: PlotInput, target: number): void {
  let next = Number.POSITIVE_INFINITY
  for (const sample of (visible[target] ?? []).toReversed()) {
    const ms = answerMs(sample)
    const column = Math.floor(window.dotOf(sample.atMs) / DOTS_ACROSS)
    const row = Math.floor(dotRow(ms ?? 0, scale, rows) / DOTS_DOWN)
    if (ms === undefined || column > next || grid[row]?.[column] === undefined) continue
    put(grid, row, column, { text: look.markOf(target), style: look.styleOf(target) })
    const stagger = next === Number.POSITIVE_INFINITY ? (target * 5) % LETTER_EVERY : 0
    next = column - LETTER_EVERY + stagger
  }
}

/** An answer above the scale. */
interface Clipped {
  readonly ms: number
  readonly column: number
  readonly style: Style
}

/** Marks answers above the scale in the top row, with their time where there is room; the slowest choose first. */
function drawClipped(grid: Grid, input: PlotInput): void {
  const clipped = clippedByColumn(input)
  for (const { column, style } of clipped) put(grid, 0, column, { text: input.look.glyphs.clipped, style })
  for (const { ms, column, style } of clipped) {
    const text = shortMs(ms)
    const at = [column + 1, column - text.length].find((start) => isFree(grid, start, text.length))
    if (at === undefined) continue
    for (const [i, char] of [...text].entries()) put(grid, 0, at + i, { text: char, style })
  }
}

/** The slowest answer of each column that has any above the scale, the slowest of all first. */
function clippedByColumn({ visible, window, scale, look }: PlotInput): readonly Clipped[] {
  const slowest = new Map<number, Clipped>()
  for (const [target, samples] of visible.entries()) {
    for (const sample of samples) {
      const ms = answerMs(sample) ?? 0
      const column = Math.floor(window.dotOf(sample.atMs) / DOTS_ACROSS)
      if (ms <= Math.max(scale.highMs, slowest.get(column)?.ms ?? 0)) continue
      slowest.set(column, { ms, column, style: look.styleOf(target) })
    }
  }
  return [...slowest.values()].sort((a, b) => b.ms - a.ms)
}

function isFree(grid: Grid, start: number, length: number): boolean {
  const cells = grid[0]?.slice(Math.max(start, 0), start + length) ?? []
  return start >= 0 && cells.length === length && cells.every((cell) => cell.text === ' ')
}

function shortMs(ms: number): string {
  if (ms >= 100) return ms.toFixed(0)
  return ms.toFixed(ms >= 10 ? 1 : 2)
}

function put(grid: Grid, row: number, column: number, piece: Piece): void {
  const cells = grid[row]
  if (cells?.[column] !== undefined) cells[column] = piece
}
