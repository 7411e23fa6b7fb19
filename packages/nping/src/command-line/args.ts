import type { Parsed } from '@portkit/core'
import { usualName } from './aliases.ts'
import type { OPTIONS } from './options.ts'

/** What the command line gave. */
export type Args = Parsed<typeof OPTIONS>

/** The usual names of the options that were given, in their order. */
export function namesGiven(args: Args): readonly string[] {
  return args._given.map(usualName)
}
