export interface GraphSize {
  /** Characters across the terminal. */
  readonly columns: number
  readonly rows: number
}

export const SMALLEST_GRAPH: GraphSize = { columns: 20, rows: 6 }
/** Larger terminals keep the rest empty: a frame's cost stays bounded. */
const LARGEST_GRAPH: GraphSize = { columns: 1000, rows: 400 }

/** How the rows of a frame are shared out, from top to bottom. */
export interface Layout {
  readonly title: boolean
  readonly plotRows: number
  /** Rows for losses: one for each target, or one for all of them together. */
  readonly stripRows: number
  readonly axisLine: boolean
  readonly legendHeader: boolean
  readonly legendRows: number
  /** Targets that get a legend line of their own. */
  readonly shown: number
}

/** Whole numbers within bounds; sizes that are not known or not numbers count as 0. */
export function saneSize({ columns, rows }: GraphSize): GraphSize {
  const sane = (value: number, largest: number) => Math.min(Math.max(Math.floor(value) || 0, 0), largest)
  return { columns: sane(columns, LARGEST_GRAPH.columns), rows: sane(rows, LARGEST_GRAPH.rows) }
}

/** The plot comes first: the smaller the terminal, the fewer rows around it. Needs at least SMALLEST_GRAPH. */
export function layOut({ rows }: GraphSize, targets: number): Layout {
  const title = rows >= 8
  const axisLine = rows >= 10
  const legendHeader = rows >= 12
  const legendRows = Math.min(targets, Math.max(1, Math.floor(rows * 0.28)))
  const perTarget = targets > 1 && targets <= Math.floor(rows / 8)
  const stripRows = perTarget ? targets : 1
  const timeLabels = 1
  const around = [title, axisLine, legendHeader].filter(Boolean).length + timeLabels + stripRows + legendRows
  const cut = targets > legendRows && legendRows > 1
  const shown = cut ? legendRows - 1 : legendRows
  return { title, plotRows: rows - around, stripRows, axisLine, legendHeader, legendRows, shown }
}
