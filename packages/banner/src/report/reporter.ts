import type { Line } from '@portkit/core'
import type { Finding } from '../model/finding.ts'

/** How far a run has come. */
export interface RunEnd {
  readonly findings: number
  readonly targets: number
  /** Nanoseconds. */
  readonly elapsedNs: number
  /** The user ended it. */
  readonly interrupted: boolean
}

/** Puts findings into lines as they come. */
export interface Reporter {
  start(): readonly Line[]
  found(finding: Finding): readonly Line[]
  end(end: RunEnd): readonly Line[]
}
