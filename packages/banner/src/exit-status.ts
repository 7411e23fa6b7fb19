import type { AnyWord } from '@portkit/core'
import type { Tally } from './report/tally.ts'
import type { Settings } from './settings.ts'

export const STATUS = { found: 0, notFound: 1, error: 2, stateError: 3 } as const

/** Exit statuses with `--exit-code state`. Silence over UDP tells nothing, as a firewall's does. */
const STATE_STATUS = {
  open: 0,
  up: 0,
  closed: 1,
  unfiltered: 1,
  stealth: 2,
  unreachable: 2,
  'open or stealth': 2,
  'no answer': 2,
  unknown: 2,
} as const satisfies Record<AnyWord, number>

/** The exit status of a run that ended as planned or by Ctrl-C. @param targets that there were to look at */
export function exitStatus(
  { findings, identified, words }: Tally,
  targets: number,
  { exitCode }: Pick<Settings, 'exitCode'>,
): number {
  if (exitCode === 'found') return identified > 0 ? STATUS.found : STATUS.notFound
  if (findings < targets) return STATUS.stateError
  return Math.max(STATE_STATUS.open, ...[...words.keys()].map((word) => STATE_STATUS[word]))
}
