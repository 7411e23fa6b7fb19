import { UsageError } from '../model/errors.ts'
import { notA, shown } from './coerce.ts'
import type { Coercer } from './options.ts'

const UNIT_NS = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 } as const
const TIME = /^(\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(ns|us|ms|s|m|h)?$/

/** The longest time that makes sense between packets and for their answers: a day. */
export const LONGEST_NS = 24 * UNIT_NS.h

/**
 * A time in nanoseconds, from 0 to `LONGEST_NS`: seconds without a unit, else `ns`, `us`, `ms`, `s`, `m` or `h`;
 * fractions count. @throws UsageError
 */
export const timeNs: Coercer<number> = (text, option) => {
  const [, size, unit = 's'] = TIME.exec(text) ?? []
  if (size === undefined) throw notA('a time such as 0.5, 20ms, 300us, 1.5s, 2m or 1h', text, option)
  const ns = Math.round(Number(size) * UNIT_NS[unit as keyof typeof UNIT_NS])
  if (ns <= LONGEST_NS) return ns
  throw new UsageError(`${option}: longer than 24h: ${shown(text)}`)
}

/** The same in milliseconds, above 0. @throws UsageError */
export const waitMs: Coercer<number> = (text, option) => {
  const ms = timeNs(text, option) / UNIT_NS.ms
  if (ms > 0) return ms
  throw notA('a time above 0', text, option)
}
