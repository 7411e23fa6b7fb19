import type { PortState, Transport } from '@portkit/core'
import { PROTOCOLS } from '../model/port-table.ts'

const STATES: ReadonlySet<string> = new Set<PortState>([
  'open',
  'closed',
  'filtered',
  'unfiltered',
  'open|filtered',
  'closed|filtered',
  'unknown',
])

/** All of them are in memory. */
export const MOST_HOSTS = 262_144

/** nmap's word where nobody said how it is known. */
export const UNKNOWN_REASON = 'unknown-response'

/** A state that ports have. */
export function isPortState(text: unknown): text is PortState {
  return typeof text === 'string' && STATES.has(text)
}

export function isTransport(text: unknown): text is Transport {
  return PROTOCOLS.some((protocol) => protocol === text)
}

/** A number of at most 12 digits and six decimals. */
export function decimal(text: string | undefined): number | undefined {
  return text !== undefined && /^\d{1,12}(\.\d{1,6})?$/.test(text) ? Number(text) : undefined
}

/** A whole number up to `most`. */
export function whole(text: string | undefined, most: number): number | undefined {
  const number = text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined
  return number !== undefined && number <= most ? number : undefined
}
