import { type Coercer, LONGEST_NS, notA, readNumber, shown, timeNs, UsageError, waitMs } from '@portkit/core'

/** Packets a second, at most: whatever is asked for, nothing is sent without a pause. */
const MOST_A_SECOND = 1_000_000
/** The pause that belongs to it, in nanoseconds. */
const SHORTEST_NS = 1e9 / MOST_A_SECOND

const DECIMAL = /^(\d{1,15}(?:\.\d{1,15})?|\.\d{1,15})$/
/** From this number on a time without a unit has been milliseconds once, and is taken for neither. */
const DOUBTFUL = 10

/**
 * `--delay`: from the start of a probe to the start of the next one, in nanoseconds; fractions count. 0 is as fast as
 * `MOST_A_SECOND` allows. @throws UsageError
 */
export const delayNs: Coercer<number> = (text, option) => {
  const ns = clear(timeNs)(text, option)
  if (ns === 0) return SHORTEST_NS
  if (ns >= SHORTEST_NS) return ns
  throw new UsageError(
    `${option}: shorter than 1us, which is ${MOST_A_SECOND} packets a second: ${shown(text)}`,
  )
}

/** `--timeout`, in milliseconds, above 0. @throws UsageError */
export const timeoutMs: Coercer<number> = (text, option) => clear(waitMs)(text, option)

/** Refuses a time that might be seconds or milliseconds. */
function clear(time: Coercer<number>): Coercer<number> {
  return (text, option) => {
    if (/^\d{1,15}\.?\d{0,15}$/.test(text) && Number(text) >= DOUBTFUL) {
      throw new UsageError(`${option}: ${text} seconds or milliseconds? Write ${text}s or ${text}ms`)
    }
    return time(text, option)
  }
}

/** `--rate`: packets a second as the nanoseconds between two, not rounded. @throws UsageError */
export const rateNs: Coercer<number> = (text, option) => {
  const rate = readNumber(text) ?? (DECIMAL.test(text) ? Number(text) : undefined)
  if (rate === undefined || rate === 0) throw notA('a number of packets a second above 0', text, option)
  if (rate > MOST_A_SECOND) {
    throw new UsageError(`${option}: more than ${MOST_A_SECOND} packets a second: ${shown(text)}`)
  }
  if (1e9 / rate <= LONGEST_NS) return 1e9 / rate
  throw new UsageError(`${option}: less than one packet in 24h: ${shown(text)}`)
}
