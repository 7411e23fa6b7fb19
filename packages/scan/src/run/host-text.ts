import type { HostReport } from '../model/host-report.ts'
import { writeHostRecord } from '../report/json-host.ts'
import { createLeftOut } from '../results/read-counts.ts'
import { ResultFault } from '../results/read-fault.ts'
import { fieldsOf } from '../results/read-json-fields.ts'
import { hostOf } from '../results/read-json-host.ts'

/** How a checkpoint keeps a report: as the record `host` of --ndjson. */
export function hostText(report: HostReport): string {
  let text = ''
  const write = (piece: string): void => {
    text += piece
  }
  writeHostRecord('portscan', report, { verbose: 0, debugging: 0, openOnly: false }, { write })
  return text
}

/** undefined for what is no such record. */
export function hostIn(value: unknown): HostReport | undefined {
  try {
    return hostOf(fieldsOf(value), createLeftOut())
  } catch (error) {
    if (error instanceof ResultFault) return undefined
    throw error
  }
}
