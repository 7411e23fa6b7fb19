import type { OptionTable, Parsed } from '@portkit/core'
import { OPTIONS } from './options.ts'

/** What the command line gave. */
export type Args = Parsed<typeof OPTIONS>

/** An option as messages name it: `-p`, `-oX`, `--min-rate`. */
export function labelOf(name: string): string {
  const table: OptionTable = OPTIONS
  const spec = table[name]
  if (spec?.short !== undefined) return `-${spec.short}`
  return spec?.oneDash === true ? `-${name}` : `--${name}`
}
