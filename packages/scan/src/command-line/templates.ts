import { type Coercer, UsageError } from '@portkit/core'
import type { Timing } from '../model/timing.ts'

const NAMES: readonly string[] = ['paranoid', 'sneaky', 'polite', 'normal', 'aggressive', 'insane']

/** `-T`: 0 to 5, or the template's name; capitals do not matter. @throws UsageError in nmap's words */
export const template: Coercer<number> = (text) => {
  const level = /^[0-5]$/.test(text) ? Number(text) : NAMES.indexOf(text.toLowerCase())
  if (level >= 0) return level
  throw new UsageError(
    'Unknown timing mode (-T argument).  Use either "Paranoid", "Sneaky", "Polite", "Normal", "Aggressive", "Insane" ' +
      'or a number from 0 (Paranoid) to 5 (Insane)',
  )
}

/** -T3 */
const NORMAL: Timing = {
  initialRttMs: 1000,
  minRttMs: 100,
  maxRttMs: 10_000,
  maxRetries: 10,
  isMaxRetriesFixed: false,
  hostTimeoutMs: Number.POSITIVE_INFINITY,
  scanDelayMs: 0,
  minRate: 0,
  maxRate: Number.POSITIVE_INFINITY,
  minParallelism: 0,
  maxParallelism: Number.POSITIVE_INFINITY,
  minHostgroup: 1,
  maxHostgroup: Number.POSITIVE_INFINITY,
  maxOpen: Number.POSITIVE_INFINITY,
  defeatsRstLimit: false,
}

const ONE_BY_ONE = { ...NORMAL, maxParallelism: 1 } as const

/** -T0 to -T5: nmap's numbers (`nmap -d` tells them, 7.93). */
const TEMPLATES: readonly Timing[] = [
  { ...ONE_BY_ONE, scanDelayMs: 300_000, initialRttMs: 300_000, maxRttMs: 300_000 },
  { ...ONE_BY_ONE, scanDelayMs: 15_000, initialRttMs: 15_000, maxRttMs: 15_000 },
  { ...ONE_BY_ONE, scanDelayMs: 400 },
  NORMAL,
  { ...NORMAL, initialRttMs: 500, maxRttMs: 1250, maxRetries: 6 },
  { ...NORMAL, initialRttMs: 250, minRttMs: 50, maxRttMs: 300, maxRetries: 2, hostTimeoutMs: 900_000 },
]

/** The timing of a template; of -T3 where none is given. */
export function templateOf(level: number | undefined): Timing {
  return TEMPLATES[level ?? 3] ?? NORMAL
}
