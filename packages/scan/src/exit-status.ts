import type { RunEnd } from './model/scan-result.ts'
import type { Settings } from './settings.ts'

/** Of command lines and runs that failed. */
export const STATUS = {
  error: 1,
  /** Options that nobody understands, and no word at all: GNU getopt's users have it so. */
  shape: 255,
  /** With --exit-code state. */
  stateError: 4,
} as const

/** With --exit-code state. */
const STATE = { open: 0, nothingOpen: 1, allDown: 2, notWhole: 3, error: STATUS.stateError } as const

/** POSIX shells' statuses of what signals ended: 128 and the signal's number. */
const SIGNALS: ReadonlyMap<string, number> = new Map([
  ['SIGHUP', 129],
  ['SIGINT', 130],
  ['SIGTERM', 143],
])

/** What was counted in a run. */
export interface Tallies {
  /** Open ports, open|filtered ones not among them. */
  readonly open: number
  /** Names that could not be resolved. */
  readonly unresolved: number
  /** Hosts left before all of their ports had a verdict: by time, or for their many open ports. */
  readonly left: number
}

/**
 * The exit status of a run that began. As nmap's: 0 whatever was found, 128 and more for a signal, 1 for an error. By state:
 * 0 something open (without a port scan: something up), 1 nothing open, 2 no host up, 3 the result is not whole, 4 error.
 */
export function exitStatus(
  end: Pick<RunEnd, 'cut' | 'hosts'>,
  tallies: Tallies,
  settings: Pick<Settings, 'exitCode' | 'scansPorts' | 'listOnly'>,
): number {
  return settings.exitCode === 'nmap' ? nmapStatus(end) : stateStatus(end, tallies, settings)
}

function nmapStatus({ cut }: Pick<RunEnd, 'cut'>): number {
  return cut === undefined ? 0 : (SIGNALS.get(cut) ?? STATUS.error)
}

function stateStatus(
  { cut, hosts }: Pick<RunEnd, 'cut' | 'hosts'>,
  { open, unresolved, left }: Tallies,
  { scansPorts, listOnly }: Pick<Settings, 'scansPorts' | 'listOnly'>,
): number {
  if (cut !== undefined) return SIGNALS.has(cut) ? STATE.notWhole : STATE.error
  if (unresolved > 0 || left > 0) return STATE.notWhole
  if (listOnly) return STATE.open
  if (hosts.up === 0) return STATE.allDown
  return !scansPorts || open > 0 ? STATE.open : STATE.nothingOpen
}
