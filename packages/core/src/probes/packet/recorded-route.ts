import { listIpv4Options } from '../../wire/ipv4-options.ts'
import { readIpv4 } from '../../wire/octets.ts'
import type { Sighting } from './sighting.ts'

const RECORD_ROUTE = 7
const FIXED_HEADER = 20
/** The pointer counts from 1 at the option's type; the first slot is the fourth octet. */
const FIRST_SLOT = 4
const ADDRESS = 4

/**
 * The addresses that a packet's record route option holds so far (RFC 791 section 3.1), in their order, at most nine: of
 * a reply those of the way there, of who replied, and of the way back. Reads the packet's octets.
 * @returns undefined for a packet without that option, and where the IP header was rebuilt
 */
export function recordedRouteOf({ octets, network, upper, family }: Sighting): readonly string[] | undefined {
  if (family !== 4) return undefined
  const options = listIpv4Options(
    octets.subarray(network + FIXED_HEADER, Math.max(network + FIXED_HEADER, upper)),
  )
  const data = options.find(({ type }) => type === RECORD_ROUTE)?.data
  if (data === undefined) return undefined
  const filled = Math.max(0, (data[0] ?? 0) - FIRST_SLOT)
  const slots = Math.floor(Math.min(filled, data.length - 1) / ADDRESS)
  return Array.from({ length: Math.max(0, slots) }, (_, i) => readIpv4(data, 1 + i * ADDRESS))
}
