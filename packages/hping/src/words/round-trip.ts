import { fixed } from '@portkit/core'

/** Nanoseconds as milliseconds with three decimals, for microseconds are known: `0.048`. */
export function inMs(ns: number): string {
  return fixed(ns / 1e6, 3)
}

/** The end of a line about an answer: ` rtt=0.048 ms`; nothing when the round trip is not known. */
export function rttField(rttNs: number | undefined): string {
  return rttNs === undefined ? '' : ` rtt=${inMs(rttNs)} ms`
}
