import type { Reader } from '../../dialogue/dialogue.ts'
import { latin1 } from '../../dialogue/readers.ts'

/** RFC 854 "Telnet command structure". */
export const IAC = 0xff
export const SB = 0xfa
const SE = 0xf0

/** RFC 855, RFC 1143. */
export const VERBS = { will: 0xfb, wont: 0xfc, do: 0xfd, dont: 0xfe } as const

export const isNegotiation = (octet: number): boolean => octet >= VERBS.will && octet <= VERBS.dont

/** The last of IANA's options that stand in a row; nothing else that begins with 255 has so small an octet there. */
export const BIGGEST_OPTION = 49

/** RFC 857, RFC 858. */
export const OPTIONS = { echo: 1, suppressGoAhead: 3 } as const

export type Item =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'negotiation'; readonly verb: number; readonly option: number }
  /** A subnegotiation, or a command without an option: nothing is to be answered. */
  | { readonly kind: 'other' }

/** Octets of a subnegotiation at most. */
const MOST = 1024

/** All that is there and whole, at least one item. */
export const items: Reader<readonly Item[]> = (octets, ended) => {
  const found: Item[] = []
  let at = 0
  for (;;) {
    const item = itemAt(octets.subarray(at))
    if (item === undefined) break
    found.push(item.value)
    at += item.length
  }
  if (found.length > 0) return { value: found, length: at }
  return ended || octets.length > MOST ? undefined : 'more'
}

/** undefined while it is not whole. */
function itemAt(octets: Uint8Array): { readonly value: Item; readonly length: number } | undefined {
  if (octets.length === 0) return undefined
  if (octets[0] !== IAC) {
    const next = octets.indexOf(IAC)
    const length = next < 0 ? octets.length : next
    return { value: { kind: 'text', text: latin1(octets.subarray(0, length)) }, length }
  }
  return commandAt(octets)
}

function commandAt(octets: Uint8Array): { readonly value: Item; readonly length: number } | undefined {
  const [, verb, option] = octets
  if (verb === undefined) return undefined
  if (verb === SB) {
    const end = endOfSub(octets)
    return end === undefined ? undefined : { value: { kind: 'other' }, length: end }
  }
  if (!isNegotiation(verb)) return { value: { kind: 'other' }, length: 2 }
  return option === undefined ? undefined : { value: { kind: 'negotiation', verb, option }, length: 3 }
}

/** Behind IAC SE; a doubled IAC inside is an octet of data. */
function endOfSub(octets: Uint8Array): number | undefined {
  for (let at = octets.indexOf(IAC, 2); at >= 0 && at < MOST; at = octets.indexOf(IAC, at + 2))
    if (octets[at + 1] === SE) return at + 2
  return undefined
}
