import type { Judgement } from '@portkit/lab/recorded'
import { DIFFERENCES } from './recorded-judgements-runs.ts'
import { SCANS } from './recorded-judgements-scan.ts'
import { REFUSALS } from './recorded-judgements-words.ts'

/** By the name of the case; the others are mirrored. */
export const JUDGEMENTS: ReadonlyMap<string, Judgement> = new Map([...REFUSALS, ...DIFFERENCES, ...SCANS])

export function judgementOf(id: string): Judgement {
  return JUDGEMENTS.get(id) ?? { kind: 'mirror' }
}
