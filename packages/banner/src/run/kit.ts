import type { Io, Net, Services } from '@portkit/core'
import type { Finding } from '../model/finding.ts'
import type { Settings } from '../settings.ts'
import type { OwnMatch } from './own-match.ts'
import type { Turns } from './turns.ts'

/** What the work on every port needs. */
export interface Kit {
  readonly settings: Settings
  readonly io: Pick<Io, 'clock' | 'sockets' | 'random' | 'interrupted'>
  readonly net: Net
  readonly services: Pick<Services, 'nameOf'>
  readonly turns: Turns
  /** The user's own expression decides, instead of the protocols here. */
  readonly match: OwnMatch | undefined
  /** The finding with what the user's fingerprints add to it. */
  named(finding: Finding): Promise<Finding> | Finding
}
