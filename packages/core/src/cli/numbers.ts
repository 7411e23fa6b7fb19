import { notA } from './coerce.ts'
import type { Coercer } from './options.ts'

/** Longer texts are not looked at. */
const LONGEST = 60

/** A number as strtol(3) reads it with base 0: decimal, `0x…` or octal after a zero; undefined for anything else. */
export function readNumber(text: string): number | undefined {
  if (text.length > LONGEST) return undefined
  const digits = text.replace(/^0+(?=[0-7]+$)/, '0')
  if (!/^(0x[\da-f]{1,13}|0[0-7]{0,17}|[1-9]\d{0,14})$/i.test(digits)) return undefined
  return /^0[0-7]/.test(digits) ? Number.parseInt(digits, 8) : Number(digits)
}

/** A whole number from `min` to `max`, both included, decimal, hexadecimal or octal. */
export function number(min: number, max: number): Coercer<number> {
  return (text, option) => {
    const value = readNumber(text)
    if (value !== undefined && value >= min && value <= max) return value
    throw notA(`a number from ${min} to ${max}`, text, option)
  }
}

/** The same, and a multiple of a number. */
export function multiple(of: number, min: number, max: number): Coercer<number> {
  return (text, option) => {
    const value = readNumber(text)
    if (value !== undefined && value >= min && value <= max && value % of === 0) return value
    throw notA(`a multiple of ${of} from ${min} to ${max}`, text, option)
  }
}
