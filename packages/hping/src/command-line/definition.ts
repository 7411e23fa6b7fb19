import { faultStatus, STATUS } from '../exit-status.ts'
import { OPTIONS } from './options.ts'

/** All of `defineCli`'s argument but what the tool does. */
export const DEFINITION = {
  name: 'hping-ts',
  texts: async () => (await import('./texts.ts')).TEXTS,
  options: OPTIONS,
  emptyShowsHelp: true,
  version: { short: 'v', text: (version: string) => `hping-ts version ${version} (portkit)\n` },
  usageStatus: STATUS.fault,
  faultStatus: (args: { readonly 'exit-code'?: 'hping' | 'state' }, argv: readonly string[]) =>
    faultStatus(args['exit-code'], argv),
} as const
