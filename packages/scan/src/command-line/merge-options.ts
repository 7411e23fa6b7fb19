import { asksFor, lastOf, nonEmpty, type OptionTable, type Parsed, UsageError } from '@portkit/core'
import { STATUS } from '../exit-status.ts'
import type { Settings } from '../settings.ts'
import { levelsOf } from './levels.ts'
import { COLOUR_OPTIONS, FILE_OPTIONS, STATUS_OPTIONS, TELLING_OPTIONS } from './options-report.ts'
import { filesOf, stylesheetOf } from './read-outputs.ts'

/** Options of `portscan merge`. */
const MERGE_OPTIONS = {
  ...TELLING_OPTIONS,
  ...COLOUR_OPTIONS,
  ...STATUS_OPTIONS,
  ...FILE_OPTIONS,
} as const satisfies OptionTable

/** What `portscan merge` is to do. */
export interface MergeSettings {
  /** Results of parts, in any order; `-` is standard input. */
  readonly inputs: readonly string[]
  readonly report: Settings['report']
  readonly exitCode: Settings['exitCode']
}

/** Its exit statuses, unless --exit-code says state. */
export const MERGE_STATUS = { done: 0, error: 2 } as const

const VERBOSE_REASONS = 2

/** @throws UsageError */
export function readMergeSettings(args: Parsed<typeof MERGE_OPTIONS>): MergeSettings {
  const inputs = args._
  if (inputs.length === 0) throw new UsageError('no results: which files are to be joined?')
  for (const file of inputs) nonEmpty(file, 'file')
  if (inputs.filter((file) => file === '-').length > 1) {
    throw new UsageError('standard input has one result, not more')
  }
  const colour = lastOf(args, 'colour', 'color') === 'color' ? args.color : undefined
  const { verbose } = levelsOf(args._given, { verbose: args.verbose, debug: [] })
  return {
    inputs,
    report: {
      verbose,
      debugging: 0,
      reason: args.reason || verbose >= VERBOSE_REASONS,
      openOnly: args.open,
      packetTrace: false,
      colour: colour ?? args.colour,
      files: filesOf(args),
      appends: false,
      stylesheet: stylesheetOf(args),
      progress: false,
    },
    exitCode: args['exit-code'],
  }
}

/** All of `defineCli`'s argument but what it does. */
export const MERGE_DEFINITION = {
  name: 'portscan merge',
  texts: async () => (await import('../texts-merge.ts')).MERGE_TEXTS,
  options: MERGE_OPTIONS,
  oneDashLong: true,
  usageStatus: MERGE_STATUS.error,
  faultStatus: (_: object, argv: readonly string[]) =>
    asksFor(argv, 'exit-code', 'state') ? STATUS.stateError : MERGE_STATUS.error,
} as const
