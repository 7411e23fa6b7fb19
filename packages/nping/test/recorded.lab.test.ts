import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { missing } from '@portkit/lab'
import { buildTool } from '@portkit/lab/tool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type RecordedCase, recordedFiles } from './recorded-cases.ts'
import { comparable, comparableRecord } from './recorded-compare.ts'
import { judgementOf } from './recorded-judgements.ts'
import { inWorlds, judged, type Pair, REAL, runPair } from './recorded-pool.ts'
import { type Outcome, runCase, type Tool } from './recorded-run.ts'

/** Most of a run is waiting; so many worlds at once keep two cores busy without making them late. */
const WORLDS = 10

/** Hanging helpers must not make it endless. */
const MOST_MS = 300_000

/** The machine may answer in other words here and there, but recorded runs that are mostly wrong would prove nothing. */
const MOST_DRIFT = 0.03

const files = recordedFiles()
const cases = [...files.values()].flat()
const lacks = missing(['nping', 'setpriv', 'tcpdump', 'bash', 'timeout'])
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''

/** Cases in which nping itself does now one, now the other: several packets in flight, and its own capture's start. */
function isSteady({ id, signal, argv }: RecordedCase): boolean {
  const judgement = judgementOf(id)
  if (judgement.kind === 'echo-mode' || judgement.kind === 'refused' || signal !== undefined) return false
  return (
    !(
      judgement.kind === 'differs' && /overwrites|stops at|stops listening|IPv6|debugging/.test(judgement.why)
    ) && !argv.includes('--tr')
  )
}

describe.skipIf(skipped !== '')(`nping-ts beside nping${skipped}`, () => {
  let folder = ''
  let pairs: ReadonlyMap<string, Pair | Error> = new Map()

  beforeAll(async () => {
    folder = buildTool(join(import.meta.dirname, '..'), 'nping-ts')
    const ours: Tool = { command: [process.execPath, join(folder, 'nping-ts.cjs')], words: [] }
    pairs = await inWorlds(cases, WORLDS, (run, world) => runPair(run, world, ours))
  }, MOST_MS)

  afterAll(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
  })

  describe.each([...files])('%s', (_file, runs) => {
    it.each(runs.map((run) => [`${run.id}: ${run.argv.join(' ')}`, run] as const))('%s', (_, run) => {
      const pair = pairs.get(run.id)
      if (pair === undefined || pair instanceof Error) throw pair ?? new Error(`${run.id} was not run`)
      const { seen, expected, faults } = judged(run, pair)
      expect(seen).toEqual(expected)
      expect(faults).toEqual([])
    })
  })
})

describe.skipIf(skipped !== '')(`the recorded runs${skipped}`, () => {
  let outcomes: ReadonlyMap<string, Outcome | Error> = new Map()
  const steady = cases.filter(isSteady)

  beforeAll(async () => {
    outcomes = await inWorlds(steady, WORLDS, (run, world) => runCase(run, world, REAL))
  }, MOST_MS)

  it('are true: the real nping still does what it did, but for a few', async ({ annotate }) => {
    const drifted = steady.filter((run) => !isAsRecorded(run, outcomes.get(run.id)))
    const names = drifted.map(({ id }) => id).join(', ')
    if (names !== '') await annotate(`nping does otherwise than recorded here: ${names}`)
    expect(drifted.length, names).toBeLessThanOrEqual(steady.length * MOST_DRIFT)
  })
})

/** Of what was cut off in the recording only the beginning is known. */
function isAsRecorded(run: RecordedCase, outcome: Outcome | Error | undefined): boolean {
  if (outcome === undefined || outcome instanceof Error) return false
  const record = comparableRecord(run)
  if (record === undefined) return outcome.exit === run.exit
  const now = comparable(run, outcome)
  const wire = now.wire.startsWith(record.wire) ? record.wire : now.wire
  const stderr = run.stderr === undefined ? record.stderr : now.stderr
  return isDeepStrictEqual({ ...now, wire, stderr }, record)
}
