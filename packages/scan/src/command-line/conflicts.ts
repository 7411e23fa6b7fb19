import { UsageError } from '@portkit/core'
import type { Settings } from '../settings.ts'
import { labelOf } from './args.ts'
import { REPORT_OPTIONS } from './options-report.ts'
import { placeOf } from './read-outputs.ts'

/** Contradictions between parts of the settings. @param given long names in their order @throws UsageError */
export function refuseConflicts(settings: Settings, given: readonly string[]): void {
  const { resume, shard, seed, targets } = settings
  refuseStateAsReport(settings)
  if (resume !== undefined) refuseBesideResume(targets, given)
  if (shard !== undefined && seed === undefined) {
    throw new UsageError('--shard needs --seed: all parts of a scan have the same one')
  }
  if (isByConnections(settings)) refusePacketOptions(settings.source)
}

/** What is kept of a run would be written over. */
function refuseStateAsReport({ report, checkpoint, resume }: Settings): void {
  const state = checkpoint ?? resume
  if (state === undefined) return
  if (report.files.some(({ path }) => placeOf(path) === placeOf(state))) {
    throw new UsageError(`a report cannot go to the file of the run's state: ${state}`)
  }
}

/** Without anybody trying out whether packets may be sent. */
function isByConnections({ kinds, privileged }: Settings): boolean {
  return kinds.length === 0 ? privileged === false : kinds.every((kind) => kind === 'connect')
}

/** What a run does is kept with its state. */
const NOT_WITH_RESUME: ReadonlySet<string> = new Set(['checkpoint', 'shard', 'seed'])

function refuseBesideResume(targets: readonly string[], given: readonly string[]): void {
  const other = given.find((name) => !Object.hasOwn(REPORT_OPTIONS, name) || NOT_WITH_RESUME.has(name))
  if (other !== undefined)
    throw new UsageError(`--resume goes on as the run began: without ${labelOf(other)}`)
  if (targets.length > 0) throw new UsageError('--resume goes on as the run began: without further targets')
}

/** The system makes the packets of connections. @throws UsageError for what only our own can have */
export function refusePacketOptions({ dataLength, badSum }: Settings['source']): void {
  const label = badSum ? '--badsum' : dataLength === undefined ? undefined : '--data-length'
  if (label !== undefined) {
    throw new UsageError(`${label} is for packets of our own making: it does not go with -sT`)
  }
}
