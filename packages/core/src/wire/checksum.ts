/**
 * The Internet checksum (RFC 1071): the ones' complement of the ones' complement sum of 16-bit words, the first
 * octet of a word being the high one; a last odd octet is taken as if a zero followed it.
 *
 * Sums stay unfolded while they are gathered: a number holds the words of 2^37 octets exactly.
 */

/**
 * The unfolded sum of `octets[from]` up to but not including `octets[to]`, added to `start`. What lies outside of
 * the array counts as zero. Of the pieces of one message only the last may have an odd length.
 */
export function sumOf(octets: Uint8Array, from: number, to: number, start = 0): number {
  const end = Math.min(to, octets.length)
  let sum = start
  let at = from
  for (; at + 1 < end; at += 2) sum += ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
  return at < end ? sum + ((octets[at] ?? 0) << 8) : sum
}

/** An unfolded sum brought into 16 bits: carries are added back in (RFC 1071 section 1, step 2). */
export function fold(sum: number): number {
  let folded = sum
  while (folded > 0xffff) folded = (folded % 0x10000) + Math.floor(folded / 0x10000)
  return folded
}

/** An unfolded sum as the value that belongs into a checksum field: folded, then inverted. */
export function finish(sum: number): number {
  return fold(sum) ^ 0xffff
}

/** The checksum of `octets[from]` up to but not including `octets[to]`; `start` is an unfolded sum. */
export function internetChecksum(octets: Uint8Array, from: number, to: number, start = 0): number {
  return finish(sumOf(octets, from, to, start))
}

/**
 * The unfolded sum of the pseudo-header of TCP and UDP over IPv4 (RFC 9293 section 3.1, RFC 768).
 * Addresses are 4 octets; `length` is that of the TCP or UDP header and its payload.
 */
export function pseudoSum4(
  source: Uint8Array,
  destination: Uint8Array,
  protocol: number,
  length: number,
): number {
  return sumOf(source, 0, 4, sumOf(destination, 0, 4, protocol + length))
}

/**
 * The unfolded sum of the pseudo-header over IPv6 (RFC 8200 section 8.1), also for ICMPv6 (RFC 4443 section 2.3).
 * Addresses are 16 octets; `length` is that of the upper-layer header and its payload, without extension headers.
 */
export function pseudoSum6(
  source: Uint8Array,
  destination: Uint8Array,
  nextHeader: number,
  length: number,
): number {
  return sumOf(source, 0, 16, sumOf(destination, 0, 16, nextHeader + (length >>> 16) + (length & 0xffff)))
}

/** The checksum of a message after one of its 16-bit words changed from `before` to `after` (RFC 1624, eqn. 3). */
export function adjusted(checksum: number, before: number, after: number): number {
  return finish((checksum ^ 0xffff) + (before ^ 0xffff) + after)
}

/**
 * What a checksum field says of its message. `absent`: UDP's zero, the sender made none (RFC 768). `offloaded`: the
 * field holds the sum of the pseudo-header only, as packets do that were caught on their way to a network card
 * which completes them; almost surely good on the wire. `truncated`: the capture lacks octets that the sum covers.
 */
export type ChecksumState = 'good' | 'bad' | 'absent' | 'offloaded' | 'truncated'

/** Where a checksum lies and what it covers. */
export interface Summed {
  /** The first octet that the sum covers, and the first one after; by the header's own length, not the capture's. */
  readonly from: number
  readonly to: number
  /** Offset of the checksum field, between `from` and `to`. */
  readonly field: number
  /** The unfolded sum of the pseudo-header; not given where there is none (IPv4 header, ICMPv4). */
  readonly pseudo?: number
  /** Zero in the field means that there is no checksum (UDP). */
  readonly isZeroNone?: boolean
}

/** Judges the checksum of a message in `octets`; never throws. */
export function verify(
  octets: Uint8Array,
  { from, to, field, pseudo, isZeroNone = false }: Summed,
): ChecksumState {
  const high = octets[field]
  const low = octets[field + 1]
  if (high === undefined || low === undefined) return 'truncated'
  const stored = (high << 8) | low
  if (isZeroNone && stored === 0) return 'absent'
  if (pseudo !== undefined && stored === fold(pseudo)) return isGood() ? 'good' : 'offloaded'
  if (to > octets.length) return 'truncated'
  return isGood() ? 'good' : 'bad'

  function isGood(): boolean {
    return to <= octets.length && finish(sumOf(octets, from, to, pseudo)) === 0
  }
}
