import { err, type Line } from '@portkit/core'
import { place, statusLine } from './format.ts'
import type { LaneState } from './lane-state.ts'

/** ping's line at SIGQUIT for each target, on stderr; several are told apart by their names. */
export function statusLines(lanes: readonly LaneState[]): Line[] {
  const several = lanes.length > 1
  return lanes.map((lane) => {
    const name = several ? `${place(lane.target, true)}: ` : ''
    return err(name + statusLine(lane.stats.snapshot()))
  })
}
