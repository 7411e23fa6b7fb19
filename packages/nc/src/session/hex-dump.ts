import { hexLines } from '@portkit/core'

/** Octets made into text before they are written: bounds the text that is in memory. */
const BATCH = 1024

/** Where the octets went, as netcat marks it in dumps. */
const MARK = { sent: '>', received: '<' } as const

/**
 * Writes all octets as `hexLines`: direction (`<` received, `>` sent), offset in that direction, the octets. What comes in
 * one piece begins a line of its own.
 */
export function createHexDump(
  write: (text: string) => void,
): (way: 'sent' | 'received', octets: Uint8Array) => void {
  const offsets = { sent: 0, received: 0 }
  return (way, octets) => {
    for (let from = 0; from < octets.length; from += BATCH) {
      const batch = octets.subarray(from, from + BATCH)
      write(hexLines(MARK[way], offsets[way], batch))
      offsets[way] += batch.length
    }
  }
}
