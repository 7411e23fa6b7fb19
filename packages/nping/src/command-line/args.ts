import type { Parsed } from '@portkit/core'
import { usualName } from './aliases.ts'
import type { OPTIONS } from './options.ts'

/** What the command line gave. */
export type Args = Parsed<typeof OPTIONS>

/** The one of these options that was given last; undefined when none was. */
export function lastOf<N extends keyof typeof OPTIONS>(args: Args, ...names: readonly N[]): N | undefined {
  const last = args._given.findLast((name) => names.some((one) => one === name))
  return names.find((name) => name === last)
}

/** The usual names of the options that were given, in their order. */
export function namesGiven(args: Args): readonly string[] {
  return args._given.map(usualName)
}
