import type { PortState } from '@portkit/core'
import type { Settings } from './settings.ts'

/** nc's own statuses: 0 for success, 1 for everything else. */
export const STATUS = { ok: 0, failed: 1 } as const

/** `--exit-code state`. */
const STATE_STATUS = { open: 0, closed: 1, filtered: 2, error: 3 } as const

/** What came of one port: the state that its addresses were in, and whether nc would call it a success. */
export interface PortOutcome {
  /** `fault`: this machine could not even try. */
  readonly state: PortState | 'fault'
  readonly succeeded: boolean
  /** A UDP port that was tested. */
  readonly tested: boolean
}

/**
 * The exit status of a run over ports: as nc has it (one open TCP port is enough, of tested UDP ports the last one
 * counts), or by the worst state.
 */
export interface ExitStatus {
  add(outcome: PortOutcome): void
  value(): number
}

export function createExitStatus({ exitCode }: Pick<Settings, 'exitCode'>): ExitStatus {
  let classic: number = STATUS.failed
  let worst: number = STATE_STATUS.open
  return {
    add({ state, succeeded, tested }) {
      if (succeeded) classic = STATUS.ok
      else if (tested) classic = STATUS.failed
      worst = Math.max(worst, statusOf(state))
    },
    value: () => (exitCode === 'state' ? worst : classic),
  }
}

/** The status when this machine or the command line is at fault. */
export function faultStatus(exitCode: Settings['exitCode']): number {
  return exitCode === 'state' ? STATE_STATUS.error : STATUS.failed
}

function statusOf(state: PortOutcome['state']): number {
  if (state === 'fault') return STATE_STATUS.error
  if (state === 'open') return STATE_STATUS.open
  return state === 'closed' ? STATE_STATUS.closed : STATE_STATUS.filtered
}
