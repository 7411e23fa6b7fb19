import type { Lines } from '../cli/lines.ts'
import type { Io } from '../io/io.ts'
import type { Observer } from './observer.ts'
import type { Tally } from './tally.ts'

/** What every part of a tool's run of packets works with. */
export interface PacketRun {
  readonly io: Io
  readonly tally: Tally
  readonly lines: Lines
  readonly observers: readonly Observer[]
  /** When the run began, on the clock. */
  readonly startNs: number
  /** To be called once everything is ready, right before the first probe; `atMs` since 1970, now when not given. */
  begin(atMs?: number): void
  /** One sentence for the user, on stderr. */
  note(sentence: string): void
}
