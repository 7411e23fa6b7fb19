import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { NcWorld } from '@portkit/lab/nc-world'
import type { RecordedCase } from './recorded-cases.ts'
import { comparable, comparableRecord, cutAsRecorded, timeFaults } from './recorded-compare.ts'
import { DIFFERENCES, expectedOf } from './recorded-differences.ts'
import { type Outcome, runCase, type Tool } from './recorded-run.ts'

/** One case, run by the real nc and by ours. */
export interface Pair {
  readonly real: Outcome
  readonly ours: Outcome
}

/** A busy machine can spoil a run; only what differs so many times in a row is a difference. */
const TRIES = 3

/** A directory for PATH in which `nc` and `nc.openbsd` are this program. */
export function toolFolder(parent: string, name: string, program: string): string {
  const bin = join(parent, name)
  mkdirSync(bin, { mode: 0o755 })
  for (const link of ['nc', 'nc.openbsd']) symlinkSync(program, join(bin, link))
  return bin
}

/** Debian's OpenBSD nc. */
export function realTool(parent: string): Tool {
  return { bin: toolFolder(parent, 'real', '/usr/bin/nc.openbsd'), startSeconds: 0 }
}

/**
 * Runs the cases by both tools in several pairs of worlds at once, the longest first.
 */
export async function runAll(
  cases: readonly RecordedCase[],
  tools: { readonly real: Tool; readonly ours: Tool },
  pairs: number,
): Promise<ReadonlyMap<string, Pair | Error>> {
  const results = new Map<string, Pair | Error>()
  const scratch = mkdtempSync(join(tmpdir(), 'nc-recorded-'))
  chmodSync(scratch, 0o777)
  const queue = cases.toSorted((a, b) => b.seconds - a.seconds)
  const worker = async (): Promise<void> => {
    const worlds = [new NcWorld(), new NcWorld()] as const
    try {
      for (const world of worlds) await world.up()
      for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
        results.set(run.id, await tryPair(run, worlds, tools, scratch))
      }
    } finally {
      for (const world of worlds) await world.remove()
    }
  }
  try {
    await Promise.all(Array.from({ length: pairs }, worker))
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return results
}

async function tryPair(
  run: RecordedCase,
  [first, second]: readonly [NcWorld, NcWorld],
  tools: { readonly real: Tool; readonly ours: Tool },
  scratch: string,
): Promise<Pair | Error> {
  for (let tries = 1; ; tries++) {
    try {
      const [real, ours] = await Promise.all([
        runCase(run, first, tools.real, scratch),
        runCase(run, second, tools.ours, scratch),
      ])
      if (tries === TRIES || agrees(run, { real, ours })) return { real, ours }
    } catch (error) {
      if (tries === TRIES) return error instanceof Error ? error : new Error(String(error))
    }
  }
}

/** What nc-ts should have done in this pair, what it did, and what is wrong with its times. */
export function judged(run: RecordedCase, { real, ours }: Pair) {
  // Of a peer that was cut off, when is decided by how busy the machine is.
  const record = comparableRecord(run)
  const { seconds, events } = DIFFERENCES.get(run.id) ?? {}
  const whole = (outcome: Outcome) => comparable(run, outcome)
  const cut = events === undefined ? (outcome: Outcome) => cutAsRecorded(whole(outcome), record) : whole
  const seen = cut(ours)
  const expected = expectedOf(run, cut(real), seen)
  const times = { ...real, seconds: seconds ?? real.seconds, ...(events === undefined ? {} : { peers: {} }) }
  return { seen, expected, faults: timeFaults(run, ours, times) }
}

/** Whether nc-ts did what it should, in the time that it should take. */
function agrees(run: RecordedCase, pair: Pair): boolean {
  const { seen, expected, faults } = judged(run, pair)
  return faults.length === 0 && isDeepStrictEqual(seen, expected)
}
