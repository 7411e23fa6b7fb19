import { asksFor } from '@portkit/core'

/** hping's own: whether there was any answer. */
export const STATUS = { answered: 0, unanswered: 1, fault: 2 } as const

/** `--exit-code state`. */
export const STATE_STATUS = { open: 0, closed: 1, filtered: 2, fault: 3 } as const

/**
 * The exit status when the command line or this machine is at fault.
 * @param exitCode undefined when a mistake before it kept it from being read, or it was not given
 */
export function faultStatus(exitCode: 'hping' | 'state' | undefined, argv: readonly string[]): number {
  const isByState = exitCode === undefined ? asksFor(argv, 'exit-code', 'state') : exitCode === 'state'
  return isByState ? STATE_STATUS.fault : STATUS.fault
}
