import { type Coercer, UsageError } from '@portkit/core'
import type { FieldValue } from '../settings.ts'

/** A number as strtol(3) reads it with base 0: decimal, `0x…` or octal after a zero; undefined for anything else. */
export function readNumber(text: string): number | undefined {
  const digits = text.replace(/^0+(?=[0-7]+$)/, '0')
  if (!/^(0x[\da-f]{1,13}|0[0-7]{0,17}|[1-9]\d{0,14})$/i.test(digits)) return undefined
  return /^0[0-7]/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
}

/** What was typed, cut and with its blanks visible. */
export function typed(text: string): string {
  const cut = text.length > 60 ? `${text.slice(0, 59)}…` : text
  return /^[^\s\p{Cc}]+$/u.test(cut) ? cut : JSON.stringify(cut)
}

/** `--ttl: not a number from 0 to 255: 300`. */
export function refuse(option: string, wanted: string, text: string): UsageError {
  return new UsageError(`${option}: not ${wanted}: ${typed(text)}`)
}

/** A whole number from `min` to `max`, both included, decimal, hexadecimal or octal. */
export function number(min: number, max: number): Coercer<number> {
  return (text, option) => {
    const value = readNumber(text)
    if (value !== undefined && value >= min && value <= max) return value
    throw refuse(option, `a number from ${min} to ${max}`, text)
  }
}

/** The value of a header field of so many bits, or `rand` or `random`. */
export function field(bits: number): Coercer<FieldValue> {
  const most = 2 ** bits - 1
  return (text, option) => {
    if (text === 'rand' || text === 'random') return 'random'
    const value = readNumber(text)
    if (value !== undefined && value <= most) return value
    throw refuse(option, `a number from 0 to ${most}, or 'random'`, text)
  }
}
