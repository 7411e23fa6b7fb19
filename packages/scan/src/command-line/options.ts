import { type OptionTable, refusedOptions } from '@portkit/core'
import { HOST_OPTIONS } from './options-hosts.ts'
import { PORT_OPTIONS } from './options-ports.ts'
import { REPORT_OPTIONS } from './options-report.ts'
import { TIMING_OPTIONS } from './options-timing.ts'
import { REFUSED } from './refused.ts'

/** portscan's options. */
export const OPTIONS = {
  ...HOST_OPTIONS,
  ...PORT_OPTIONS,
  ...TIMING_OPTIONS,
  ...REPORT_OPTIONS,
  ...refusedOptions(REFUSED),
} as const satisfies OptionTable
