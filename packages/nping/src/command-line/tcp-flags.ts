import { type Coercer, notA, readNumber } from '@portkit/core'

/** Bits of the flags (RFC 9293 section 3.1), by their names and their letters. */
const BITS = { fin: 1, syn: 2, rst: 4, psh: 8, ack: 16, urg: 32, ece: 64, cwr: 128 } as const
const NAMES: ReadonlyMap<string, number> = new Map([...Object.entries(BITS), ['ecn', BITS.ece]])
const LETTERS: ReadonlyMap<string, number> = new Map(
  Object.entries(BITS).map(([name, bit]) => [name.slice(0, 1), bit]),
)
const WORDS: ReadonlyMap<string, number> = new Map([
  ['', 0],
  ['none', 0],
  ['nil', 0],
  ['all', 255],
])
const ALL = 255

/**
 * `--flags`: names with commas between (`syn,ack`), letters (`SA`), a number (0x12, 18, 022), `all`, or `none`, `nil`
 * and nothing for no flag; capitals do not matter. Gives the bits.
 * @throws UsageError
 */
export const tcpFlags: Coercer<number> = (text, option) => {
  const lower = text.toLowerCase()
  const flags =
    WORDS.get(lower) ??
    (/^\d/.test(text) ? readNumber(text) : (sum(lower.split(','), NAMES) ?? sum(Array.from(lower), LETTERS)))
  if (flags !== undefined && flags <= ALL) return flags
  throw notA('TCP flags such as syn,ack or SA, all, none, or a number from 0 to 255', text, option)
}

/** All bits together; undefined when one of the parts is unknown. */
function sum(parts: readonly string[], bits: ReadonlyMap<string, number>): number | undefined {
  let flags = 0
  for (const part of parts) {
    const bit = bits.get(part)
    if (bit === undefined) return undefined
    flags |= bit
  }
  return flags
}
