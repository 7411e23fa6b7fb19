import type { IcmpError, UnreachableCode } from './facts.ts'
import type { Family } from './target.ts'

/** nmap's words for what a router or host said aloud. */
export type IcmpReason =
  | 'net-unreach'
  | 'host-unreach'
  | 'proto-unreach'
  | 'port-unreach'
  | 'dest-unreach'
  | 'net-prohibited'
  | 'host-prohibited'
  | 'admin-prohibited'
  | 'beyond-scope'
  | 'reject-route'
  | 'no-route'
  | 'time-exceeded'
  | 'param-problem'

/** RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1. */
const UNREACHABLE_4: Readonly<Record<number, IcmpReason>> = {
  0: 'net-unreach',
  1: 'host-unreach',
  2: 'proto-unreach',
  3: 'port-unreach',
  6: 'net-unreach',
  7: 'host-unreach',
  9: 'net-prohibited',
  10: 'host-prohibited',
  11: 'net-unreach',
  12: 'host-unreach',
  13: 'admin-prohibited',
}

/** RFC 4443 section 3.1. */
const UNREACHABLE_6: Readonly<Record<number, IcmpReason>> = {
  0: 'no-route',
  1: 'admin-prohibited',
  2: 'beyond-scope',
  3: 'host-unreach',
  4: 'port-unreach',
  5: 'admin-prohibited',
  6: 'reject-route',
}

const BY_TYPE: Readonly<Record<Family, Readonly<Record<number, IcmpReason>>>> = {
  4: { 11: 'time-exceeded', 12: 'param-problem' },
  6: { 3: 'time-exceeded', 4: 'param-problem' },
}

const BY_ERRNO = {
  EHOSTUNREACH: 'host-unreach',
  ENETUNREACH: 'net-unreach',
  EHOSTDOWN: 'host-unreach',
  ENETDOWN: 'net-unreach',
  ENOPROTOOPT: 'proto-unreach',
} as const satisfies Record<UnreachableCode, IcmpReason>

/** What an ICMP error says; `dest-unreach` for types and codes that have no word of their own. */
export function icmpReason({ family, type, code }: Pick<IcmpError, 'family' | 'type' | 'code'>): IcmpReason {
  const unreachable = family === 4 ? type === 3 : type === 1
  if (!unreachable) return BY_TYPE[family][type] ?? 'dest-unreach'
  return (family === 4 ? UNREACHABLE_4 : UNREACHABLE_6)[code] ?? 'dest-unreach'
}

/** What an error number of the system says. */
export function errnoReason(code: UnreachableCode): IcmpReason {
  return BY_ERRNO[code]
}
