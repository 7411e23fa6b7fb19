import { UsageError } from '@portkit/core'
import { strtonum } from './dialect.ts'

/** Words for the octet (ip(7), RFC 2474, RFC 2597, RFC 3246, RFC 1349); nc takes them in lower case only. */
const WORDS: ReadonlyMap<string, number> = new Map([
  ['af11', 0x28],
  ['af12', 0x30],
  ['af13', 0x38],
  ['af21', 0x48],
  ['af22', 0x50],
  ['af23', 0x58],
  ['af31', 0x68],
  ['af32', 0x70],
  ['af33', 0x78],
  ['af41', 0x88],
  ['af42', 0x90],
  ['af43', 0x98],
  ['critical', 0xa0],
  ['cs0', 0x00],
  ['cs1', 0x20],
  ['cs2', 0x40],
  ['cs3', 0x60],
  ['cs4', 0x80],
  ['cs5', 0xa0],
  ['cs6', 0xc0],
  ['cs7', 0xe0],
  ['ef', 0xb8],
  ['inetcontrol', 0xc0],
  ['lowcost', 0x02],
  ['lowdelay', 0x10],
  ['netcontrol', 0xe0],
  ['reliability', 0x04],
  ['throughput', 0x08],
])

const HIGHEST = 255

/**
 * Type of service or traffic class as `-T` takes it: a word, `0x…` or a decimal number from 0 to 255.
 * @throws UsageError in the words of nc
 */
export function parseTos(text: string): number {
  const value = WORDS.get(text) ?? (text.startsWith('0x') ? hexadecimal(text) : strtonum(text, 0, HIGHEST))
  if (typeof value === 'number' && value >= 0 && value <= HIGHEST) return value
  throw new UsageError(`illegal tos value ${text}`)
}

const MOST_LONG = 2n ** 63n - 1n

/** strtol(3) assigned to an int: what is no digit ends the number, and a long one loses its upper bits. */
function hexadecimal(text: string): number {
  const digits = /^0x([\da-f]*)/i.exec(text)?.[1] ?? ''
  const value = BigInt(`0x${digits === '' ? '0' : digits}`)
  return Number(BigInt.asIntN(32, value > MOST_LONG ? MOST_LONG : value))
}
