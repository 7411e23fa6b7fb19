import type { Route } from '../../io/packets.ts'
import { finish, pseudoSum4, pseudoSum6, sumOf } from '../../wire/checksum.ts'
import { addressOctets } from '../../wire/octets.ts'
import { type IpFields, ipHeader, isFragment } from './ip-header.ts'

/** A packet of a route in which only what differs from shot to shot is zero still. */
export interface Template {
  readonly octets: Uint8Array
  readonly family: Route['family']
  /** Where the transport header begins. */
  readonly upper: number
  /** Unfolded sums (RFC 1071) with those fields and the checksums as zero: of the IPv4 header, and of what follows. */
  readonly headerSum: number
  readonly upperSum: number
  /** An IPv6 packet that says to be a fragment. */
  readonly hasFragmentHeader: boolean
}

const ICMP4 = 1
const IPV4 = { id: 4, ttl: 8, checksum: 10 } as const
/** The identification where the fragment header is the only extension header. */
const IPV6 = { hopLimit: 7, id: 44 } as const

/**
 * The checksum of a fragment's transport header is that of the whole packet, were this all of it.
 * @param upper the transport header and the payload
 * @throws RangeError when it does not fit into a packet, and for the reasons of `ipHeader`
 */
export function createTemplate(
  route: Pick<Route, 'family' | 'source' | 'destination'>,
  fields: IpFields,
  protocol: number,
  upper: Uint8Array,
): Template {
  const { family, source, destination } = route
  const header = ipHeader(route, fields, protocol, upper.length)
  const octets = new Uint8Array(header.length + upper.length)
  octets.set(header)
  octets.set(upper, header.length)
  const pseudo = family === 4 ? pseudoSum4 : pseudoSum6
  const start =
    protocol === ICMP4 ? 0 : pseudo(addressOctets(source), addressOctets(destination), protocol, upper.length)
  return {
    octets,
    family,
    upper: header.length,
    headerSum: family === 4 ? sumOf(header, 0, header.length) : 0,
    upperSum: sumOf(upper, 0, upper.length, start),
    hasFragmentHeader: family === 6 && isFragment(fields),
  }
}

/** Makes each route's template once; round after round the same routes come again. */
export function createTemplates(make: (route: Route) => Template): (route: Route) => Template {
  // Made late: the probes of a capture, of which there are many, build nothing.
  let templates: WeakMap<Route, Template> | undefined
  let last: { readonly route: Route; readonly template: Template } | undefined
  return (route) => {
    if (last?.route === route) return last.template
    templates ??= new WeakMap()
    const template = templates.get(route) ?? make(route)
    templates.set(route, template)
    last = { route, template }
    return template
  }
}

/**
 * Writes the packet with its IP header completed. The caller fills in what its own header lacks.
 * @param id of IPv4 or of the fragment header
 * @throws RangeError when the packet does not fit into the buffer
 */
export function stamp(template: Template, into: Uint8Array, ttl: number, id: number): void {
  into.set(template.octets)
  if (template.family === 6) {
    into[IPV6.hopLimit] = ttl
    if (template.hasFragmentHeader) put32(into, IPV6.id, id)
    return
  }
  put16(into, IPV4.id, id)
  into[IPV4.ttl] = ttl
  put16(into, IPV4.checksum, finish(template.headerSum + id + (ttl << 8)))
}

/** What 32 bits add to an unfolded sum. */
export function words(value: number): number {
  return (value >>> 16) + (value & 0xffff)
}

/** A checksum that is surely wrong, and for UDP not "none", instead of the right one. */
export function spoilt(checksum: number): number {
  const wrong = checksum ^ 0x0101
  return wrong === 0 ? 0x0303 : wrong
}

export function put16(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 8
  into[at + 1] = value
}

export function put32(into: Uint8Array, at: number, value: number): void {
  put16(into, at, value >>> 16)
  put16(into, at + 2, value & 0xffff)
}
