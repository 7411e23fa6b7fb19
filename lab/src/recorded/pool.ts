import { isDeepStrictEqual } from 'node:util'
import { NpingWorld } from '../nping-world.mjs'
import type { RecordedCase } from './case.ts'
import { type Comparable, comparable, expectedOf } from './compare.ts'
import type { Judgement } from './judgement.ts'
import type { Dialect, Outcome, Tool } from './outcome.ts'

/** One case, run by the classic tool and by ours. */
export interface Pair {
  readonly real: Outcome
  readonly ours: Outcome
}

export interface Judged {
  readonly seen: Comparable
  readonly expected: Comparable
  readonly faults: readonly string[]
}

/** How a package holds its tool against the classic one. */
export interface Kit<P extends Pair> {
  readonly files: ReadonlyMap<string, readonly RecordedCase[]>
  readonly real: Tool
  readonly dialect: Dialect
  readonly judgementOf: (id: string) => Judgement
  /** Runs both tools once. */
  readonly once: (run: RecordedCase, world: NpingWorld, ours: Tool) => Promise<P>
  /** What is wrong besides what is printed, sent and returned. */
  readonly faultsOf: (run: RecordedCase, pair: P) => readonly string[]
  /** Whether the classic tool does the same each time. */
  readonly isSteady: (run: RecordedCase) => boolean
}

/** A busy machine can spoil a run; only what differs so many times in a row is a difference. */
const TRIES = 3

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
export async function runPair<P extends Pair>(
  kit: Kit<P>,
  run: RecordedCase,
  world: NpingWorld,
  ours: Tool,
): Promise<P> {
  for (let tries = 1; ; tries++) {
    const pair = await kit.once(run, world, ours)
    const { seen, expected, faults } = judged(kit, run, pair)
    if (tries === TRIES || (faults.length === 0 && isDeepStrictEqual(seen, expected))) return pair
  }
}

/** What ours should have done in this pair, what it did, and what else is wrong with it. */
export function judged<P extends Pair>(kit: Kit<P>, run: RecordedCase, pair: P): Judged {
  const judgement = kit.judgementOf(run.id)
  const seen = comparable(judgement, pair.ours)
  const expected = expectedOf(run, judgement, kit.dialect, comparable(judgement, pair.real), seen)
  return { seen, expected, faults: kit.faultsOf(run, pair) }
}
