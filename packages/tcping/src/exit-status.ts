import type { Share, Word } from '@portkit/core'
import type { LaneState } from './lane-state.ts'
import type { Settings } from './settings.ts'

/** Exit statuses with `--exit-code state`. */
const STATE_STATUS = { open: 0, closed: 1, stealth: 2, unreachable: 2 } as const satisfies Record<
  Word,
  number
>
export const STATUS = { open: 0, notOpen: 1, error: 2, stateError: 255 } as const

/** The exit status of a run that ended as planned or by Ctrl-C. */
export function exitStatus(lanes: readonly LaneState[], settings: Settings): number {
  const byState = settings.exitCode === 'state'
  const isBroken = ({ last, faults }: LaneState): boolean => last === undefined && faults > 0
  if (byState ? lanes.some(isBroken) : lanes.every(isBroken))
    return byState ? STATUS.stateError : STATUS.error
  if (byState) return stateStatus(lanes)
  return asWanted(lanes, settings) ? STATUS.open : STATUS.notOpen
}

function asWanted(lanes: readonly LaneState[], { until, require }: Settings): boolean {
  if (until !== undefined) return lanes.every((lane) => lane.last === until)
  if (require !== undefined) return lanes.every((lane) => meets(lane, require))
  return lanes.some((lane) => openOf(lane).open > 0)
}

/** The newest state of each target counts; of several targets, the worst. */
function stateStatus(lanes: readonly LaneState[]): number {
  const words = lanes.map((lane) => lane.last)
  if (words.includes(undefined)) return STATUS.stateError
  return Math.max(...words.map((word) => (word === undefined ? STATUS.stateError : STATE_STATUS[word])))
}

function meets(lane: LaneState, require: Share): boolean {
  const { open, sent } = openOf(lane)
  switch (require.kind) {
    case 'all':
      return sent > 0 && open === sent
    case 'count':
      return open >= require.count
    case 'percent':
      return sent > 0 && 100 * open >= require.percent * sent
  }
}

function openOf({ stats }: LaneState): { open: number; sent: number } {
  const { words, sent } = stats.snapshot()
  return { open: words.open, sent }
}
