import type { Style } from './graph/text.ts'

/** Answers that took at least `fromMs` and less than `toMs` milliseconds; `toMs` may be Infinity. */
export interface Bucket {
  readonly fromMs: number
  readonly toMs: number
  readonly count: number
}

export interface HistogramOptions {
  /** false for locales other than UTF-8: bars are then made of `#`. */
  readonly unicode: boolean
  readonly style?: Style | undefined
}

/** Bars from one eighth of a character to seven eighths (Unicode block elements U+258F to U+2589). */
const EIGHTHS = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'] as const
const FULL = '█'
const LONGEST_BAR = 60
const SHORTEST_BAR = 6
const MAX_DECIMALS = 6

/**
 * One line for each bucket: range, bar, count, part of all answers. No line is wider than `width` columns: what does
 * not fit is left out, first the percentages, then the counts, then the bars. The longest bar is the fullest bucket.
 */
export function renderHistogram(
  buckets: readonly Bucket[],
  width: number,
  { unicode, style = (text) => text }: HistogramOptions,
): string[] {
  const counts = buckets.map(({ count }) => Math.min(Math.max(count || 0, 0), Number.MAX_SAFE_INTEGER))
  const total = counts.reduce((sum, count) => sum + count, 0)
  const most = counts.reduce((max, count) => Math.max(max, count), 0)
  const labels = rangeLabels(buckets, unicode)
  const figures = alignRight(counts.map(String))
  const percents = alignRight(counts.map((count) => formatPercent(count, total)))
  const room = Math.max(0, Math.floor(width) || 0)
  const plan = planColumns(room, widthOf(labels), widthOf(figures), widthOf(percents))
  const bars = counts.map((count) => (unicode ? blockBar : hashBar)(count, most, plan.bar))
  return bars.map((bar, i) => {
    const label = (labels[i] ?? '').slice(0, room)
    if (plan.bar === 0) return label
    const gap = ' '.repeat(plan.bar - bar.length)
    const tail = [plan.figures ? ` ${figures[i]}` : '', plan.percents ? `  ${percents[i]}` : ''].join('')
    return `${label} ${unicode ? '│' : '|'}${bar && style(bar)}${tail && gap + tail}`
  })
}

interface ColumnPlan {
  readonly bar: number
  readonly figures: boolean
  readonly percents: boolean
}

function planColumns(room: number, label: number, figure: number, percent: number): ColumnPlan {
  const left = room - label - 2
  const bar = (tail: number) => Math.min(left - tail, LONGEST_BAR)
  const both = bar(1 + figure + 2 + percent)
  if (both >= SHORTEST_BAR) return { bar: both, figures: true, percents: true }
  const one = bar(1 + figure)
  if (one >= SHORTEST_BAR) return { bar: one, figures: true, percents: false }
  return { bar: Math.max(bar(0), 0), figures: false, percents: false }
}

/** A bucket that holds anything shows something. */
function blockBar(count: number, most: number, width: number): string {
  if (count === 0) return ''
  const eighths = Math.max(1, Math.round((count / most) * width * 8))
  return FULL.repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? '')
}

function hashBar(count: number, most: number, width: number): string {
  return count === 0 ? '' : '#'.repeat(Math.max(1, Math.round((count / most) * width)))
}

function formatPercent(count: number, total: number): string {
  const percent = total === 0 ? 0 : (100 * count) / total
  return percent > 0 && percent < 0.05 ? '<0.1%' : `${percent.toFixed(1)}%`
}

/** `0.20 – 0.25 ms`, `≥ 5.00 ms`, with two digits of the narrowest bucket's width. */
function rangeLabels(buckets: readonly Bucket[], unicode: boolean): readonly string[] {
  const decimals = decimalsFor(buckets)
  const edge = (ms: number) => (Number.isFinite(ms) ? ms : 0).toFixed(decimals)
  const from = alignRight(buckets.map(({ fromMs }) => edge(fromMs)))
  const to = alignRight(buckets.map(({ toMs }) => (Number.isFinite(toMs) ? edge(toMs) : '')))
  const dash = unicode ? '–' : '-'
  const labels = buckets.map(({ fromMs, toMs }, i) => {
    if (toMs === fromMs) return `${from[i]} ms`
    return Number.isFinite(toMs)
      ? `${from[i]} ${dash} ${to[i]} ms`
      : `${unicode ? '≥' : '>='} ${edge(fromMs)} ms`
  })
  return alignRight(labels)
}

function decimalsFor(buckets: readonly Bucket[]): number {
  const widths = buckets.map(({ fromMs, toMs }) => toMs - fromMs).filter((w) => Number.isFinite(w) && w > 0)
  if (widths.length === 0) return 3
  const narrowest = widths.reduce((least, w) => Math.min(least, w), Number.POSITIVE_INFINITY)
  return Math.min(Math.max(1 - Math.floor(Math.log10(narrowest) + 1e-9), 0), MAX_DECIMALS)
}

function alignRight(texts: readonly string[]): readonly string[] {
  const width = widthOf(texts)
  return texts.map((text) => text.padStart(width))
}

function widthOf(texts: readonly string[]): number {
  return texts.reduce((max, text) => Math.max(max, text.length), 0)
}
