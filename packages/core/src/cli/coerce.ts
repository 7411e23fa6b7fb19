import { UsageError } from '../model/errors.ts'
import { quoted } from '../model/quoted.ts'
import type { Coercer } from './options.ts'

/** Numbers are decimal and plain: no sign, blank, exponent, hexadecimal or other scripts' digits. */
const WHOLE = /^[0-9]{1,16}$/
const DECIMAL = '[0-9]{1,16}(?:\\.[0-9]{1,16})?|\\.[0-9]{1,16}'
const DURATION = new RegExp(`^(${DECIMAL})(ms|s|m|h|d)?$`)
const PERCENT = new RegExp(`^(${DECIMAL})%$`)

const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/** The largest of C's int, and of the timers. */
const MOST = 2 ** 31 - 1

/** A piece of the command line in a message: as it is where that is clear, else quoted; long ones cut. */
export function shown(text: string): string {
  return /^\S{1,60}$/.test(text) ? text : quoted(text)
}

/** `-c: not a whole number from 1 to 10: abc`. `expected` is what would have been right. */
export function notA(expected: string, text: string, option: string): UsageError {
  return new UsageError(`${option}: not ${expected}: ${shown(text)}`)
}

/** A whole number from `min` to `max`, both included. */
export function integer(min: number, max: number, noun = 'a whole number'): Coercer<number> {
  return (text, option) => {
    const value = WHOLE.test(text) ? Number(text) : Number.NaN
    if (!(value >= min && value <= max)) throw notA(`${noun} from ${min} to ${max}`, text, option)
    return value
  }
}

/** How often: 1 to 2147483647. */
export const count = integer(1, MOST)
export const port = integer(1, 65_535, 'a port')
/** IPv4 time to live, IPv6 hop limit. */
export const ttl = integer(1, 255)
/** IPv4 type of service, IPv6 traffic class. */
export const octet = integer(0, 255)

/** Both included, in milliseconds. */
export interface DurationBounds {
  readonly minMs?: number
  readonly maxMs?: number
}

/**
 * A time in milliseconds, kept to the nanosecond: seconds without a unit (`1`, `0.2`, `.2`), else `ms`, `s`, `m`,
 * `h` or `d`. From 0 to 2147483647 ms, where nothing else is said.
 */
export function durationMs({ minMs = 0, maxMs = MOST }: DurationBounds = {}): Coercer<number> {
  return (text, option) => {
    const [, number, unit = 's'] = DURATION.exec(text) ?? []
    const ms = Math.round(Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS] * 1e6) / 1e6
    if (ms >= minMs && ms <= maxMs) return ms
    throw notA(
      `a time from ${timeText(minMs)} to ${timeText(maxMs)} (seconds, or 500ms, 2m, 1h)`,
      text,
      option,
    )
  }
}

/** In the largest unit that gives a round number, else in seconds. */
function timeText(ms: number): string {
  if (ms === 0) return '0'
  const units = Object.entries(UNIT_MS).reverse()
  const [unit, size] = units.find(([, unitMs]) => ms % unitMs === 0) ?? ['ms', 1]
  return unit === 'ms' && ms >= 1000 ? `${ms / 1000}s` : `${ms / size}${unit}`
}

/** One of these words, exactly. */
export function choice<const C extends string>(...words: readonly C[]): Coercer<C> {
  return (text, option) => {
    const found = words.find((word) => word === text)
    if (found === undefined) throw notA(oneOf(words), text, option)
    return found
  }
}

/** `one of open, closed`. */
export function oneOf(words: readonly string[]): string {
  return `one of ${words.join(', ')}`
}

/** How many of a number of things. */
export type Share =
  | { readonly kind: 'all' }
  | { readonly kind: 'count'; readonly count: number }
  | { readonly kind: 'percent'; readonly percent: number }

/** `all`, `3` (1 to 2147483647) or `80%` (0 to 100, decimals allowed). */
export const percentOrCount: Coercer<Share> = (text, option) => {
  if (text === 'all') return { kind: 'all' }
  if (WHOLE.test(text) && Number(text) >= 1 && Number(text) <= MOST)
    return { kind: 'count', count: Number(text) }
  const percent = Number(PERCENT.exec(text)?.[1] ?? Number.NaN)
  if (percent <= 100) return { kind: 'percent', percent }
  throw notA("'all', a whole number from 1 or a percentage up to 100%", text, option)
}

/** Any text, the empty one too. */
export const text: Coercer<string> = (value) => value

/** Any text but the empty one: names of hosts, interfaces, files. */
export const nonEmpty: Coercer<string> = (value, option) => {
  if (value === '') throw new UsageError(`${option}: must not be empty`)
  return value
}
