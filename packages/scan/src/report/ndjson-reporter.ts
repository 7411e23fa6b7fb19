import { jsonText } from '@portkit/core'
import type { Reporter, ScanEvent, Sink } from '../model/event.ts'
import { isTold } from './host-lines.ts'
import { writeHostRecord } from './json-host.ts'
import { portRecord, scanEndRecord, scanStartRecord } from './json-records.ts'
import { type CollapseRule, isPossiblyOpen } from './not-shown.ts'

interface NdjsonOptions extends CollapseRule {
  /** Milliseconds since 1970. */
  now(): number
}

/**
 * A record a line (core's schema/result.schema.json): `scan-start`, a `port` as soon as it is known, a `host` when it is
 * done, `scan-end`.
 */
export function createNdjsonReporter(options: NdjsonOptions, sink: Sink): Reporter {
  let tool = ''
  /** Names that the user typed, of hosts that are not done. */
  const typed = new Map<string, string>()

  const port = ({ address, row }: ScanEvent & { readonly kind: 'port' }): void => {
    if (options.openOnly && !isPossiblyOpen(row.state)) return
    const host = typed.get(address) ?? address
    sink.write(`${jsonText(portRecord(tool, options.now(), { host, address, row }))}\n`)
  }
  return {
    on(event) {
      switch (event.kind) {
        case 'begin':
          tool = event.run.scanner
          sink.write(`${jsonText(scanStartRecord(event.run))}\n`)
          return
        case 'hint': {
          const name = event.host.names.find(({ type }) => type === 'user')?.name
          if (name !== undefined) typed.set(event.host.address, name)
          return
        }
        case 'port':
          port(event)
          return
        case 'host':
          typed.delete(event.report.address)
          if (!isTold(event.report, options)) return
          writeHostRecord(tool, event.report, options, sink)
          sink.write('\n')
          return
        case 'end':
          sink.write(`${jsonText(scanEndRecord(tool, event.end))}\n`)
          return
        case 'phase':
        case 'phase-end':
        case 'warning':
        case 'trace':
        case 'progress':
          return
      }
    },
  }
}
