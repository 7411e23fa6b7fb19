import { type Coercer, notA } from '@portkit/core'

const LEAST = 0.001
const MOST = 1_000_000

/** So many a second: from 0.001 to 1000000, with up to three decimals. */
export const rate: Coercer<number> = (text, option) => {
  const value = /^[0-9]{1,7}(?:\.[0-9]{1,3})?$/.test(text) ? Number(text) : Number.NaN
  if (value >= LEAST && value <= MOST) return value
  throw notA(`a number from ${LEAST} to ${MOST}`, text, option)
}
