import type { Route } from '../../io/packets.ts'
import { encodeIpv4 } from '../../wire/ipv4.ts'
import { ipv4OptionOctets } from '../../wire/ipv4-options.ts'
import { encodeIpv6 } from '../../wire/ipv6.ts'
import type { Ipv6Extension } from '../../wire/ipv6-extensions.ts'

/** What a sender may choose of the IP header, beside the time to live. */
export interface IpFields {
  /** Type of service or traffic class; 0 when not given. */
  readonly tos?: number | undefined
  /**
   * IPv4's identification, or that of the fragment header that an IPv6 packet has for the fields below; when not given,
   * another one for each packet, which an ICMP error brings back.
   */
  readonly id?: number | undefined
  readonly dontFragment?: boolean | undefined
  /** Asks up to nine routers for their addresses (RFC 791 section 3.1); over IPv6 no packet can be built. */
  readonly recordRoute?: boolean | undefined
  /** Say that this is not the last fragment. */
  readonly moreFragments?: boolean | undefined
  /** Say that this is the fragment from here on, in octets: a multiple of 8 up to 65528. */
  readonly fragmentOffset?: number | undefined
}

/** Octets: of IPv4 with all options; IPv6 with a fragment header is shorter. */
export const LONGEST_IP_HEADER = 60

const RECORD_ROUTE = 7
const SLOTS = 9
/** The first free slot, counted from 1 at the option's type. */
const FIRST_SLOT = 4

/** Whether the packet says that it is a fragment. */
export function isFragment({ moreFragments = false, fragmentOffset = 0 }: IpFields): boolean {
  return moreFragments || fragmentOffset !== 0
}

/**
 * A header of a route with time to live, identification and IPv4's checksum as zero.
 * @throws RangeError for a field out of range, and for a recorded route over IPv6
 */
export function ipHeader(
  { family, source, destination }: Pick<Route, 'family' | 'source' | 'destination'>,
  fields: IpFields,
  protocol: number,
  upperLength: number,
): Uint8Array {
  const ends = { source, destination, protocol }
  const into = new Uint8Array(LONGEST_IP_HEADER)
  const length =
    family === 4 ? header4(ends, fields, into, upperLength) : header6(ends, fields, into, upperLength)
  return into.slice(0, length)
}

interface Ends {
  readonly source: string
  readonly destination: string
  readonly protocol: number
}

function header4(ends: Ends, fields: IpFields, into: Uint8Array, upperLength: number): number {
  const {
    tos = 0,
    dontFragment = false,
    moreFragments = false,
    fragmentOffset = 0,
    recordRoute = false,
  } = fields
  const optionOctets = recordRoute ? emptyRecord() : new Uint8Array()
  const header = { ...ends, ...ZERO_4, tos, dontFragment, moreFragments, fragmentOffset, optionOctets }
  return encodeIpv4(header, into, 0, upperLength)
}

/** The checksum stays zero until the packet is complete. */
const ZERO_4 = { id: 0, isReservedSet: false, ttl: 0, checksum: 0 } as const

function emptyRecord(): Uint8Array {
  const data = new Uint8Array(1 + 4 * SLOTS)
  data[0] = FIRST_SLOT
  return ipv4OptionOctets([{ type: RECORD_ROUTE, data }])
}

function header6(ends: Ends, fields: IpFields, into: Uint8Array, upperLength: number): number {
  if (fields.recordRoute === true) throw new RangeError('IPv6 records no route')
  const extensions = isFragment(fields) ? [fragmentHeader(fields)] : []
  const header = { ...ends, trafficClass: fields.tos ?? 0, flowLabel: 0, hopLimit: 0, extensions }
  return encodeIpv6(header, into, 0, upperLength)
}

function fragmentHeader({ moreFragments = false, fragmentOffset = 0 }: IpFields): Ipv6Extension {
  return { kind: 'fragment', offset: fragmentOffset, moreFragments, id: 0, reserved: 0, reservedBits: 0 }
}
