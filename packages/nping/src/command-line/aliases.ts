import type { OptionTable } from '@portkit/core'
import { arpRequest } from './kinds.ts'
import { field } from './numbers.ts'

/** Other spellings of nping, which `readSettings` takes for the usual ones. */
export const ALIASES = {
  tr: { kind: 'flag', hidden: true, describe: '--traceroute' },
  IPv4: { kind: 'flag', hidden: true, describe: '--ipv4' },
  IPv6: { kind: 'flag', hidden: true, describe: '--ipv6' },
  'timestamp-request': { kind: 'flag', hidden: true, describe: '--timestamp' },
  'hop-limit': { kind: 'value', hidden: true, coerce: field(8), describe: '--ttl' },
  tc: { kind: 'value', hidden: true, coerce: field(8), describe: '--tos' },
  'traffic-class': { kind: 'value', hidden: true, coerce: field(8), describe: '--tos' },
  'arp-code': { kind: 'value', hidden: true, coerce: arpRequest, describe: '--arp-type' },
  'arp-op': { kind: 'value', hidden: true, coerce: arpRequest, describe: '--arp-type' },
  'arp-operation': { kind: 'value', hidden: true, coerce: arpRequest, describe: '--arp-type' },
} as const satisfies OptionTable

const USUAL: ReadonlyMap<string, string> = new Map(
  Object.entries(ALIASES).map(([name, { describe }]) => [name, describe.slice(2)]),
)

/** The usual spelling of an option's name. */
export function usualName(name: string): string {
  return USUAL.get(name) ?? name
}
