import type { Route } from '../../io/packets.ts'
import { finish, pseudoSum4, pseudoSum6, sumOf } from '../../wire/checksum.ts'
import { encodeIpv4 } from '../../wire/ipv4.ts'
import { encodeIpv6 } from '../../wire/ipv6.ts'
import { addressOctets } from '../../wire/octets.ts'

/** What a sender may choose of the IP header, beside the time to live. */
export interface IpFields {
  /** Type of service or traffic class; 0 when not given. */
  readonly tos?: number | undefined
  /** IPv4's identification; when not given, another one for each packet, which an ICMP error brings back. */
  readonly id?: number | undefined
  readonly dontFragment?: boolean | undefined
}

/** A packet of a route in which only what differs from shot to shot is zero still. */
export interface Template {
  readonly octets: Uint8Array
  readonly family: Route['family']
  /** Where the transport header begins. */
  readonly upper: number
  /** Unfolded sums (RFC 1071) with those fields and the checksums as zero: of the IPv4 header, and of what follows. */
  readonly headerSum: number
  readonly upperSum: number
}

const ICMP4 = 1
const IPV4 = { id: 4, ttl: 8, checksum: 10, headerLength: 20 } as const
const IPV6 = { hopLimit: 7, headerLength: 40 } as const

/** @param upper the transport header and the payload @throws RangeError when it does not fit into a packet */
export function createTemplate(
  { family, source, destination }: Pick<Route, 'family' | 'source' | 'destination'>,
  { tos = 0, dontFragment = false }: IpFields,
  protocol: number,
  upper: Uint8Array,
): Template {
  const headerLength = family === 4 ? IPV4.headerLength : IPV6.headerLength
  const octets = new Uint8Array(headerLength + upper.length)
  const common = { source, destination, protocol }
  if (family === 4) {
    const header = { ...PLAIN_4, ...common, tos, dontFragment }
    encodeIpv4(header, octets, 0, upper.length)
  } else {
    const header = { ...common, trafficClass: tos, flowLabel: 0, hopLimit: 0, extensions: [] }
    encodeIpv6(header, octets, 0, upper.length)
  }
  octets.set(upper, headerLength)
  const pseudo = family === 4 ? pseudoSum4 : pseudoSum6
  const start =
    protocol === ICMP4 ? 0 : pseudo(addressOctets(source), addressOctets(destination), protocol, upper.length)
  return {
    octets,
    family,
    upper: headerLength,
    headerSum: family === 4 ? sumOf(octets, 0, headerLength) : 0,
    upperSum: sumOf(upper, 0, upper.length, start),
  }
}

/** The checksum stays zero until the packet is complete. */
const PLAIN_4 = {
  id: 0,
  isReservedSet: false,
  moreFragments: false,
  fragmentOffset: 0,
  ttl: 0,
  checksum: 0,
  optionOctets: new Uint8Array(),
} as const

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
 * @param id of IPv4
 * @throws RangeError when the packet does not fit into the buffer
 */
export function stamp(template: Template, into: Uint8Array, ttl: number, id: number): void {
  into.set(template.octets)
  if (template.family === 6) {
    into[IPV6.hopLimit] = ttl
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
