import type { Scale } from '../axis.ts'
import { DOTS_ACROSS } from '../braille.ts'
import { answerMs, type GraphSample, type GraphSeries } from './model.ts'

/** The visible stretch of time. It moves by whole cells, so that old samples do not wobble as it scrolls. */
export interface TimeWindow {
  readonly cells: number
  readonly msPerCell: number
  /** Samples from here on may be seen, or are the start of a line that is. */
  readonly sinceMs: number
  /** Dot column of a time; negative left of the plot. */
  dotOf(atMs: number): number
}

/** Dots between two samples of one line: farther apart, something (a suspended program) was in between. */
export const MAX_GAP_DOTS = 6

/** Below this, several probes share a cell: the picture would rush by otherwise. */
const MIN_MS_PER_CELL = 100
/** A year: keeps time labels short, whatever the interval. */
const MAX_MS_PER_CELL = 366 * 86_400_000

export interface TimeWindowOptions {
  readonly cells: number
  readonly intervalMs: number
  readonly originMs: number
  readonly nowMs: number
}

/** A window that ends now and gives every probe of an interval its own cell. */
export function createTimeWindow({ cells, intervalMs, originMs, nowMs }: TimeWindowOptions): TimeWindow {
  const msPerCell = Math.min(Math.max(intervalMs || 0, MIN_MS_PER_CELL), MAX_MS_PER_CELL)
  const msPerDot = msPerCell / DOTS_ACROSS
  const dotsSinceOrigin = (ms: number) => Math.round((ms - originMs) / msPerDot)
  const lastCell = Math.floor(Math.max(dotsSinceOrigin(nowMs) || 0, 0) / DOTS_ACROSS)
  const firstDot = (lastCell + 1 - cells) * DOTS_ACROSS
  return {
    cells,
    msPerCell,
    sinceMs: originMs + (firstDot - MAX_GAP_DOTS) * msPerDot,
    dotOf: (atMs) => dotsSinceOrigin(atMs) - firstDot,
  }
}

/** What each target shows in the window. */
export type Visible = readonly (readonly GraphSample[])[]

export function visibleIn(window: TimeWindow, series: readonly GraphSeries[]): Visible {
  return series.map((s) => s.samples(window.sinceMs))
}

/** A target's slowest answers are clipped when they take this many times as long as the rest. */
const DWARFS = 3
const CLIPPED_PART = 0.05
const FEWEST_TO_JUDGE = 4

/** Lowest and highest time that the plot should show, without the few answers that dwarf their target's others. */
export function rangeOf(visible: Visible): Scale | undefined {
  const ranges = visible.map(rangeOfTarget).filter((range) => range !== undefined)
  if (ranges.length === 0) return undefined
  return {
    lowMs: ranges.reduce((low, range) => Math.min(low, range.lowMs), Number.POSITIVE_INFINITY),
    highMs: ranges.reduce((high, range) => Math.max(high, range.highMs), 0),
  }
}

function rangeOfTarget(samples: readonly GraphSample[]): Scale | undefined {
  const sorted = samples
    .map(answerMs)
    .filter((ms) => ms !== undefined)
    .sort((a, b) => a - b)
  const lowMs = sorted[0]
  const highest = sorted.at(-1)
  if (lowMs === undefined || highest === undefined) return undefined
  if (sorted.length < FEWEST_TO_JUDGE) return { lowMs, highMs: highest }
  const spared = Math.max(1, Math.floor(sorted.length * CLIPPED_PART))
  const usual = (sorted[sorted.length - 1 - spared] ?? highest) * DWARFS
  const highMs = sorted.findLast((ms) => ms <= usual) ?? highest
  return { lowMs, highMs }
}
