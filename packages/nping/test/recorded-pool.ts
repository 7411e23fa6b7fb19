import { isDeepStrictEqual } from 'node:util'
import { NpingWorld } from '@portkit/lab/nping-world'
import type { RecordedCase } from './recorded-cases.ts'
import { type Comparable, comparable, expectedOf, furtherFaults } from './recorded-compare.ts'
import { judgementOf } from './recorded-judgements.ts'
import { type Outcome, runCase, type Tool } from './recorded-run.ts'

/** One case, run by the real nping and by ours; `plainStatus` is that of ours without `--exit-code nping`. */
export interface Pair {
  readonly real: Outcome
  readonly ours: Outcome
  readonly plainStatus: number | string
}

export interface Judged {
  readonly seen: Comparable
  readonly expected: Comparable
  readonly faults: readonly string[]
}

/** A busy machine can spoil a run; only what differs so many times in a row is a difference. */
const TRIES = 3

const HABIT: readonly string[] = ['--exit-code', 'nping']

/** Debian's nping. */
export const REAL: Tool = { command: ['nping'], words: [] }

/**
 * Runs something for every case in several worlds at once, the longest first: a world belongs to one case at a time.
 * @returns what came of it, or why it failed
 */
export async function inWorlds<T>(
  cases: readonly RecordedCase[],
  worlds: number,
  each: (run: RecordedCase, world: NpingWorld) => Promise<T>,
): Promise<ReadonlyMap<string, T | Error>> {
  const results = new Map<string, T | Error>()
  const queue = cases.toSorted((a, b) => b.seconds - a.seconds)
  const worker = async (): Promise<void> => {
    const world = new NpingWorld()
    try {
      await world.up()
      for (let run = queue.shift(); run !== undefined; run = queue.shift()) {
        results.set(run.id, await each(run, world).catch((error) => new Error(String(error))))
      }
    } finally {
      await world.remove()
    }
  }
  await Promise.all(Array.from({ length: worlds }, worker))
  return results
}

/** A case by both tools, again when they do not do what they should. */
export async function runPair(run: RecordedCase, world: NpingWorld, ours: Tool): Promise<Pair> {
  for (let tries = 1; ; tries++) {
    const pair = await once(run, world, ours)
    const { seen, expected, faults } = judged(run, pair)
    if (tries === TRIES || (faults.length === 0 && isDeepStrictEqual(seen, expected))) return pair
  }
}

async function once(run: RecordedCase, world: NpingWorld, tool: Tool): Promise<Pair> {
  const { kind } = judgementOf(run.id)
  const plain = await runCase(run, world, tool)
  // What is refused on purpose has no other status.
  if (kind === 'refused' || kind === 'echo-mode') return { real: plain, ours: plain, plainStatus: plain.exit }
  const real = await runCase(run, world, REAL)
  const ours = run.argv.length === 0 ? plain : await runCase(run, world, { ...tool, words: HABIT })
  return { real, ours, plainStatus: plain.exit }
}

/** What nping-ts should have done in this pair, what it did, and what else is wrong with it. */
export function judged(run: RecordedCase, { real, ours, plainStatus }: Pair): Judged {
  const seen = comparable(run, ours)
  const expected = expectedOf(run, comparable(run, real), seen)
  return { seen, expected, faults: furtherFaults(run, real, ours, plainStatus) }
}
