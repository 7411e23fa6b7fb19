import { type Coercer, LONGEST_NS, multiple, notA, readNumber, timeNs } from '@portkit/core'
import type { DestinationPort, Settings } from '../settings.ts'

const RISES = { '': 'never', '+': 'answers', '++': 'packets' } as const

/** `-p`: `22`, `+22` (one more with each answer) or `++22` (one more with each packet). @throws UsageError */
export const destinationPort: Coercer<DestinationPort> = (text, option) => {
  const [, plus = '', digits = ''] = /^(\+{0,2})(.*)$/s.exec(text) ?? []
  const first = readNumber(digits)
  if (first !== undefined && first <= 65_535) return { first, rises: RISES[plus as keyof typeof RISES] }
  throw notA('a port from 0 to 65535, with + or ++ before it for one that rises', text, option)
}

/**
 * `-i`: seconds as `1` or `0.2`, microseconds as `u1000`, or a time with a unit (`20ms`), in nanoseconds.
 * @throws UsageError
 */
export const intervalNs: Coercer<number> = (text, option) => {
  if (!text.startsWith('u')) return timeNs(text, option)
  const ns = (readNumber(text.slice(1)) ?? Number.NaN) * 1000
  if (ns <= LONGEST_NS) return ns
  throw notA('u and a number of microseconds such as u1000, 24 hours at most', text, option)
}

/** `-C`: requests that any host may send (RFC 792): 8 and 13. @throws UsageError for all others */
export const icmpType: Coercer<Settings['icmp']> = (text, option) => {
  const type = readNumber(text)
  if (type === 8) return 'echo'
  if (type === 13) return 'timestamp'
  throw notA('8 (echo) or 13 (timestamp): other ICMP messages are not sent from here', text, option)
}

/** `-K`: requests have the code 0. @throws UsageError */
export const icmpCode: Coercer<0> = (text, option) => {
  if (readNumber(text) === 0) return 0
  throw notA('0, the only code of echo and timestamp requests', text, option)
}

/** `-o`: hexadecimal, with or without `0x`; `help` asks for a list of usual values. @throws UsageError */
export const tos: Coercer<number | 'help'> = (text, option) => {
  if (text === 'help') return text
  if (/^(0x)?[\da-f]{1,2}$/i.test(text)) return Number.parseInt(text, 16)
  throw notA("a hexadecimal number from 0 to ff, or 'help'", text, option)
}

/** `-g`, in octets: header fields count in units of 8 (RFC 791 section 3.1). */
export const fragmentOffset = multiple(8, 0, 65_528)

/** `-m`: what a fragment carries behind the IP header. */
export const mtu = multiple(8, 8, 65_528)
