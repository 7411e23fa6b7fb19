import { unmapped } from '../../model/addresses.ts'
import { LocalFault } from '../../model/errors.ts'
import type { Address } from '../../model/target.ts'

const LOOPBACK: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' }
/** RFC 1112 section 4 with the limited broadcast, RFC 4291 section 2.7. */
const GROUP = { 4: /^(22[4-9]|23\d)\.|^255\.255\.255\.255$/, 6: /^ff/i } as const

/** Where the packets of a connection to this address go, as connect(2) has it: to no address at all means this machine. */
export function hostAddress(address: Address): Address {
  const { address: plain, family } = unmapped(address)
  return { address: LOOPBACK[plain] ?? plain, family }
}

/** @throws LocalFault ENETUNREACH for an address of many, which TCP does not have (RFC 9293 section 3.9.2.3) */
export function needSingleHost({ address, family }: Address): void {
  if (!GROUP[family].test(address)) return
  throw new LocalFault('ENETUNREACH', `send to ${address}: TCP speaks to single hosts only`)
}
