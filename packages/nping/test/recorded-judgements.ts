import type { Judgement } from '@portkit/lab/recorded'
import { CONNECT_DIFFERENCES } from './recorded-judgements-connect.ts'
import { IPV6_DIFFERENCES } from './recorded-judgements-ipv6.ts'
import { DIFFERENCES } from './recorded-judgements-runs.ts'
import { REFUSALS } from './recorded-judgements-words.ts'

/** By the name of the case; the others are mirrored. */
export const JUDGEMENTS: ReadonlyMap<string, Judgement> = new Map([
  ...REFUSALS,
  ...DIFFERENCES,
  ...CONNECT_DIFFERENCES,
  ...IPV6_DIFFERENCES,
])

export function judgementOf(id: string): Judgement {
  return JUDGEMENTS.get(id) ?? { kind: 'mirror' }
}
