import { isAnyOpen, portsOf, type Tally } from '@portkit/core'
import { STATE_STATUS, STATUS } from '../exit-status.ts'
import type { Settings } from '../settings.ts'

/** What a run came to. */
export interface Ending {
  readonly tally: Tally
  /** The flags of the last TCP segment that answered. */
  readonly lastFlags: number
  /** The run broke off, or there was something to send and the system let nothing go. */
  readonly isFaulty: boolean
}

/** The exit status of a run that has begun. */
export function endStatus(exitCode: Settings['exitCode'], { tally, lastFlags, isFaulty }: Ending): number {
  switch (exitCode) {
    case 'hping':
      if (isFaulty) return STATUS.fault
      return tally.received > 0 ? STATUS.answered : STATUS.unanswered
    case 'flags':
      return isFaulty ? STATUS.fault : lastFlags
    case 'state':
      return isFaulty ? STATE_STATUS.fault : stateStatus(tally)
  }
}

/** Of several ports the best one counts. */
function stateStatus(tally: Tally): number {
  if (isAnyOpen(tally)) return STATE_STATUS.open
  for (const host of tally.hosts)
    for (const { verdict } of portsOf(host)) if (verdict?.state === 'closed') return STATE_STATUS.closed
  return STATE_STATUS.filtered
}
