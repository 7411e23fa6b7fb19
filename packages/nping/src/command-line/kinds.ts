import { type Coercer, multiple, notA, parseAddress, readNumber, shown, UsageError } from '@portkit/core'
import type { Settings } from '../settings.ts'

/** Types of RFC 792. */
const ICMP = { 8: 'echo', 13: 'timestamp' } as const

/** `--icmp-type`: `echo`, `timestamp`, what they begin with, or 8 and 13. @throws UsageError for all others */
export const icmpKind: Coercer<Settings['icmp']['kind']> = (text, option) => {
  const number = readNumber(text)
  const named = text === '' ? [] : [...ICMP_NAMES].filter(([name]) => name.startsWith(text.toLowerCase()))
  const kind =
    number === undefined ? named[0]?.[1] : Object.entries(ICMP).find(([type]) => Number(type) === number)?.[1]
  if (kind !== undefined) return kind
  throw notA('echo (8) or timestamp (13): other ICMP messages are not sent from here', text, option)
}

const ICMP_NAMES = new Map<string, Settings['icmp']['kind']>([
  ['echo-request', 'echo'],
  ['timestamp', 'timestamp'],
  ['timestamp-request', 'timestamp'],
])

/** `--icmp-code`: requests have the code 0. @throws UsageError */
export const icmpCode: Coercer<0> = (text, option) => {
  if (readNumber(text) === 0) return 0
  throw notA('0, the only code of echo and timestamp requests', text, option)
}

/** `--arp-type` and its like: a request, in all its names. @throws UsageError */
export const arpRequest: Coercer<'request'> = (text, option) => {
  if (/^(arp|arp-request|request)$/i.test(text) || readNumber(text) === 1) return 'request'
  throw notA('arp-request (1): other ARP packets are not sent from here', text, option)
}

/** `--mtu`: above 0, in units of 8 octets (RFC 791 section 3.2). */
export const mtu = multiple(8, 8, 65_528)

/** `-S`: an address. That it is one of ours is seen by `checkSource`. @throws UsageError */
export const sourceAddress: Coercer<string> = (text, option) => {
  const address = parseAddress(text)
  if (address !== undefined) return address.address
  throw notA("one of this machine's own addresses", text, option)
}

/**
 * Connections name their interface one by one: what can be known of it is looked at before the first.
 * @throws UsageError unless the interface is among `all`, those that are up and have an address
 */
export function checkInterface(name: string, all: readonly string[]): void {
  if (all.includes(name)) return
  throw new UsageError(`-e: ${shown(name)} is no network interface that is up and has an address`)
}
