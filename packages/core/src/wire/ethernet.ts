import { needRoom, read16, readMac, writeMac } from './octets.ts'
import { type Carrier, carried, limitOf } from './span.ts'
import { decodeTags, encodeTags, type VlanTag } from './vlan.ts'

/** The header of an Ethernet frame (IEEE 802.3 section 3.2) with its VLAN tags; without the check sequence. */
export interface EthernetHeader {
  /** MAC addresses: `02:00:00:00:00:01`. */
  readonly destination: string
  readonly source: string
  /** Outermost first; empty for an untagged frame. */
  readonly tags: readonly VlanTag[]
  /** EtherType, or up to 1500 the length of an 802.3 frame's payload in octets. */
  readonly type: number
}

export interface Ethernet extends EthernetHeader, Carrier {}

/** Offsets in octets. */
const AT = { destination: 0, source: 6, type: 12 } as const
const SHORTEST = 14
/** Larger ones are EtherTypes (IEEE 802.3 section 3.2.6). */
const LONGEST_PAYLOAD = 1500

/**
 * Ethernet header and tags at `at`. The payload goes up to `end`, with the padding of short frames, unless the type
 * field is a length: only then the frame can be told to be truncated.
 * @returns undefined when the header is not whole
 */
export function decodeEthernet(octets: Uint8Array, at = 0, end = octets.length): Ethernet | undefined {
  const limit = limitOf(octets, end)
  if (at + SHORTEST > limit) return undefined
  const tagged = decodeTags(octets, at + SHORTEST, limit, read16(octets, at + AT.type))
  if (tagged === undefined) return undefined
  const { tags, type, from } = tagged
  const promised = type <= LONGEST_PAYLOAD ? from + type : limit
  return {
    destination: readMac(octets, at + AT.destination),
    source: readMac(octets, at + AT.source),
    tags,
    type,
    ...carried(from, promised, limit),
  }
}

/**
 * Writes header and tags, 14 octets and 4 for each tag; short frames are padded by the sender's card.
 * @returns how many octets were written
 * @throws RangeError when an address is no MAC address, for the reasons of `encodeTags`, or when the buffer is too
 * small
 */
export function encodeEthernet(header: EthernetHeader, into: Uint8Array, at: number): number {
  needRoom(into, at, SHORTEST)
  const length = AT.type + encodeTags(header.tags, header.type, into, at + AT.type)
  writeMac(header.destination, into, at + AT.destination)
  writeMac(header.source, into, at + AT.source)
  return length
}
