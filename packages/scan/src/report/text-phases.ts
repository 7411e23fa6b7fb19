import { escapeControl } from '@portkit/core'
import type { Phase } from '../model/event.ts'
import { clockTime } from './dates.ts'
import { elapsedSeconds } from './numbers.ts'

/** `Initiating SYN Stealth Scan at 14:44` and `Scanning 10.0.0.2 [6 ports]`. */
export function phaseLines({ title, subject, startMs }: Phase): string {
  const first = `Initiating ${escapeControl(title)} at ${clockTime(startMs)}\n`
  return subject === undefined ? first : `${first}Scanning ${escapeControl(subject)}\n`
}

/** `Completed SYN Stealth Scan at 14:44, 0.01s elapsed (6 total ports)` */
export function phaseEndLine({ title, total }: Phase, elapsedMs: number, endMs: number): string {
  const all = total === '' ? '' : ` (${escapeControl(total)})`
  return `Completed ${escapeControl(title)} at ${clockTime(endMs)}, ${elapsedSeconds(elapsedMs)}s elapsed${all}\n`
}
