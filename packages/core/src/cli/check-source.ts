import { parseAddress } from '../model/addresses.ts'
import { UsageError } from '../model/errors.ts'
import { shown } from './coerce.ts'

/**
 * Answers to packets with somebody else's source address never come here, and they are how others are attacked.
 * @param option as messages name it, `-S`
 * @param source an address
 * @throws UsageError unless the source is among `own`, this machine's addresses
 */
export function checkSource(option: string, source: string, own: readonly string[]): void {
  const wanted = parseAddress(source)?.address
  if (wanted !== undefined && own.some((address) => parseAddress(address)?.address === wanted)) return
  throw new UsageError(
    `${option}: ${shown(source)} is not an address of this machine, and no other is ever forged`,
  )
}
