import type { Parsed } from '@portkit/core'
import type { OPTIONS } from './options.ts'

/** What the command line gave. */
export type Args = Parsed<typeof OPTIONS>
