import { type Arp, decodeArp } from './arp.ts'
import { ETHER_TYPE } from './ether-type.ts'
import { decodeEthernet, type Ethernet } from './ethernet.ts'
import { decodeIpv4, type Ipv4 } from './ipv4.ts'
import { decodeIpv6, type Ipv6 } from './ipv6.ts'
import { decodeSll, decodeSll2, type Sll, type Sll2 } from './sll.ts'
import { limitOf, type Span } from './span.ts'
import { decodeTags } from './vlan.ts'

/** What lies above the link layer. */
export type Network =
  | { readonly kind: 'ipv4'; readonly header: Ipv4 }
  | { readonly kind: 'ipv6'; readonly header: Ipv6 }
  | { readonly kind: 'arp'; readonly header: Arp }
  /** Another protocol, or one of the three with a header that is cut or contradicts itself. */
  | { readonly kind: 'other'; readonly payload: Span }

/** A captured packet, taken apart up to its network layer. */
export interface Linked {
  readonly link:
    | { readonly kind: 'ethernet'; readonly header: Ethernet }
    | { readonly kind: 'sll'; readonly header: Sll }
    | { readonly kind: 'sll2'; readonly header: Sll2 }
    /** The packet begins with its IP header. */
    | { readonly kind: 'raw' }
  readonly network: Network
}

/** Link types of capture files (www.tcpdump.org/linktypes.html). */
export const LINK_TYPE = {
  ethernet: 1,
  /** DLT_RAW of Linux, which some programs write into files as it is. */
  rawByDlt: 12,
  raw: 101,
  sll: 113,
  ipv4: 228,
  ipv6: 229,
  sll2: 276,
} as const

type Decode = (octets: Uint8Array, at: number, end: number) => Linked | undefined

const DECODERS: ReadonlyMap<number, Decode> = new Map<number, Decode>([
  [LINK_TYPE.ethernet, fromEthernet],
  [LINK_TYPE.rawByDlt, fromRaw],
  [LINK_TYPE.raw, fromRaw],
  [LINK_TYPE.sll, fromSll],
  [LINK_TYPE.ipv4, fromRaw],
  [LINK_TYPE.ipv6, fromRaw],
  [LINK_TYPE.sll2, fromSll2],
])

/** Whether `decodeLink` knows the link type of a capture. */
export function isLinkTypeKnown(linkType: number): boolean {
  return DECODERS.has(linkType)
}

/**
 * A packet by the link type of its capture (the 16 low bits of the field in the file), up to the network layer.
 * @returns undefined when the link type is not known or the link-layer header is not whole
 */
export function decodeLink(
  linkType: number,
  octets: Uint8Array,
  at = 0,
  end = octets.length,
): Linked | undefined {
  return DECODERS.get(linkType)?.(octets, at, limitOf(octets, end))
}

function fromEthernet(octets: Uint8Array, at: number, end: number): Linked | undefined {
  const header = decodeEthernet(octets, at, end)
  if (header === undefined) return undefined
  return { link: { kind: 'ethernet', header }, network: above(octets, header.type, header.payload) }
}

function fromSll(octets: Uint8Array, at: number, end: number): Linked | undefined {
  const header = decodeSll(octets, at, end)
  return header && { link: { kind: 'sll', header }, network: aboveCooked(octets, header) }
}

function fromSll2(octets: Uint8Array, at: number, end: number): Linked | undefined {
  const header = decodeSll2(octets, at, end)
  return header && { link: { kind: 'sll2', header }, network: aboveCooked(octets, header) }
}

function fromRaw(octets: Uint8Array, at: number, end: number): Linked | undefined {
  const payload = { from: at, to: end }
  const version = at < end ? (octets[at] ?? 0) >>> 4 : 0
  if (version === 0) return undefined
  const type = version === 6 ? ETHER_TYPE.ipv6 : ETHER_TYPE.ipv4
  return { link: { kind: 'raw' }, network: above(octets, type, payload) }
}

/** ARPHRD_ whose cooked protocol field is no EtherType: FRAD, IPGRE, 802.11 with its headers, netlink. */
const OWN_NUMBERS: ReadonlySet<number> = new Set([770, 778, 801, 802, 803, 824])

/** The kernel's VLAN tag, which libpcap puts back, stands behind the cooked header. */
function aboveCooked(octets: Uint8Array, { hardwareType, protocol, payload }: Sll | Sll2): Network {
  if (OWN_NUMBERS.has(hardwareType)) return { kind: 'other', payload }
  const tagged = decodeTags(octets, payload.from, payload.to, protocol)
  if (tagged === undefined) return { kind: 'other', payload }
  return above(octets, tagged.type, { from: tagged.from, to: payload.to })
}

function above(octets: Uint8Array, type: number, payload: Span): Network {
  const { from, to } = payload
  const header = decodeAbove(octets, type, from, to)
  return header ?? { kind: 'other', payload }
}

function decodeAbove(octets: Uint8Array, type: number, from: number, to: number): Network | undefined {
  switch (type) {
    case ETHER_TYPE.ipv4: {
      const header = decodeIpv4(octets, from, to)
      return header && { kind: 'ipv4', header }
    }
    case ETHER_TYPE.ipv6: {
      const header = decodeIpv6(octets, from, to)
      return header && { kind: 'ipv6', header }
    }
    case ETHER_TYPE.arp: {
      const header = decodeArp(octets, from, to)
      return header && { kind: 'arp', header }
    }
    default:
      return undefined
  }
}
