import type { Io, Lines, PingHost, Tally } from '@portkit/core'
import type { Settings } from '../settings.ts'
import type { Figures } from './figures.ts'

/** How records name this tool. */
export const TOOL = 'hping-ts'

/** What a run is given. */
export interface Kit {
  readonly settings: Settings
  readonly io: Io
  readonly lines: Lines
  readonly figures: Figures
  /** On the clock. */
  readonly startNs: number
  /** One sentence for the user, on stderr. */
  note(sentence: string): void
}

/** What a run leaves behind. */
export interface Outcome {
  readonly tally: Tally
  /** The run broke off, or was to send something and the system let nothing go. */
  readonly isFaulty: boolean
}

/** Whom a run is for, as the user typed it. */
export function nameOf({ name, address }: PingHost): string {
  return name ?? address
}
