import { read32 } from '../../wire/octets.ts'
import { decodeTcpOptions } from '../../wire/tcp-options.ts'
import type { Sighting } from './sighting.ts'

/** Offsets in octets (RFC 792). */
const ICMP = { originate: 8, receive: 12, transmit: 16, length: 20 } as const
const TCP_OPTIONS = 20

/** Of a time stamp request or reply, in milliseconds since midnight UTC as RFC 792 has it; any 32 bits may have been sent. */
export interface IcmpTimes {
  readonly originate: number
  readonly receive: number
  readonly transmit: number
}

/** Reads the packet's octets. @returns undefined for another packet, and for one that is not whole */
export function icmpTimesOf(sighting: Sighting): IcmpTimes | undefined {
  if (sighting.kind !== 'icmp') return undefined
  const { what, octets, upper, to } = sighting
  if (what !== 'timestamp-reply' && what !== 'timestamp-request') return undefined
  if (upper + ICMP.length > Math.min(to, octets.length)) return undefined
  return {
    originate: read32(octets, upper + ICMP.originate),
    receive: read32(octets, upper + ICMP.receive),
    transmit: read32(octets, upper + ICMP.transmit),
  }
}

/**
 * The value of a segment's time stamps option (RFC 7323 section 3.2), of a clock whose steps only its owner knows. Reads
 * the packet's octets.
 * @returns undefined for another packet, and for a segment without that option
 */
export function timestampOf(sighting: Sighting): number | undefined {
  if (sighting.kind !== 'tcp') return undefined
  const { octets, upper, payload, to } = sighting
  const options = decodeTcpOptions(octets, upper + TCP_OPTIONS, Math.min(payload, to, octets.length))
  const option = options.find((each) => each.kind === 'timestamps')
  return option !== undefined && 'value' in option ? option.value : undefined
}
