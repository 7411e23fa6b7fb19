import type { Fault, Line, Result, UserRequest, Word } from '@portkit/core'
import type { LaneState } from './lane-state.ts'
import type { Settings } from './settings.ts'

/** What a run tells its reader, in one dialect. Every method gives the lines to write at that moment. */
export interface Reporter {
  start(): readonly Line[]
  /** `previous` is the target's word before this result, undefined for its first one. */
  result(lane: LaneState, event: Result, previous: Word | undefined): readonly Line[]
  fault(lane: LaneState, fault: Fault): readonly Line[]
  /** The name now stands for another address. */
  moved(lane: LaneState, from: string, to: string): readonly Line[]
  request(request: UserRequest | 'tick'): readonly Line[]
  end(): readonly Line[]
}

/** What every dialect may look at while it reports. */
export interface RunView {
  readonly lanes: readonly LaneState[]
  /** Monotonic nanoseconds now, and at the start of the run. */
  nowNs(): number
  /** Milliseconds since 1970. */
  wallMs(): number
  readonly startNs: number
}

/** Whether a probe that found this gets a line of its own, in any dialect. */
export function isShown(
  found: Word,
  { quiet, failuresOnly }: Pick<Settings, 'quiet' | 'failuresOnly'>,
): boolean {
  return !quiet && !(failuresOnly && found === 'open')
}
