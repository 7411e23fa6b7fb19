import { escapeControl, type Sighting } from '@portkit/core'
import { inMs } from './round-trip.ts'

type IcmpError = Extract<Sighting, { kind: 'icmp-error' }>
/** What an error says, of the families that have it. */
type Words = Readonly<Record<number, string>>

/** Codes of RFC 792, RFC 1122 section 3.2.2.1 and RFC 1812 section 5.2.7.1 that hping3 has words for. */
const UNREACHABLE_4: Words = {
  0: 'Network Unreachable',
  1: 'Host Unreachable',
  2: 'Protocol Unreachable',
  3: 'Port Unreachable',
  4: 'Fragmentation Needed/DF set',
  5: 'Source Route failed',
  13: 'Packet filtered',
  14: 'Precedence violation',
  15: 'precedence cut off',
}
/** RFC 4443 section 3.1 in the same words: no route, prohibited, address, port, failed policy. */
const UNREACHABLE_6: Words = {
  0: 'Network Unreachable',
  1: 'Packet filtered',
  3: 'Host Unreachable',
  4: 'Port Unreachable',
  5: 'Packet filtered',
}
/** RFC 792 and RFC 4443 section 3.3: the codes are the same. */
const TIMES: Words = { 0: 'TTL 0 during transit', 1: 'TTL 0 during reassembly' }

const TYPE = {
  4: { unreachable: 3, tooBig: undefined, timeExceeded: 11, problem: 12 },
  6: { unreachable: 1, tooBig: 2, timeExceeded: 3, problem: 4 },
} as const

/** `ICMP Packet filtered from ip=10.77.0.2`, without a line end: a name may follow. */
export function errorText({ family, type, code, source }: IcmpError): string {
  return `${what(family, type, code)} ${whoSaid(source)}`
}

function whoSaid(source: string): string {
  return `from ip=${escapeControl(source)}`
}

function what(family: 4 | 6, type: number, code: number): string {
  const types = TYPE[family]
  switch (type) {
    case types.unreachable: {
      const words = (family === 4 ? UNREACHABLE_4 : UNREACHABLE_6)[code]
      // hping3 calls the code a type.
      return `ICMP ${words ?? `Unreachable type=${code}`}`
    }
    case types.tooBig:
      return `ICMP ${UNREACHABLE_4[4]}`
    case types.timeExceeded:
      return TIMES[code] ?? `ICMP Time exceeded code=${code}`
    case types.problem:
      return `ICMP Parameter problem code=${code}`
    default:
      return `ICMP type=${type} code=${code}`
  }
}

const STEPS_BACK = '\b'.repeat(15)
const BLANKS = ' '.repeat(15)
/** In octets (RFC 1035 section 3.1); a hosts file may hold longer ones. */
const LONGEST_NAME = 255

/** Stands behind the address while its name is looked up. */
export const LOOKING_UP = ' get hostname...'

/** Wipes `LOOKING_UP` out and tells the name; undefined when there is none. */
export function nameText(name: string | undefined): string {
  const told = name === undefined ? 'UNKNOWN' : escapeControl(name.slice(0, LONGEST_NAME))
  return `${STEPS_BACK}${BLANKS}${STEPS_BACK}name=${told}`
}

/** Follows an unreachable in UDP mode; `port` is our own. */
export function statusLine({
  port,
  seq,
  isAgain = false,
}: {
  readonly port: number
  readonly seq: number
  /** The shot was answered before. */
  readonly isAgain?: boolean
}): string {
  return `status=${isAgain ? 1 : 0} port=${port} seq=${seq}\n`
}

/** In a traceroute, before a time exceeded: the time to live of the shot. */
export function hopPrefix(ttl: number): string {
  return `hop=${ttl} `
}

/** In a traceroute, behind it; nothing when the round trip is not known. */
export function hopRttLine(ttl: number, rttNs: number | undefined): string {
  return rttNs === undefined ? '' : `hop=${ttl} hoprtt=${inMs(rttNs)} ms\n`
}
