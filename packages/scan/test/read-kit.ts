import { readFileSync } from 'node:fs'
import type { PortState } from '@portkit/core'
import type { Reporter, Sink } from '../src/model/event.ts'
import type { HostReport } from '../src/model/host-report.ts'
import type { ScanResult } from '../src/model/scan-result.ts'

/** A file that nmap 7.93 or masscan 1.3.2 wrote. */
export function recorded(name: string): string {
  return readFileSync(new URL(`xml-recorded/${name}`, import.meta.url), 'utf8')
}

/** What reporters write of a result that is told as events. */
export function written(create: (sink: Sink) => Reporter, { run, hosts, end }: ScanResult): string {
  let text = ''
  const reporter = create({
    write(more) {
      text += more
    },
  })
  reporter.on({ kind: 'begin', run })
  for (const report of hosts) reporter.on({ kind: 'host', report })
  if (end !== undefined) reporter.on({ kind: 'end', end })
  return text
}

/** A host as a plain value: its ports as rows. */
export function plain({ ports, ...host }: HostReport) {
  return { ...host, ports: ports && [...ports.rows()] }
}

export const ALL_LISTED = { openOnly: false, verbose: 0, debugging: 3 } as const
export const PLAIN = { openOnly: false, verbose: 0, debugging: 0 } as const

export const STATES = [
  'open',
  'closed',
  'filtered',
  'unfiltered',
  'open|filtered',
  'closed|filtered',
  'unknown',
] as const satisfies readonly PortState[]
