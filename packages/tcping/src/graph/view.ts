import { nextScale, type Scale, valueTicks } from '../axis.ts'
import { DOTS_DOWN } from '../braille.ts'
import { type GraphSize, type Layout, layOut } from './layout.ts'
import { createLook, type GraphStyles, type Look } from './look.ts'
import type { GraphModel } from './model.ts'
import { dotRow } from './plot.ts'
import { createTimeWindow, rangeOf, type TimeWindow, type Visible, visibleIn } from './window.ts'

export interface GraphOptions {
  /** The right edge of the picture, on the clock of the samples' `atMs`. */
  readonly nowMs: number
  /** Time from one probe of a target to its next: the width of one character on the time axis. */
  readonly intervalMs: number
  /** false for locales other than UTF-8: the frame is then ASCII, but for the names. */
  readonly unicode: boolean
  readonly styles: GraphStyles
  /** The last frame's scale: it is kept while it fits, so that the picture does not jump with every sample. */
  readonly previousScale?: Scale | undefined
}

/** What all parts of a frame share. */
export interface View {
  readonly columns: number
  readonly layout: Layout
  readonly look: Look
  readonly window: TimeWindow
  readonly visible: Visible
  readonly scale: Scale
  /** Label of each plot row that has a tick. */
  readonly labels: ReadonlyMap<number, string>
  /** Columns left of the plot's side line. */
  readonly gutter: number
}

/** Columns of a gutter with short labels. */
const USUAL_GUTTER = 5
/** From here on every value says its unit. */
const WIDE = 40

/** Decides what is visible, on which scale, and where. */
export function createView(model: GraphModel, size: GraphSize, options: GraphOptions): View {
  const layout = layOut(size, model.series.length)
  const look = createLook(options.styles, options.unicode, model.series.length, layout.shown)
  const windowOf = (cells: number) =>
    createTimeWindow({ ...options, cells, originMs: model.originMs ?? options.nowMs })
  // The scale decides how wide its labels are, and they how much is visible: so the widest plot decides the scale.
  const widest = windowOf(size.columns - USUAL_GUTTER)
  const visible = visibleIn(widest, model.series)
  const scale = nextScale(options.previousScale, rangeOf(visible))
  const labels = rowLabels(scale, layout.plotRows, size.columns >= WIDE ? ' ms' : '')
  const gutter = Math.max(USUAL_GUTTER, ...[...labels.values()].map((label) => label.length + 1))
  const window = windowOf(size.columns - gutter - 1)
  return { columns: size.columns, layout, look, window, visible, scale, labels, gutter }
}

function rowLabels(scale: Scale, rows: number, unit: string): ReadonlyMap<number, string> {
  const dots = rows * DOTS_DOWN
  const minDots = rows >= 6 ? 2 * DOTS_DOWN : DOTS_DOWN + 1
  const labels = new Map<number, string>()
  for (const { value, label } of valueTicks(scale, dots, minDots)) {
    labels.set(Math.floor(dotRow(value, scale, rows) / DOTS_DOWN), `${label}${unit}`)
  }
  return labels
}
