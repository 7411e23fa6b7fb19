import { asksFor, CommandLineProblem, type ExpectedError } from '@portkit/core'
import { STATUS } from '../exit-status.ts'
import { OPTIONS } from './options.ts'
import { complaint } from './problems.ts'

/** All of `defineCli`'s argument but what the tool does. */
export const DEFINITION = {
  name: 'portscan',
  texts: async () => (await import('../texts.ts')).TEXTS,
  options: OPTIONS,
  oneDashLong: true,
  emptyShowsHelp: true,
  version: { short: 'V', text: (version: string) => `portscan version ${version} (portkit)\n` },
  usageStatus: STATUS.shape,
  faultStatus: (_: object, argv: readonly string[], error: ExpectedError) => {
    if (asksFor(argv, 'exit-code', 'state')) return STATUS.stateError
    return error instanceof CommandLineProblem ? STATUS.shape : STATUS.error
  },
  complaint: (error: ExpectedError) => complaint(error),
} as const
