import { type Family, LocalFault } from '@portkit/core'
import { NcFault } from '../fault.ts'
import { localFaultMessage } from './format.ts'

/**
 * For `catch`: a socket's fault in the words of nc, which names the reason after `prefix` and little more.
 * @throws always
 */
export function inWords(prefix = '', family: Family = 4): (error: unknown) => never {
  return (error) => {
    if (!(error instanceof LocalFault)) throw error
    throw new NcFault(prefix + localFaultMessage(error, 'listener', family))
  }
}
