import { join } from 'node:path'
import { recordedFiles as filesIn, type RecordedCase } from '@portkit/lab/recorded'

/** The recorded runs of nping 0.7.93 (Debian 12) by the name of their file, such as `tcp-connect`. */
export function recordedFiles(): ReadonlyMap<string, readonly RecordedCase[]> {
  return filesIn(join(import.meta.dirname, 'recorded'))
}
