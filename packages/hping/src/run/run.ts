import type { PacketRun } from '@portkit/core'
import type { Settings } from '../settings.ts'

/** What every part of a run works with. */
export interface Run extends PacketRun {
  readonly settings: Settings
}
