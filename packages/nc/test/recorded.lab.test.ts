import { spawnSync } from 'node:child_process'
import { rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { missing } from '@portkit/lab'
import { buildTool } from '@portkit/lab/tool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { comparable, comparableRecord, cutAsRecorded, timeFaults } from './recorded-compare.ts'
import { DIFFERENCES } from './recorded-differences.ts'
import { recordedFiles } from './recorded-files.ts'
import { judged, type Pair, realTool, runAll, toolFolder } from './recorded-pool.ts'

/** As many pairs of worlds at once as keep two cores busy without making them late. */
const PAIRS = 4

/** What Node takes to start, less on a quiet machine and more on a busy one: seconds. */
const START_SECONDS = 0.3

/** The whole takes about a minute and a half; hanging helpers must not make it endless. */
const MOST_MS = 400_000

/** The machine may answer in other words here and there, but recorded runs that are mostly wrong would prove nothing. */
const MOST_DRIFT = 0.03

const files = recordedFiles()
const cases = [...files.values()].flat()
const lacks = missing(['nc.openbsd', 'setpriv', 'script', 'strace', 'tcpdump', 'timeout', 'mkfifo'])
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''

describe.skipIf(skipped !== '')(`nc-ts beside OpenBSD nc${skipped}`, () => {
  let folder = ''
  let pairs: ReadonlyMap<string, Pair | Error> = new Map()

  beforeAll(async () => {
    folder = buildTool(join(import.meta.dirname, '..'), 'nc-ts')
    const ours = { bin: toolFolder(folder, 'bin', join(folder, 'nc-ts.cjs')), startSeconds: START_SECONDS }
    pairs = await runAll(cases, { real: realTool(folder), ours }, PAIRS)
  }, MOST_MS)

  afterAll(() => {
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
  })

  const pairOf = (id: string): Pair => {
    const pair = pairs.get(id)
    if (pair === undefined || pair instanceof Error) throw pair ?? new Error(`${id} was not run`)
    return pair
  }

  describe.each([...files])('%s', (_file, runs) => {
    it.each(runs.map((run) => [`${run.id}: ${run.command}`, run] as const))('%s', (_, run) => {
      const { seen, expected, faults } = judged(run, pairOf(run.id))
      expect(seen).toEqual(expected)
      expect(faults).toEqual([])
    })
  })

  const listed = [...DIFFERENCES].flatMap(([id, { why, race }]) => (race ? [] : [[id, why] as const]))
  it.each(listed)('differs from nc in %s on purpose: %s', (id) => {
    const run = cases.find((each) => each.id === id)
    if (run === undefined) throw new Error(`there is no run ${id}`)
    const { ours, real } = pairOf(id)
    const alike = isDeepStrictEqual(comparable(run, ours), comparable(run, real))
    expect(alike && timeFaults(run, ours, real).length === 0).toBe(false)
  })

  it('begins its messages with the name under which it was started', () => {
    const link = join(folder, 'nc-ts')
    symlinkSync(join(folder, 'nc-ts.cjs'), link)
    const { stderr, status } = spawnSync(link, ['-k', '127.0.0.1', '22'], { encoding: 'utf8' })
    expect(stderr).toBe('nc-ts: must use -l with -k\n')
    expect(status).toBe(1)
  })

  it('was recorded truly: the real nc still does what it did, but for a few runs', async ({ annotate }) => {
    const drifted = cases.filter((run) => {
      const record = comparableRecord(run)
      const now = cutAsRecorded(comparable(run, pairOf(run.id).real), record)
      return !isDeepStrictEqual(now, record)
    })
    const names = drifted.map(({ id }) => id)
    if (names.length > 0) await annotate(`nc does otherwise than recorded here: ${names.join(', ')}`)
    expect(names.length, names.join(', ')).toBeLessThanOrEqual(cases.length * MOST_DRIFT)
  })
})
