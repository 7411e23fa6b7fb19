import type { OptionTable, Parsed } from '@portkit/core'
import { OPTIONS } from './options.ts'

/** What the command line gave. */
export type Args = Parsed<typeof OPTIONS>

/** An option as messages name it: `-p`, or `--fast` where there is no letter. */
export function labelOf(name: string): string {
  const table: OptionTable = OPTIONS
  const short = table[name]?.short
  return short === undefined ? `--${name}` : `-${short}`
}
