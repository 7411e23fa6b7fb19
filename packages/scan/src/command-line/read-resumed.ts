import type { Settings } from '../settings.ts'
import type { Args } from './args.ts'
import { readSettings } from './read-settings.ts'

/**
 * The settings of a run that goes on: what its own command line said, and what is said now about reports.
 * @param typed the command line with --resume, which `readSettings` has approved of
 * @param before the command line that began the run @param argv the same, as typed
 * Without the part of the scan that it was: the checkpoint knows that better than the environment does by now.
 * @throws UsageError where the two contradict each other
 */
export function readResumed(typed: Args, before: Args, argv: readonly string[]): Settings {
  const said = typed._given.filter((name) => name !== 'resume')
  const changed = said.map((name) => [name, joined(given(before, name), given(typed, name))] as const)
  const args: Args = { ...before, ...Object.fromEntries(changed), _given: [...before._given, ...said] }
  return { ...readSettings({ ...args, shard: undefined, resume: undefined }, argv), resume: typed.resume }
}

function given(args: Args, name: string): unknown {
  const values: Readonly<Record<string, unknown>> = args
  return values[name]
}

/** Options that may be repeated add up, of all others the later one counts. */
function joined(before: unknown, now: unknown): unknown {
  return Array.isArray(before) && Array.isArray(now) ? [...before, ...now] : now
}
