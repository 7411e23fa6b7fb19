import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { buildTool } from '../built-tool.ts'
import { missing } from '../missing.mjs'
import type { RecordedCase } from './case.ts'
import { comparable, comparableRecord } from './compare.ts'
import type { Judgement } from './judgement.ts'
import { type Outcome, runCase, type Tool } from './outcome.ts'
import { inWorlds, judged, type Kit, type Pair, runPair } from './pool.ts'

/** Most of a run is waiting; so many worlds at once keep two cores busy without making them late. */
const WORLDS = 10

/** Hanging helpers must not make it endless. */
const MOST_MS = 300_000

/** The machine may answer in other words here and there, but recorded runs that are mostly wrong would prove nothing. */
const MOST_DRIFT = 0.03

/**
 * Tests that run every recorded case on the classic tool and on ours, one after the other in the same world, many
 * worlds at once, and hold what they did against each other and against what was recorded.
 * @param folder the package of our tool, which is built first
 * @param name that of our tool and of its file in `dist`
 */
export function describeRecorded<P extends Pair>(kit: Kit<P>, folder: string, name: string): void {
  const [classic] = kit.real.command
  const lacks = missing([classic, 'setpriv', 'tcpdump', 'bash', 'timeout'])
  const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''
  describe.skipIf(skipped !== '')(`${name} beside ${classic}${skipped}`, () => beside(kit, folder, name))
  describe.skipIf(skipped !== '')(`the recorded runs${skipped}`, () => unchanged(kit))
}

/**
 * Tests that every recorded run has a name and a judgement that fits it.
 * @param names of the cases that are not just mirrored
 * @param count how many runs there are
 */
export function describeCases<P extends Pair>(
  { files, dialect, judgementOf }: Kit<P>,
  names: Iterable<string>,
  count: number,
): void {
  const cases = [...files.values()].flat()
  const judged = (kind: Judgement['kind']) => cases.filter(({ id }) => judgementOf(id).kind === kind)

  describe('the recorded runs', () => {
    it(`are ${count}, each with its own name`, () => {
      expect(new Set(cases.map(({ id }) => id)).size).toBe(count)
      expect(cases).toHaveLength(count)
    })

    it('are judged by names that exist', () => {
      const ids = new Set(cases.map(({ id }) => id))
      expect([...names].filter((name) => !ids.has(name))).toEqual([])
    })

    it('are mirrored only where the recorded output is kept', () => {
      const unknown = judged('mirror').filter(
        (run) => comparableRecord(run, judgementOf(run.id), dialect) === undefined,
      )
      expect(unknown.map(({ id }) => id)).toEqual([])
    })

    it.each(judged('differs').map(({ id }) => id))('%s gives a reason for its difference', (id) => {
      const judgement = judgementOf(id)
      expect(judgement.kind === 'differs' && judgement.why.length > 10).toBe(true)
    })
  })
}

function beside<P extends Pair>(kit: Kit<P>, folder: string, name: string): void {
  const cases = [...kit.files.values()].flat()
  let built = ''
  let pairs: ReadonlyMap<string, P | Error> = new Map()

  beforeAll(async () => {
    built = buildTool(folder, name)
    const ours: Tool = { command: [process.execPath, join(built, `${name}.cjs`)], words: [] }
    pairs = await inWorlds(cases, WORLDS, (run, world) => runPair(kit, run, world, ours))
  }, MOST_MS)

  afterAll(() => {
    if (built !== '') rmSync(built, { recursive: true, force: true })
  })

  describe.each([...kit.files])('%s', (_file, runs) => {
    it.each(runs.map((run) => [`${run.id}: ${run.argv.join(' ')}`, run] as const))('%s', (_, run) => {
      const pair = pairs.get(run.id)
      if (pair === undefined || pair instanceof Error) throw pair ?? new Error(`${run.id} was not run`)
      const { seen, expected, faults } = judged(kit, run, pair)
      expect(seen).toEqual(expected)
      expect(faults).toEqual([])
    })
  })
}

function unchanged<P extends Pair>(kit: Kit<P>): void {
  const steady = [...kit.files.values()].flat().filter(kit.isSteady)
  let outcomes: ReadonlyMap<string, Outcome | Error> = new Map()

  beforeAll(async () => {
    outcomes = await inWorlds(steady, WORLDS, (run, world) => runCase(run, world, kit.real, kit.dialect))
  }, MOST_MS)

  it('are true: the real tool still does what it did, but for a few', async ({ annotate }) => {
    const drifted = steady.filter((run) => !isAsRecorded(kit, run, outcomes.get(run.id)))
    const names = drifted.map(({ id }) => id).join(', ')
    if (names !== '') await annotate(`${kit.real.command[0]} does otherwise than recorded here: ${names}`)
    expect(drifted.length, names).toBeLessThanOrEqual(steady.length * MOST_DRIFT)
  })
}

/** Of what was cut off in the recording only the beginning is known. */
function isAsRecorded<P extends Pair>(
  { dialect, judgementOf }: Kit<P>,
  run: RecordedCase,
  outcome: Outcome | Error | undefined,
): boolean {
  if (outcome === undefined || outcome instanceof Error) return false
  const judgement = judgementOf(run.id)
  const record = comparableRecord(run, judgement, dialect)
  if (record === undefined) return outcome.exit === run.exit
  const now = comparable(judgement, outcome)
  const wire = now.wire.startsWith(record.wire) ? record.wire : now.wire
  const stderr = run.stderr === undefined ? record.stderr : now.stderr
  return isDeepStrictEqual({ ...now, wire, stderr }, record)
}
