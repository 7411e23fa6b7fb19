import { type Scale, timeTicks } from './axis.ts'
import { type GraphSize, SMALLEST_GRAPH, saneSize } from './graph/layout.ts'
import { type Legend, legendHeader, legendLine, planLegend } from './graph/legend.ts'
import type { Look } from './graph/look.ts'
import type { GraphModel } from './graph/model.ts'
import { drawPlot } from './graph/plot.ts'
import { drawStrips, marksIn } from './graph/strip.ts'
import { cutText, type Piece, padStart, paint } from './graph/text.ts'
import { titleLine } from './graph/title.ts'
import { createView, type GraphOptions, type View } from './graph/view.ts'

export type { GraphSize } from './graph/layout.ts'
export { COLOUR_GRAPH_STYLES, PLAIN_GRAPH_STYLES } from './graph/look.ts'
export { createGraphModel, type GraphModel, type GraphSample, type GraphWord } from './graph/model.ts'
export { enterScreen, leaveScreen, redraw } from './graph/screen.ts'
export type { GraphOptions } from './graph/view.ts'

/** One picture. At most `rows` lines of at most `columns` columns, without line ends; hand `scale` to the next one. */
export interface GraphFrame {
  readonly lines: readonly string[]
  readonly scale: Scale | undefined
}

/**
 * Draws the newest stretch of all targets' round-trip times, losses, and a legend. Pure. A terminal smaller than
 * 20 × 6 gets one line that says so.
 */
export function renderGraph(model: GraphModel, size: GraphSize, options: GraphOptions): GraphFrame {
  const { columns, rows } = saneSize(size)
  if (columns < SMALLEST_GRAPH.columns || rows < SMALLEST_GRAPH.rows) {
    const text = `needs ${SMALLEST_GRAPH.columns}x${SMALLEST_GRAPH.rows}`
    const lines = columns < 1 || rows < 1 ? [] : [cutText(text, columns, options.unicode ? '…' : '~')]
    return { lines, scale: options.previousScale }
  }
  const view = createView(model, { columns, rows }, options)
  const { layout } = view
  const pieces: (readonly Piece[])[] = [
    ...(layout.title ? [titleLine(model, view, options)] : []),
    ...plotLines(model, view),
    ...stripLines(view),
    ...timeLines(view),
    ...legendLines(model, view),
  ]
  return { lines: pieces.map(paint), scale: view.scale }
}

function plotLines({ series }: GraphModel, view: View): readonly (readonly Piece[])[] {
  const { visible, window, scale, labels, gutter, layout, look } = view
  const { glyphs, styles } = look
  const plot = drawPlot({ visible, window, scale, rows: layout.plotRows, look })
  const silent = series.map((s) => s.totals()).every(({ sent, lost }) => sent === lost)
  return plot.map((cells, row) => {
    const label = labels.get(row)
    const side = label === undefined ? glyphs.side : glyphs.tick
    const start = { text: `${padStart(label ?? '', gutter - 1)} ${side}`, style: styles.dim }
    const message =
      silent && row === Math.floor(layout.plotRows / 2) ? centred('no answer so far', window.cells) : ''
    return message === '' ? [start, ...cells] : [start, { text: message, style: styles.dim }]
  })
}

function centred(text: string, width: number): string {
  return text.length > width ? '' : ' '.repeat(Math.floor((width - text.length) / 2)) + text
}

function stripLines({ visible, window, gutter, layout, look }: View): readonly (readonly Piece[])[] {
  const strips = drawStrips(visible, window, layout.stripRows, look)
  return strips.map((cells, target) => {
    const together = strips.length < visible.length
    const label: Piece = together ? { text: 'any', style: look.styles.dim } : targetLabel(target, look)
    return [
      { text: ' '.repeat(gutter - 1 - label.text.length) },
      label,
      { text: ` ${look.glyphs.side}`, style: look.styles.dim },
      ...cells,
    ]
  })
}

function targetLabel(target: number, look: Look): Piece {
  return { text: look.markOf(target), style: look.styleOf(target) }
}

/** Cells from one time label to the next, at least: labels must not touch, nor crowd a wide plot. */
const labelCells = (cells: number) => Math.max(12, cells / 8)

function timeLines({ window, gutter, layout, look }: View): readonly (readonly Piece[])[] {
  const { glyphs, styles } = look
  const floor = Array.from({ length: window.cells }, () => glyphs.floor)
  let labels = ''
  const ticks = timeTicks(window.cells, window.msPerCell, labelCells(window.cells)).toReversed()
  for (const { value, label } of ticks) {
    const cell = window.cells - 1 - Math.round(value / window.msPerCell)
    floor[cell] = glyphs.timeTick
    const centre = gutter + 1 + cell - Math.floor((label.length - 1) / 2)
    const start = Math.min(centre, gutter + 1 + window.cells - label.length)
    labels = `${labels.padEnd(start)}${label}`
  }
  const axis = { text: `${' '.repeat(gutter)}${glyphs.corner}${floor.join('')}`, style: styles.dim }
  return [...(layout.axisLine ? [[axis]] : []), [{ text: labels, style: styles.dim }]]
}

function legendLines({ series }: GraphModel, view: View): readonly (readonly Piece[])[] {
  const { layout, look, columns, visible, window } = view
  const shown = series.slice(0, layout.shown)
  const hidden = series.length - shown.length
  const more: Piece = { text: ` +${hidden} more`, style: look.styles.dim }
  const inline = hidden > 0 && layout.legendRows === shown.length
  const legend: Legend = planLegend(shown, columns - (inline ? more.text.length : 0))
  const lines = shown.map((s, target) => legendLine(legend, s, target, look))
  return [
    ...(layout.legendHeader ? [legendHeader(legend, marksIn(visible, window), look)] : []),
    ...(inline ? lines.map((line) => [...line, more]) : lines),
    ...(hidden > 0 && !inline ? [[{ ...more, text: ` ${more.text}` }]] : []),
  ]
}
