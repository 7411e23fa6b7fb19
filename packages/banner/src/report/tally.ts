import { type AnyWord, anyWord } from '@portkit/core'
import type { Finding } from '../model/finding.ts'

/** What a run has found so far. */
export interface Tally {
  readonly findings: number
  readonly identified: number
  /** Ports by the word for their state; words that no port had are not there. */
  readonly words: ReadonlyMap<AnyWord, number>
}

export interface Counter {
  add(finding: Finding): void
  tally(): Tally
}

/** Counts findings, shown ones and others. */
export function createCounter(): Counter {
  const words = new Map<AnyWord, number>()
  let findings = 0
  let identified = 0
  return {
    add({ verdict, outcome }) {
      const word = anyWord(verdict)
      words.set(word, (words.get(word) ?? 0) + 1)
      findings += 1
      if (outcome === 'identified') identified += 1
    },
    tally: () => ({ findings, identified, words }),
  }
}

/** In this order they are told. */
const ORDER = [
  'open',
  'open or stealth',
  'closed',
  'stealth',
  'unreachable',
  'unfiltered',
  'up',
  'no answer',
  'unknown',
] as const satisfies readonly AnyWord[]

/** `3 ports: 2 open, 1 stealth; 2 identified`; of a run that was ended early `2 of 3 ports: …`. */
export function tallyText({ findings, identified, words }: Tally, targets: number): string {
  const some = findings === targets ? '' : `${findings} of `
  const parts = ORDER.flatMap((word) => (words.has(word) ? [`${words.get(word)} ${word}`] : []))
  const states = parts.length === 0 ? '' : `: ${parts.join(', ')}; ${identified} identified`
  return `${some}${targets} ${targets === 1 ? 'port' : 'ports'}${states}`
}
