import { recordLine, serviceRecord } from '@portkit/core'
import type { Settings } from '../settings.ts'
import type { Reporter } from './reporter.ts'
import { isShown } from './shown.ts'

/** NDJSON in core's schema: a `service` record a port, with the exact octets. A run that was interrupted just ends. */
export function jsonReporter(settings: Pick<Settings, 'openOnly'>): Reporter {
  return {
    start: () => [],
    found: (finding) => (isShown(finding, settings) ? [recordLine(serviceRecord('banner', finding))] : []),
    end: () => [],
  }
}
