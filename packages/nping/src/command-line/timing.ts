import { type Coercer, UsageError } from '@portkit/core'
import { readNumber, refuse, typed } from './numbers.ts'

/** Packets a second, at most: whatever is asked for, nothing is sent without a pause. */
const MOST_A_SECOND = 1_000_000
/** The pause that belongs to it, in nanoseconds. */
const SHORTEST_NS = 1e9 / MOST_A_SECOND

const UNIT_NS = { ns: 1, us: 1e3, ms: 1e6, s: 1e9, m: 60e9, h: 3600e9 } as const
const TIME = /^(\d{1,15}(?:\.\d{0,15})?|\.\d{1,15})(ns|us|ms|s|m|h)?$/
const DECIMAL = /^(\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})$/
const LONGEST_NS = 24 * UNIT_NS.h
/** From this number on a time without a unit has been milliseconds once, and is taken for neither. */
const DOUBTFUL = 10

/**
 * `--delay`: from the start of a probe to the start of the next one, in nanoseconds; fractions count. 0 is as fast as
 * `MOST_A_SECOND` allows. @throws UsageError
 */
export const delayNs: Coercer<number> = (text, option) => {
  const ns = timeNs(text, option)
  if (ns === 0) return SHORTEST_NS
  if (ns >= SHORTEST_NS) return ns
  throw new UsageError(
    `${option}: shorter than 1us, which is ${MOST_A_SECOND} packets a second: ${typed(text)}`,
  )
}

/** `--timeout`, in milliseconds, above 0. @throws UsageError */
export const timeoutMs: Coercer<number> = (text, option) => {
  const ms = timeNs(text, option) / UNIT_NS.ms
  if (ms > 0) return ms
  throw refuse(option, 'a time above 0', text)
}

function timeNs(text: string, option: string): number {
  const [, size, unit] = TIME.exec(text) ?? []
  if (size === undefined) throw refuse(option, 'a time such as 0.5, 20ms, 300us, 1.5s, 2m or 1h', text)
  if (unit === undefined && Number(size) >= DOUBTFUL) {
    throw new UsageError(`${option}: ${size} seconds or milliseconds? Write ${size}s or ${size}ms`)
  }
  const ns = Math.round(Number(size) * UNIT_NS[(unit ?? 's') as keyof typeof UNIT_NS])
  if (ns <= LONGEST_NS) return ns
  throw new UsageError(`${option}: longer than 24h: ${typed(text)}`)
}

/** `--rate`: packets a second as the nanoseconds between two, not rounded. @throws UsageError */
export const rateNs: Coercer<number> = (text, option) => {
  const rate = readNumber(text) ?? (DECIMAL.test(text) ? Number(text) : undefined)
  if (rate === undefined || rate === 0) throw refuse(option, 'a number of packets a second above 0', text)
  if (rate > MOST_A_SECOND) {
    throw new UsageError(`${option}: more than ${MOST_A_SECOND} packets a second: ${typed(text)}`)
  }
  if (1e9 / rate <= LONGEST_NS) return 1e9 / rate
  throw new UsageError(`${option}: less than one packet in 24h: ${typed(text)}`)
}
