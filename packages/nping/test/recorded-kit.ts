import { isDeepStrictEqual } from 'node:util'
import {
  type Judgement,
  type Kit,
  lateness,
  type Outcome,
  type Pair,
  type RecordedCase,
  runCase,
} from '@portkit/lab/recorded'
import { recordedFiles } from './recorded-cases.ts'
import { judgementOf } from './recorded-judgements.ts'
import { DIALECT } from './recorded-normal.ts'
import { hopLines, hopsOf, isUnsent, missingRows, verdictsOf } from './recorded-verdicts.ts'

/** One case, run by the real nping and by ours; `plainStatus` is that of ours without `--exit-code nping`. */
export interface NpingPair extends Pair {
  readonly plainStatus: number | string
}

const HABIT: readonly string[] = ['--exit-code', 'nping']

/** What follows the report of a run whose packet the system did not send; connections count as attempts. */
const UNSENT = { packets: '\nNot counted: 1 probe not sent', connections: '' } as const

const STATUS = { open: 0, none: 1, error: 2 } as const

/** Debian's nping, and nping-ts, which returns what nping does when it is told to. */
export const NPING: Kit<NpingPair> = {
  files: recordedFiles(),
  real: { command: ['nping'], words: [] },
  dialect: DIALECT,
  judgementOf,
  once: async (run, world, tool) => {
    const plain = await runCase(run, world, tool, DIALECT)
    // What is refused on purpose has no other status.
    if (judgementOf(run.id).kind === 'refused') return { real: plain, ours: plain, plainStatus: plain.exit }
    const real = await runCase(run, world, NPING.real, DIALECT)
    const ours = run.argv.length === 0 ? plain : await runCase(run, world, { ...tool, words: HABIT }, DIALECT)
    return { real, ours, plainStatus: plain.exit }
  },
  faultsOf: (run, pair) => {
    const judgement = judgementOf(run.id)
    return judgement.kind === 'own-words' || judgement.kind === 'refused'
      ? statusFaults(pair.plainStatus, wordsStatus(judgement))
      : reportFaults(run, pair)
  },
  isSteady,
}

/** Cases in which nping itself does now one, now the other: several packets in flight, and its own capture's start. */
function isSteady({ id, signals, argv }: RecordedCase): boolean {
  const judgement = judgementOf(id)
  if (judgement.kind === 'refused' || signals !== undefined || argv.includes('--tr')) return false
  return !(
    judgement.kind === 'differs' && /overwrites|stops at|stops listening|IPv6|debugging/.test(judgement.why)
  )
}

/** Ours has one status for all mistakes; a version is no mistake. */
function wordsStatus(judgement: Judgement): number {
  return judgement.kind === 'own-words' && judgement.exit === 0 ? STATUS.open : STATUS.error
}

function statusFaults(status: number | string, wanted: number): readonly string[] {
  return status === wanted ? [] : [`ends with ${status}, not ${wanted}`]
}

/** What is wrong with the table of verdicts, the time that a run took, or its status without `--exit-code nping`. */
function reportFaults(run: RecordedCase, { real, ours, plainStatus }: NpingPair): readonly string[] {
  const late = lateness(real, ours)
  if (typeof run.exit === 'string') return late
  const rows = verdictsOf(run)
  const open = rows.some(({ any }) => any.some((verdict) => /^(?:open|up) /.test(verdict)))
  const status = isUnsent(run) ? STATUS.error : open ? STATUS.open : STATUS.none
  const ended = run.signals === undefined ? statusFaults(plainStatus, status) : []
  return [...late, ...ended, ...(quiet(run) ? [] : tableFaults(run, ours))]
}

function tableFaults(run: RecordedCase, { table }: Outcome): readonly string[] {
  const faults: string[] = []
  const told = UNSENT[run.argv.includes('--tcp-connect') ? 'connections' : 'packets']
  if (isUnsent(run) && table.join('\n') !== told) faults.push('does not tell what was not sent')
  const hops = hopsOf(run)
  if (!isDeepStrictEqual(hopLines(table), hops)) faults.push(`the hops are not ${hops}`)
  return [...faults, ...missingRows(verdictsOf(run), table).map((row) => `the table lacks ${row}`)]
}

function quiet({ argv }: RecordedCase): boolean {
  return argv.some((word) => /^-(?:v-|q)/.test(word) || word === '--quiet')
}
