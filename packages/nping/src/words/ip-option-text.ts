import { read16, read32, readIpv4 } from '@portkit/core/wire'
import { lowerHex } from './packet-text.ts'

/** RFC 791 section 3.1. */
const OPTION = {
  end: 0,
  nop: 1,
  recordRoute: 7,
  timestamp: 68,
  looseRoute: 131,
  stream: 136,
  strictRoute: 137,
} as const
const ROUTES: Readonly<Record<number, string>> = {
  [OPTION.recordRoute]: 'RR',
  [OPTION.looseRoute]: 'LSRR',
  [OPTION.strictRoute]: 'SSRR',
}
/** Octets before the data of a route, and of time stamps. */
const ROUTE_HEADER = 3
const TIMES_HEADER = 4

/** nping's `ipopts={ NOP RR{#1.2.3.4}}`; empty without options. `#` stands where the pointer points. */
export function ipOptionText(octets: Uint8Array): string {
  if (octets.length === 0) return ''
  let text = ''
  let at = 0
  while (at < octets.length) {
    const length = lengthAt(octets, at)
    text += ` ${optionText(octets.subarray(at, at + length))}`
    at += length
  }
  return `ipopts={${text}}`
}

/** At least 1, and never beyond the end; a length that cannot be takes its two octets with it, as nping has it. */
function lengthAt(octets: Uint8Array, at: number): number {
  const type = octets[at] ?? 0
  if (type === OPTION.end || type === OPTION.nop) return 1
  return Math.min(octets.length - at, Math.max(2, octets[at + 1] ?? 2))
}

function optionText(option: Uint8Array): string {
  const type = option[0] ?? 0
  if (type === OPTION.end) return 'EOL'
  if (type === OPTION.nop) return 'NOP'
  const route = ROUTES[type]
  if (route !== undefined) return `${route}{${routeText(option)}}`
  if (type === OPTION.timestamp) return `TM{${timesText(option)}}`
  if (type === OPTION.stream && option.length >= 4) return `SI{${streamText(option)}}`
  return `??{${escaped(option)}}`
}

/** Four octets a hop; the pointer counts from 1 and names the first that is free. */
function routeText(option: Uint8Array): string {
  if (option.length <= ROUTE_HEADER) return ''
  const pointer = option[2] ?? 0
  const isWrong = pointer < ROUTE_HEADER + 1 || pointer % 4 !== 0 || pointer > option.length + 1
  if (isWrong) return ` [bad ptr=${lowerHex(pointer, 2)}]${escaped(option.subarray(ROUTE_HEADER))}`
  return slots(option, { from: ROUTE_HEADER, each: 4, pointer, tail: '' }, (at) => readIpv4(option, at))
}

/** RFC 791: the low four bits of the fourth octet say whether addresses stand beside the times. */
function timesText(option: Uint8Array): string {
  if (option.length <= TIMES_HEADER) return ''
  const pointer = option[2] ?? 0
  const overflow = (option[3] ?? 0) >>> 4
  const flags = (option[3] ?? 0) & 15
  const wrong = flags === 0 || flags === 1 || flags === 3 ? '' : ` [bad flags=\\x${lowerHex(flags, 1)}]`
  const hasAddress = flags !== 0
  const each = hasAddress ? 8 : 4
  const time = (at: number): string =>
    hasAddress ? `${readIpv4(option, at)}@${read32(option, at + 4)}` : `${read32(option, at)}`
  const hops = slots(option, { from: TIMES_HEADER, each, pointer, tail: ' ' }, time)
  return `${wrong}[${overflow} hosts not recorded]${hops}`
}

interface Slots {
  readonly from: number
  readonly each: number
  readonly pointer: number
  /** What stands behind the last slot unless the pointer does. */
  readonly tail: string
}

function slots(
  option: Uint8Array,
  { from, each, pointer, tail }: Slots,
  show: (at: number) => string,
): string {
  let text = ''
  let at = from
  for (; at + each <= option.length; at += each) text += `${pointer === at + 1 ? '#' : ' '}${show(at)}`
  const end = pointer === at + 1 ? '#' : tail
  return text + end + escaped(option.subarray(at))
}

function streamText(option: Uint8Array): string {
  const wrong = option.length === 4 ? '' : `[bad len ${lowerHex(option.length, 2)}]`
  return `${wrong}id=${read16(option, 2)}${escaped(option.subarray(4))}`
}

function escaped(octets: Uint8Array): string {
  return Array.from(octets, (octet) => `\\x${lowerHex(octet, 2)}`).join('')
}
