import { type Coercer, notA, readNumber } from '@portkit/core'
import type { FieldValue } from '../settings.ts'

/** The value of a header field of so many bits, or `rand` or `random`. */
export function field(bits: number): Coercer<FieldValue> {
  const most = 2 ** bits - 1
  return (text, option) => {
    if (text === 'rand' || text === 'random') return 'random'
    const value = readNumber(text)
    if (value !== undefined && value <= most) return value
    throw notA(`a number from 0 to ${most}, or 'random'`, text, option)
  }
}
