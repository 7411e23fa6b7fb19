import { nonEmpty, type OptionTable, type Parsed, UsageError } from '@portkit/core'

/** Options of `portscan diff`, which are ndiff's. */
const DIFF_OPTIONS = {
  verbose: { kind: 'flag', short: 'v', describe: 'Also hosts and ports that are the same' },
  text: { kind: 'flag', describe: 'As text: what it does if nothing is said' },
  xml: { kind: 'flag', describe: "As XML, as ndiff's" },
  json: { kind: 'flag', describe: 'As one JSON document' },
} as const satisfies OptionTable

const FORMATS = ['text', 'xml', 'json'] as const satisfies readonly (keyof typeof DIFF_OPTIONS)[]

/** What `portscan diff` is to do. */
export interface DiffSettings {
  /** Results, ours or others'; `-` is standard input. */
  readonly before: string
  readonly after: string
  readonly format: (typeof FORMATS)[number]
  readonly verbose: boolean
}

/** Its exit statuses, which are ndiff's. */
export const DIFF_STATUS = { same: 0, different: 1, error: 2 } as const

/** @throws UsageError */
export function readDiffSettings(args: Parsed<typeof DIFF_OPTIONS>): DiffSettings {
  const [before, after, ...more] = args._
  if (before === undefined || after === undefined || more.length > 0) {
    throw new UsageError('two results are compared: the earlier one and the later one')
  }
  const formats = FORMATS.filter((format) => args[format])
  const [format = 'text', other] = formats
  if (other !== undefined) throw new UsageError(`--${format} and --${other} exclude each other`)
  if (before === '-' && after === '-') throw new UsageError('standard input has one result, not two')
  for (const file of [before, after]) nonEmpty(file, 'file')
  return { before, after, format, verbose: args.verbose }
}

/** All of `defineCli`'s argument but what it does. */
export const DIFF_DEFINITION = {
  name: 'portscan diff',
  texts: async () => (await import('../texts-diff.ts')).DIFF_TEXTS,
  options: DIFF_OPTIONS,
  usageStatus: DIFF_STATUS.error,
} as const
