import type { ByteSource, Io, Say, Services } from '@portkit/core'
import type { SessionEnds } from './session/ends.ts'
import type { Settings } from './settings.ts'

/** For runs that come to no service's name. */
export const NAMELESS: Services = { portOf: () => undefined, nameOf: () => undefined }

/** What every part of a run works with. */
export interface Run {
  readonly settings: Settings
  readonly services: Services
  readonly io: Io
  readonly say: Say
  /** Standard input for the next session; undefined when it is not to be read, or has ended. */
  input: ByteSource | undefined
  /** Reads from the network so far: `-W` counts them over all sessions. */
  reads: number
  /** Hears of the octets of all sessions, for dumps and progress, and of the moment each one begins. */
  readonly watch: Pick<SessionEnds, 'watch'> & { readonly begin?: () => void }
}
