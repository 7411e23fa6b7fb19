import { join } from 'node:path'
import {
  type Judgement,
  type Kit,
  lateness,
  type Pair,
  type RecordedCase,
  recordedFiles,
  runCase,
  type Tool,
} from '@portkit/lab/recorded'
import { judgementOf } from './recorded-judgements.ts'
import { DIALECT } from './recorded-normal.ts'
import { verdictFaults } from './recorded-verdicts.ts'

const REAL: Tool = { command: ['hping3'], words: [] }

/** To a pipe hping3 prints when it ends: who waits for its lines has to change that. */
const SPEAKING: Tool = { command: ['stdbuf', '-oL', 'hping3'], words: [] }

/** Debian's hping3, and hping-ts. */
export const HPING: Kit<Pair> = {
  files: recordedFiles(join(import.meta.dirname, 'recorded')),
  real: REAL,
  dialect: DIALECT,
  judgementOf,
  once: async (run, world, tool) => {
    const ours = await runCase(run, world, tool, DIALECT)
    if (isWhole(judgementOf(run.id))) return { real: ours, ours }
    return { real: await runCase(run, world, run.signals === undefined ? REAL : SPEAKING, DIALECT), ours }
  },
  faultsOf: (run, { real, ours }) => {
    const { kind } = judgementOf(run.id)
    if (kind === 'own-words' || kind === 'refused') return []
    return [...lateness(real, ours), ...verdictFaults(run, ours)]
  },
  isSteady,
}

/** Whether it says all that ours has to do, whatever hping3 does. */
function isWhole(judgement: Judgement): boolean {
  if (judgement.kind === 'mirror') return false
  if (judgement.kind !== 'differs') return true
  const { exit, stdout, stderr, wire } = judgement
  return [exit, stdout, stderr, wire].every((part) => part !== undefined)
}

/**
 * Cases in which hping3 does the same each time: neither those that others disturb nor those that print random numbers,
 * and no scan that aborts, which may take half a minute.
 */
function isSteady({ id, signals, meanwhile, exit }: RecordedCase): boolean {
  const judgement = judgementOf(id)
  if (judgement.kind === 'refused' || signals !== undefined || meanwhile !== undefined) return false
  return typeof exit === 'number' && !(judgement.kind === 'differs' && /inside|how long/.test(judgement.why))
}
