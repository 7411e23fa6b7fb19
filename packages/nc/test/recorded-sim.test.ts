import { beforeAll, describe, expect, it } from 'vitest'
import type { RecordedCase } from './recorded-cases.ts'
import { comparable, comparableRecord, cutAsRecorded, timeFaults } from './recorded-compare.ts'
import { DIFFERENCES, expectedOf } from './recorded-differences.ts'
import { recordedFiles } from './recorded-files.ts'
import { loadEverything, runSimulated } from './recorded-sim.ts'
import { leftOut } from './recorded-sim-command.ts'

/** Virtual time is exact, but the recorded runs needed a moment to start: seconds. */
const SLACK = { event: 0.15, early: 0.15, late: 0.15 }

const files = [...recordedFiles()]
const cases = files.flatMap(([, runs]) => runs)

beforeAll(loadEverything)

describe.each(files)('nc-ts in the simulated world does as nc did: %s', (_file, runs) => {
  const chosen = runs.filter((run) => leftOut(run) === undefined)
  it.each(chosen.map((run) => [`${run.id}: ${run.command}`, run] as const))('%s', async (_, run) => {
    const outcome = await runSimulated(run)
    const record = comparableRecord(run)
    const whole = comparable(run, outcome)
    const { seconds = run.seconds, events } = DIFFERENCES.get(run.id) ?? {}
    // Where peers hear something else on purpose, the end of the record cuts nothing off.
    const seen = events === undefined ? cutAsRecorded(whole, record) : whole
    expect(seen).toEqual(expectedOf(run, record, seen))
    const peers = events === undefined ? peersOf(run) : {}
    expect(timeFaults(run, outcome, { seconds, peers }, SLACK)).toEqual([])
  })
})

function peersOf(run: RecordedCase) {
  return Object.fromEntries(run.peers.map((peer) => [peer.name, peer]))
}

it('runs all recorded cases but those that need what is only real', () => {
  const reasons = new Map<string, number>()
  for (const run of cases) {
    const reason = leftOut(run) ?? 'run here'
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1)
  }
  expect(Object.fromEntries(reasons)).toEqual({
    'run here': 483,
    'a shell or another program around the tool': 14,
    'a terminal': 8,
    'a port that an ended connection still holds': 2,
    'a race that only real time decides': 2,
    'what the kernel is told of a listener or of datagrams': 2,
    'packets on a wire': 1,
    'two listeners on one port': 1,
  })
})
