import { isDeepStrictEqual } from 'node:util'
import type { RecordedCase } from './recorded-cases.ts'
import type { Judgement, Wanted } from './recorded-judgement.ts'
import { judgementOf } from './recorded-judgements.ts'
import { masked } from './recorded-normal.ts'
import type { Outcome } from './recorded-run.ts'
import { hopLines, hopsOf, isUnsent, missingRows, verdictsOf } from './recorded-verdicts.ts'

/** What of a run is compared, as texts that a person can compare. */
export interface Comparable {
  readonly exit: string
  readonly stdout: string
  readonly stderr: string
  readonly wire: string
}

/** So much longer than the other tool may a run take on a busy machine: seconds. */
const LATE_SECONDS = 3

/** nping's capture fails now and then, without further effect. */
const NOISE = /^nping_event_handler\(\)/

/** What a refusal is made of: one line. */
const ONE_LINE = 1

/** What follows the report of a run whose packet the system did not send; connections count as attempts. */
const UNSENT = { packets: '\nNot counted: 1 probe not sent', connections: '' } as const

const STATUS = { open: 0, none: 1, error: 2 } as const

export function comparable(
  run: RecordedCase,
  outcome: Pick<Outcome, 'exit' | 'lines' | 'stderr' | 'wire'>,
): Comparable {
  return {
    exit: String(outcome.exit),
    stdout: textOf(outcome.lines, isUnordered(run)),
    stderr: textOf(
      outcome.stderr.filter((line) => !NOISE.test(line)),
      false,
    ),
    wire: textOf(outcome.wire, isUnordered(run)),
  }
}

/** What was recorded; undefined for usage and refusals, whose words are not kept. */
export function comparableRecord(run: RecordedCase): Comparable | undefined {
  const { argv, stdout, stderr = [], wire = [], exit } = run
  if (stdout === undefined) return undefined
  const mask = (lines: readonly string[]): readonly string[] => lines.map((line) => masked(line, argv))
  return comparable(run, { exit, lines: mask(stdout), stderr: mask(stderr), wire })
}

/** What nping-ts has to do where nping did `real`. A pattern that matches counts as met. */
export function expectedOf(run: RecordedCase, real: Comparable, ours: Comparable): Comparable {
  const judgement = judgementOf(run.id)
  switch (judgement.kind) {
    case 'mirror':
      return real
    case 'differs':
      return differing(run, judgement, real, ours)
    case 'own-words':
    case 'refused':
    case 'echo-mode':
      return { exit: exitOf(judgement), ...refusal(judgement.says, judgement.kind, ours), wire: '' }
  }
}

function exitOf(judgement: Exclude<Judgement, { kind: 'mirror' | 'differs' }>): string {
  return String(judgement.kind === 'own-words' ? judgement.exit : STATUS.error)
}

function refusal(
  says: RegExp,
  kind: Judgement['kind'],
  ours: Comparable,
): Pick<Comparable, 'stdout' | 'stderr'> {
  const met = says.test(`${ours.stdout}\n${ours.stderr}`)
  if (kind === 'own-words' && met) return ours
  const short = ours.stdout === '' && ours.stderr.split('\n').length === ONE_LINE
  return met && short ? ours : { stdout: '', stderr: `one line that says ${says}` }
}

function differing(
  run: RecordedCase,
  judgement: Extract<Judgement, { kind: 'differs' }>,
  real: Comparable,
  ours: Comparable,
): Comparable {
  const base = judgement.from === 'recorded' ? (comparableRecord(run) ?? real) : real
  const { exit = base.exit, stdout, stderr, but = [], wire } = judgement
  const repaired = but.reduce((text, [pattern, by]) => text.replace(pattern, by), base.stdout)
  return {
    exit: String(exit),
    stdout: stdout === undefined ? repaired : textFor(stdout, ours.stdout, isUnordered(run)),
    stderr: stderr === undefined ? base.stderr : textFor(stderr, ours.stderr, false),
    wire: wire === undefined ? base.wire : packetsFor(wire, ours.wire),
  }
}

/** What is wrong with the table of verdicts, the time that a run took, or its status without `--exit-code nping`. */
export function furtherFaults(
  run: RecordedCase,
  real: Outcome,
  ours: Outcome,
  plainStatus: number | string,
): readonly string[] {
  const judgement = judgementOf(run.id)
  if (judgement.kind !== 'mirror' && judgement.kind !== 'differs') {
    const status = judgement.kind === 'own-words' && judgement.exit === 0 ? STATUS.open : STATUS.error
    return plainStatus === status ? [] : [`ends with ${plainStatus}, not ${status}`]
  }
  const faults: string[] = []
  if (ours.seconds > real.seconds + LATE_SECONDS)
    faults.push(`took ${ours.seconds.toFixed(1)} s instead of ${real.seconds.toFixed(1)} s`)
  if (typeof run.exit === 'string') return faults
  const rows = verdictsOf(run)
  const open = rows.some(({ any }) => any.some((verdict) => /^(?:open|up) /.test(verdict)))
  const status = isUnsent(run) ? STATUS.error : open ? STATUS.open : STATUS.none
  if (run.signal === undefined && plainStatus !== status)
    faults.push(`ends with ${plainStatus}, not ${status}`)
  if (quiet(run)) return faults
  const told = UNSENT[run.argv.includes('--tcp-connect') ? 'connections' : 'packets']
  if (isUnsent(run) && ours.table.join('\n') !== told) faults.push('does not tell what was not sent')
  const hops = hopsOf(run)
  if (!isDeepStrictEqual(hopLines(ours.table), hops)) faults.push(`the hops are not ${hops}`)
  return [...faults, ...missingRows(rows, ours.table).map((row) => `the table lacks ${row}`)]
}

function quiet({ argv }: RecordedCase): boolean {
  return argv.some((word) => /^-(?:v-|q)/.test(word) || word === '--quiet')
}

function isUnordered(run: RecordedCase): boolean {
  const judgement = judgementOf(run.id)
  return (judgement.kind === 'mirror' || judgement.kind === 'differs') && judgement.order === true
}

function textOf(lines: readonly string[], sorted: boolean): string {
  return (sorted ? lines.toSorted() : lines).join('\n')
}

function textFor(wanted: Wanted, seen: string, sorted: boolean): string {
  if (!(wanted instanceof RegExp)) return textOf(wanted, sorted)
  return wanted.test(seen) ? seen : String(wanted)
}

function packetsFor(wanted: readonly RegExp[], seen: string): string {
  const packets = seen === '' ? [] : seen.split('\n')
  const met =
    packets.length === wanted.length &&
    wanted.every((pattern) => packets.some((packet) => pattern.test(packet)))
  return met ? seen : wanted.map(String).join('\n')
}
