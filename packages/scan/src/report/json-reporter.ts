import { head, jsonText } from '@portkit/core'
import type { Reporter, Sink } from '../model/event.ts'
import { isTold } from './host-lines.ts'
import { writeHostRecord } from './json-host.ts'
import { scanEndRecord, scanStartRecord } from './json-records.ts'
import type { CollapseRule } from './not-shown.ts'

/**
 * One JSON document of the type `scan` (core's schema/result.schema.json). Each host is written when it is done, on a line
 * of its own: what was written before a crash can be read. A run that is cut ends it well.
 */
export function createJsonReporter(options: CollapseRule, sink: Sink): Reporter {
  let tool: string | undefined
  let comma = ''

  return {
    on(event) {
      if (event.kind === 'begin') {
        const { run } = event
        tool = run.scanner
        const opening = { ...head('scan', tool, run.startMs), start: scanStartRecord(run) }
        sink.write(`${jsonText(opening).slice(0, -1)},"hosts":[`)
      }
      if (tool === undefined) return
      if (event.kind === 'host' && isTold(event.report, options)) {
        sink.write(`${comma}\n`)
        writeHostRecord(tool, event.report, options, sink)
        comma = ','
      }
      if (event.kind === 'end') sink.write(`\n],"end":${jsonText(scanEndRecord(tool, event.end))}}\n`)
    },
  }
}
