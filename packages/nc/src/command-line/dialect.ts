import { type Coercer, UsageError } from '@portkit/core'

/** What is wrong with a number, in the words of strtonum(3). */
export type NumberFault = 'invalid' | 'too small' | 'too large'

/** A whole number as C reads it. */
interface Integer {
  readonly isNegative: boolean
  /** Without leading zeros. */
  readonly digits: string
}

/** strtol(3), base 10: blanks in front, a sign and leading zeros are fine; undefined when anything is left over. */
export function readInteger(text: string): Integer | undefined {
  const [, sign, digits = ''] = /^[ \t-\r]*([+-]?)(\d+)$/.exec(text) ?? []
  return sign === undefined
    ? undefined
    : { isNegative: sign === '-', digits: digits.replace(/^0+(?=\d)/, '') }
}

/** No bound here has more digits. */
const MOST_DIGITS = 15

/** A whole number from `min` to `max`, both included, or what is wrong with the text (strtonum(3)). */
export function strtonum(text: string, min: number, max: number): number | NumberFault {
  const integer = readInteger(text)
  if (integer === undefined) return 'invalid'
  const { isNegative, digits } = integer
  const size = digits.length > MOST_DIGITS ? Number.POSITIVE_INFINITY : Number(digits)
  const value = isNegative ? 0 - size : size
  if (value < min) return 'too small'
  return value > max ? 'too large' : value
}

/** `interval invalid: abc`. */
function refused(noun: string, fault: NumberFault, text: string): UsageError {
  return new UsageError(`${noun} ${fault}: ${text}`)
}

/** A whole number; `noun` is what nc calls it: `receive limit`. */
export function wholeNumber(noun: string, min: number, max: number): Coercer<number> {
  return (text) => {
    const value = strtonum(text, min, max)
    if (typeof value === 'string') throw refused(noun, value, text)
    return value
  }
}

/** A whole number whose complaint leaves the text out: `ttl is too large`. */
export function tersely(noun: string, min: number, max: number): Coercer<number> {
  return (text) => {
    const value = strtonum(text, min, max)
    if (typeof value === 'string') throw new UsageError(`${noun} is ${value}`)
    return value
  }
}

const DURATION = /^(\d+(?:\.\d+)?|\.\d+)(ms|s|m|h|d)?$/
const UNIT_MS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const

/**
 * A time in milliseconds. What nc takes is taken as nc does: whole seconds from `min` to `max`. Beyond that fractions
 * (`2.5`) and units (`500ms`, `1s`, `2m`, `1h`, `1d`) are understood, up to the same limit.
 */
export function duration(noun: string, min: number, max: number): Coercer<number> {
  return (text) => {
    const seconds = strtonum(text, min, max)
    if (typeof seconds === 'number') return seconds * 1000
    if (seconds !== 'invalid') throw refused(noun, seconds, text)
    const [, number, unit = 's'] = DURATION.exec(text) ?? []
    if (number === undefined) throw refused(noun, 'invalid', text)
    const ms = Number(number) * UNIT_MS[unit as keyof typeof UNIT_MS]
    if (ms > max * 1000) throw refused(noun, 'too large', text)
    // To the nanosecond, so that 0.1 s is 100 ms and not a hair more.
    return Math.round(ms * 1e6) / 1e6
  }
}
