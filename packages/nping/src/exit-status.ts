import { asksFor } from '@portkit/core'
import type { Settings } from './settings.ts'

/** `state`: at least one port was open, or none was. `fault`: bad command line, unknown name, local fault. */
export const STATUS = { open: 0, noneOpen: 1, fault: 2 } as const

/** nping's own: every run that reached its end, and everything else. */
const NPING_STATUS = { ended: 0, fault: 1 } as const

/** What a run came to. */
export interface Ending {
  /** Whether something was found open, or answered where there are no ports. */
  readonly anyOpen: boolean
  /** Whether the user ended it before its time. */
  readonly interrupted: boolean
  /** Whether there was something to send, and the system let nothing go. */
  readonly nothingSent: boolean
}

/** The exit status of a run that could do its work. */
export function exitStatus(
  exitCode: Settings['exitCode'],
  { anyOpen, interrupted, nothingSent }: Ending,
): number {
  if (exitCode === 'nping') return interrupted ? NPING_STATUS.fault : NPING_STATUS.ended
  if (nothingSent) return STATUS.fault
  return anyOpen ? STATUS.open : STATUS.noneOpen
}

/** The exit status when this machine or the command line is at fault. */
export function faultStatus(exitCode: Settings['exitCode'] | undefined): number {
  return exitCode === 'nping' ? NPING_STATUS.fault : STATUS.fault
}

/** Whether nping's habit is asked for in words that a mistake before them kept from being read. */
export function asksForHabit(argv: readonly string[]): boolean {
  return asksFor(argv, 'exit-code', 'nping')
}
