/** The values at the bottom and at the top of the plot, in milliseconds. */
export interface Scale {
  readonly lowMs: number
  readonly highMs: number
}

/** A labelled place on an axis. */
export interface Tick {
  readonly value: number
  readonly label: string
}

/** What an empty plot shows. */
const START: Scale = { lowMs: 0, highMs: 1 }
/** Room above the highest value, so that a slightly higher one does not change the scale. */
const HEADROOM = 1.05
/** A zoomed scale is never narrower than this part of its highest value: jitter must not look like a storm. */
const MIN_SPAN = 0.25
/** A scale stays as long as the data needs more than this part of it. */
const SHRINK_BELOW = 0.4
const SMALLEST_HIGH_MS = 0.01
const TOPS = [1, 1.2, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10]

/**
 * The scale for values from `lowMs` to `highMs` after the scale `previous`, which is kept while the values fit it
 * and fill a fair part of it. Starts at 0 unless all values lie close together far from it.
 */
export function nextScale(previous: Scale | undefined, range: Scale | undefined): Scale {
  if (range === undefined) return previous ?? START
  const ideal = idealScale(range)
  if (previous === undefined) return ideal
  const fits = range.lowMs >= previous.lowMs && range.highMs <= previous.highMs
  const filled = ideal.highMs - ideal.lowMs > SHRINK_BELOW * (previous.highMs - previous.lowMs)
  return fits && filled ? previous : ideal
}

function idealScale({ lowMs, highMs }: Scale): Scale {
  const span = Math.max((highMs - lowMs) * 1.3, highMs * MIN_SPAN)
  const bottom = (lowMs + highMs - span) / 2
  if (bottom < 0.4 * highMs || highMs < SMALLEST_HIGH_MS)
    return { lowMs: 0, highMs: niceTop(highMs * HEADROOM) }
  const step = niceStep(span / 8)
  return { lowMs: step * Math.floor(bottom / step), highMs: step * Math.ceil((bottom + span) / step) }
}

/** The smallest pleasant number that is not below `value`. */
function niceTop(value: number): number {
  const wanted = Math.max(value, SMALLEST_HIGH_MS)
  const decade = 10 ** Math.floor(Math.log10(wanted))
  const top = TOPS.find((t) => t * decade >= wanted * (1 - 1e-9)) ?? 10
  return top * decade
}

/** The smallest of …, 1, 2, 5, 10, … × 10ⁿ that is not below `value`. */
export function niceStep(value: number): number {
  const decade = 10 ** Math.floor(Math.log10(value))
  const step = [1, 2, 5].find((s) => s * decade >= value * (1 - 1e-9)) ?? 10
  return step * decade
}

/** Ticks at round values of the scale, at least `minDots` of `dots` apart; lowest first. Labels are milliseconds. */
export function valueTicks({ lowMs, highMs }: Scale, dots: number, minDots: number): readonly Tick[] {
  const step = niceStep(((highMs - lowMs) * minDots) / Math.max(dots - 1, 1))
  const decimals = Math.max(0, -Math.floor(Math.log10(step) + 1e-9))
  const first = Math.ceil(lowMs / step - 1e-6)
  const last = Math.floor(highMs / step + 1e-6)
  return Array.from({ length: Math.max(last - first + 1, 0) }, (_, i) => {
    const value = (first + i) * step
    return { value, label: value === 0 ? '0' : value.toFixed(decimals) }
  })
}

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR
const TIME_STEPS = [
  ...[0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30].map((n) => n * SECOND),
  ...[1, 2, 5, 10, 15, 30].map((n) => n * MINUTE),
  ...[1, 2, 3, 6, 12].map((n) => n * HOUR),
]

/** Ticks at round times ago, at least `minCells` apart; `now` (0) first. Values are milliseconds ago. */
export function timeTicks(cells: number, msPerCell: number, minCells: number): readonly Tick[] {
  const wanted = minCells * msPerCell
  const step = TIME_STEPS.find((s) => s >= wanted) ?? DAY * niceStep(wanted / DAY)
  const count = Math.floor(((cells - 1) * msPerCell) / step + 1e-9)
  return Array.from({ length: Math.max(count, 0) + 1 }, (_, i) => ({
    value: i * step,
    label: i === 0 ? 'now' : `-${formatDuration(i * step)}`,
  }))
}

/** Two units at most, as people say it: `50ms`, `0.5s`, `45s`, `1m30s`, `2h`, `3d4h`. */
export function formatDuration(ms: number): string {
  if (!Number.isFinite(ms)) return '?'
  if (ms > 0 && ms < 100) return `${Math.round(ms)}ms`
  if (ms < MINUTE) return `${Math.floor(ms / 100) / 10}s`
  if (ms < HOUR) return twoUnits(ms, MINUTE, 'm', SECOND, 's')
  if (ms < DAY) return twoUnits(ms, HOUR, 'h', MINUTE, 'm')
  return twoUnits(ms, DAY, 'd', HOUR, 'h')
}

function twoUnits(ms: number, big: number, bigName: string, small: number, smallName: string): string {
  const rest = Math.floor((ms % big) / small)
  return `${Math.floor(ms / big)}${bigName}${rest === 0 ? '' : `${rest}${smallName}`}`
}
