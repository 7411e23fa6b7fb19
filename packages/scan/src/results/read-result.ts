import { UsageError } from '@portkit/core'
import type { ScanResult } from '../model/scan-result.ts'
import { ResultFault } from './read-fault.ts'

/** A result that was read, and in sentences what was left out of it. */
export interface ReadResult extends ScanResult {
  readonly warnings: readonly string[]
}

/** Characters; a host with 65,535 ports in full has 13 million. */
export const LONGEST = 64 * 1024 * 1024

/**
 * Reads what `portscan` wrote with -oX, --json or --ndjson, and other scanners' XML in nmap's form. A file that ends in the
 * middle, as nmap leaves it when it is interrupted, gives the hosts that are whole, and no `end`; ports of NDJSON whose host
 * was not written make a host that was interrupted.
 * @param name the file's, for messages
 * @throws UsageError when it is something else, broken or longer than 64 Mi characters
 */
export async function readResult(text: string, name: string): Promise<ReadResult> {
  try {
    if (text.length > LONGEST) throw new ResultFault('longer than results are')
    const start = /^\u{feff}?\s*(\S)/u.exec(text.slice(0, 1000))?.[1]
    if (start === '<') return (await import('./read-xml.ts')).readXml(text)
    if (start === '{') return (await import('./read-json.ts')).readJson(text)
    throw new ResultFault(start === undefined ? 'it is empty' : 'neither XML nor JSON')
  } catch (error) {
    if (error instanceof ResultFault)
      throw new UsageError(`${name} is no result that can be read: ${error.message}`)
    throw error
  }
}
