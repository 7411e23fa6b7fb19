import type { RecordedCase } from './case.ts'
import type { Change, Differs, Judgement, OwnWords, Refused, Wanted } from './judgement.ts'
import type { Dialect, Outcome } from './outcome.ts'

/** What of a run is compared, as texts that a person can compare. */
export interface Comparable {
  readonly exit: string
  readonly stdout: string
  readonly stderr: string
  readonly wire: string
}

/** So much longer than the other tool may a run take on a busy machine: seconds. */
const LATE_SECONDS = 3

/** What a refusal is made of: one line. */
const ONE_LINE = 1

/** The status of what is refused on purpose. */
const REFUSED = '2'

export function comparable(
  judgement: Judgement,
  { exit, lines, stderr, wire }: Pick<Outcome, 'exit' | 'lines' | 'stderr' | 'wire'>,
): Comparable {
  const sorted = isUnordered(judgement)
  return {
    exit: String(exit),
    stdout: textOf(lines, sorted),
    stderr: textOf(stderr, false),
    wire: textOf(wire, sorted),
  }
}

/** What was recorded; undefined for usage and refusals, whose words are not kept. */
export function comparableRecord(
  { argv, exit, stdout, stderr = [], wire = [] }: RecordedCase,
  judgement: Judgement,
  dialect: Dialect,
): Comparable | undefined {
  if (stdout === undefined) return undefined
  const report = dialect.report(textWith(stdout), textWith(stderr), argv)
  return comparable(judgement, { ...report, exit, wire })
}

function textWith(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('')
}

/** What ours has to do where the classic tool did `real`. A pattern that matches counts as met. */
export function expectedOf(
  run: RecordedCase,
  judgement: Judgement,
  dialect: Dialect,
  real: Comparable,
  ours: Comparable,
): Comparable {
  switch (judgement.kind) {
    case 'mirror':
      return real
    case 'differs': {
      const recorded = judgement.from === 'recorded' ? comparableRecord(run, judgement, dialect) : undefined
      return differing(judgement, recorded ?? real, ours)
    }
    case 'own-words':
      return { exit: String(judgement.exit), ...refusal(judgement, ours), wire: '' }
    case 'refused':
      return { exit: REFUSED, ...refusal(judgement, ours), wire: '' }
  }
}

/** Whether a run took so much longer than that of the classic tool that something must be wrong. */
export function lateness(real: Outcome, ours: Outcome): readonly string[] {
  if (ours.seconds <= real.seconds + LATE_SECONDS) return []
  return [`took ${ours.seconds.toFixed(1)} s instead of ${real.seconds.toFixed(1)} s`]
}

function refusal(
  { kind, says }: OwnWords | Refused,
  ours: Comparable,
): Pick<Comparable, 'stdout' | 'stderr'> {
  const met = says.test(`${ours.stdout}\n${ours.stderr}`)
  if (kind === 'own-words' && met) return ours
  const short = ours.stdout === '' && ours.stderr.split('\n').length === ONE_LINE
  return met && short ? ours : { stdout: '', stderr: `one line that says ${says}` }
}

function differing(judgement: Differs, base: Comparable, ours: Comparable): Comparable {
  const { exit = base.exit, stdout, stderr, but, stderrBut, wire } = judgement
  return {
    exit: String(exit),
    stdout:
      stdout === undefined ? changed(base.stdout, but) : textFor(stdout, ours.stdout, isUnordered(judgement)),
    stderr: stderr === undefined ? changed(base.stderr, stderrBut) : textFor(stderr, ours.stderr, false),
    wire: wire === undefined ? base.wire : packetsFor(wire, ours.wire),
  }
}

function changed(text: string, changes: readonly Change[] = []): string {
  return changes.reduce((all, [pattern, by]) => all.replace(pattern, by), text)
}

function isUnordered(judgement: Judgement): boolean {
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
