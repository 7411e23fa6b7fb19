import { asksForHabit, faultStatus, STATUS } from '../exit-status.ts'
import type { Settings } from '../settings.ts'
import { OPTIONS } from './options.ts'

/** All of `defineCli`'s argument but what the tool does. */
export const DEFINITION = {
  name: 'nping-ts',
  texts: async () => (await import('./texts.ts')).TEXTS,
  options: OPTIONS,
  oneDashLong: true,
  emptyShowsHelp: true,
  version: { short: 'V', text: (version: string) => `\nNping-ts version ${version} ( portkit )\n` },
  usageStatus: STATUS.fault,
  faultStatus: (args: { readonly 'exit-code'?: Settings['exitCode'] }, argv: readonly string[]) =>
    faultStatus(args['exit-code'] ?? (asksForHabit(argv) ? 'nping' : undefined)),
} as const
