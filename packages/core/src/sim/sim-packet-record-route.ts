import { ipv4OptionOctets, listIpv4Options } from '../wire/ipv4-options.ts'
import { writeIpv4 } from '../wire/octets.ts'

const RECORD_ROUTE = 7
/** The pointer counts from 1 at the option's type, which is not part of its data, and neither is its length. */
const BEFORE_DATA = 3
const ADDRESS = 4

/** Options of an answer: the recorded route goes back with it, and Linux enters itself as it gets and as it sends it. */
export function answerOptions(octets: Uint8Array | undefined, own: string): Uint8Array | undefined {
  const found = octets && listIpv4Options(octets).find(({ type }) => type === RECORD_ROUTE)
  if (found === undefined || found.data.length === 0) return undefined
  const data = found.data.slice()
  for (let i = 0; i < 2; i++) record(data, own)
  return ipv4OptionOctets([{ type: RECORD_ROUTE, data }])
}

/** RFC 791 section 3.1; nothing where the pointer leaves no room. */
function record(data: Uint8Array, address: string): void {
  const pointer = data[0] ?? 0
  const at = pointer - BEFORE_DATA
  if (at < 1 || at + ADDRESS > data.length) return
  writeIpv4(address, data, at)
  data[0] = pointer + ADDRESS
}
