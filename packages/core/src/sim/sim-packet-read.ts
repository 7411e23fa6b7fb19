import type { Family } from '../model/target.ts'
import { internetChecksum } from '../wire/checksum.ts'
import { decodeIcmp4, type Icmp4 } from '../wire/icmp4.ts'
import { decodeIcmp6, type Icmp6 } from '../wire/icmp6.ts'
import { decodeIpv4, type Ipv4 } from '../wire/ipv4.ts'
import { decodeIpv6, type Ipv6 } from '../wire/ipv6.ts'
import { addressOctets } from '../wire/octets.ts'
import { verifyTransport } from '../wire/seal.ts'
import { decodeTcp, type Tcp } from '../wire/tcp.ts'
import { decodeUdp, type Udp } from '../wire/udp.ts'

/** An IP packet, as who gets it sees it. */
export interface Parcel {
  readonly family: Family
  readonly source: string
  readonly destination: string
  readonly ttl: number
  readonly tos: number
  readonly octets: Uint8Array
  /** IPv4 options as on the wire. */
  readonly optionOctets: Uint8Array | undefined
  /** What its fragment header says; undefined for a whole packet. */
  readonly fragment: Fragment | undefined
  /** Undefined for other protocols, later fragments and headers that are not whole. */
  readonly upper: Upper | undefined
  /** Whether the transport's checksum is right; who gets it is silent otherwise. Fragments have none of their own. */
  readonly isIntact: boolean
}

/** `offset` in octets; `from` is where the fragment's data begin in `octets`. */
export interface Fragment {
  readonly id: number
  readonly offset: number
  readonly isLast: boolean
  readonly from: number
  readonly to: number
}

export type Upper =
  | { readonly kind: 'tcp'; readonly header: Tcp }
  | { readonly kind: 'udp'; readonly header: Udp }
  | { readonly kind: 'icmp4'; readonly header: Icmp4 }
  | { readonly kind: 'icmp6'; readonly header: Icmp6 }

/** Undefined when the IP header is not whole or promises more than there is. */
export function readParcel(octets: Uint8Array): Parcel | undefined {
  return (octets[0] ?? 0) >>> 4 === 6 ? readParcel6(octets) : readParcel4(octets)
}

function readParcel4(octets: Uint8Array): Parcel | undefined {
  const ip = decodeIpv4(octets)
  if (ip === undefined || ip.truncated) return undefined
  const isWhole = ip.fragmentOffset === 0 && !ip.moreFragments
  const { from, to } = ip.payload
  const fragment = { id: ip.id, offset: ip.fragmentOffset, isLast: !ip.moreFragments, from, to }
  const { source, destination, ttl, tos, optionOctets } = ip
  const facts = { family: 4, source, destination, ttl, tos, octets, optionOctets } as const
  if (isWhole) return { ...facts, fragment: undefined, ...readUpper(octets, ip) }
  return { ...facts, fragment, ...readFragment(octets, ip, fragment) }
}

function readParcel6(octets: Uint8Array): Parcel | undefined {
  const ip = decodeIpv6(octets)
  if (ip === undefined || ip.truncated) return undefined
  const found = ip.extensions.find((extension) => extension.kind === 'fragment')
  const { source, destination, hopLimit: ttl, trafficClass: tos } = ip
  const facts = { family: 6, source, destination, ttl, tos, octets, optionOctets: undefined } as const
  if (found === undefined) return { ...facts, fragment: undefined, ...readUpper(octets, ip) }
  const { from, to } = ip.payload
  const fragment = { id: found.id, offset: found.offset, isLast: !found.moreFragments, from, to }
  return { ...facts, fragment, ...readFragment(octets, ip, fragment) }
}

function readFragment(
  octets: Uint8Array,
  { payload, protocol }: Ipv4 | Ipv6,
  { offset }: Fragment,
): Pick<Parcel, 'upper' | 'isIntact'> {
  const upper = offset === 0 ? decodeUpper(octets, payload.from, payload.to, protocol) : undefined
  return { upper, isIntact: false }
}

function readUpper(octets: Uint8Array, ip: Ipv4 | Ipv6): Pick<Parcel, 'upper' | 'isIntact'> {
  const { from, to } = ip.payload
  const upper = decodeUpper(octets, from, to, ip.protocol)
  return { upper, isIntact: upper !== undefined && isIntact(octets, ip, upper) }
}

function decodeUpper(octets: Uint8Array, from: number, to: number, protocol: number): Upper | undefined {
  switch (protocol) {
    case 6: {
      const header = decodeTcp(octets, from, to)
      return header && { kind: 'tcp', header }
    }
    case 17: {
      const header = decodeUdp(octets, from, to)
      return header && { kind: 'udp', header }
    }
    case 1: {
      const header = decodeIcmp4(octets, from, to)
      return header && { kind: 'icmp4', header }
    }
    case 58: {
      const header = decodeIcmp6(octets, from, to)
      return header && { kind: 'icmp6', header }
    }
    default:
      return undefined
  }
}

function isIntact(octets: Uint8Array, { payload, source, destination }: Ipv4 | Ipv6, upper: Upper): boolean {
  const { from, to } = payload
  if (upper.kind === 'icmp4') return internetChecksum(octets, from, to) === 0
  if (upper.kind !== 'icmp6' && upper.header.truncated) return false
  const ends = { source: addressOctets(source), destination: addressOctets(destination) }
  const state = verifyTransport(upper.kind, octets, from, to - from, ends)
  return state === 'good' || state === 'absent'
}
