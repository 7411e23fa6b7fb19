import { type ChecksumState, finish, pseudoSum4, pseudoSum6, sumOf, verify } from './checksum.ts'
import { needField, needRoom, read16, write16 } from './octets.ts'

/** The addresses in the pseudo-header of a checksum: both 4 octets or both 16 (`addressOctets`). */
export interface Ends {
  readonly source: Uint8Array
  readonly destination: Uint8Array
}

/** What a checksum covers beyond the header: the pseudo-header, and a payload that stands behind the header. */
export interface Covered extends Ends {
  readonly payloadLength: number
}

/** How an encoder fills a checksum field: with a number as it is, wrong or right, or with the one that belongs there. */
export type Seal<C = Covered> = number | C

/** The numbers of IP protocols whose checksum has a pseudo-header, and where their checksum field lies. */
export const SEALED = {
  tcp: { protocol: 6, field: 16 },
  udp: { protocol: 17, field: 6 },
  icmp6: { protocol: 58, field: 2 },
} as const

type Sealed = keyof typeof SEALED

/**
 * Fills the checksum of a header of `length` octets that stands at `at`.
 * @throws RangeError when the payload does not fit into the array, a given number is none of 16 bits, or the
 * addresses are not of one family
 */
export function sealTransport(kind: Sealed, into: Uint8Array, at: number, length: number, seal: Seal): void {
  const { protocol, field } = SEALED[kind]
  if (typeof seal === 'number') {
    sealWith(into, at + field, seal)
    return
  }
  const whole = length + seal.payloadLength
  needField('payloadLength', seal.payloadLength, 0xffffffff - length)
  needRoom(into, at, whole)
  write16(into, at + field, 0)
  const sum = finish(sumOf(into, at, at + whole, pseudoSum(seal, protocol, whole)))
  // RFC 768: a sum of zero is sent as all ones, for zero says that there is none.
  write16(into, at + field, sum === 0 && kind === 'udp' ? 0xffff : sum)
}

/** Fills a checksum without a pseudo-header, that of ICMPv4, over `length` octets at `at`. */
export function sealPlain(into: Uint8Array, at: number, field: number, length: number): void {
  needRoom(into, at, length)
  write16(into, at + field, 0)
  write16(into, at + field, finish(sumOf(into, at, at + length)))
}

/** @throws RangeError when the number is none of 16 bits */
export function sealWith(into: Uint8Array, field: number, checksum: number): void {
  needField('checksum', checksum, 0xffff)
  write16(into, field, checksum)
}

function pseudoSum({ source, destination }: Ends, protocol: number, length: number): number {
  if (source.length !== destination.length || ![4, 16].includes(source.length)) {
    throw new RangeError(
      `addresses of ${source.length} and ${destination.length} octets make no pseudo-header`,
    )
  }
  const sum = source.length === 4 ? pseudoSum4 : pseudoSum6
  return sum(source, destination, protocol, length)
}

/**
 * Judges the checksum of a received message at `at` that has `length` octets by the IP header in front of it, also
 * when the capture was cut. A fragment cannot be judged: ask only for whole packets.
 * @throws RangeError when the addresses are not of one family
 */
export function verifyTransport(
  kind: Sealed,
  octets: Uint8Array,
  at: number,
  length: number,
  ends: Ends,
): ChecksumState {
  const { protocol, field } = SEALED[kind]
  const covered = kind === 'udp' ? udpLength(octets, at, length) : length
  return verify(octets, {
    from: at,
    to: at + covered,
    field: at + field,
    pseudo: pseudoSum(ends, protocol, covered),
    // RFC 8200 section 8.1: over IPv6 the zero is wrong.
    isZeroNone: kind === 'udp' && ends.source.length === 4,
  })
}

/** UDP's own length counts, which may end before the IP packet does (RFC 9868); 0 is a jumbogram (RFC 2675). */
function udpLength(octets: Uint8Array, at: number, length: number): number {
  const own = read16(octets, at + 4)
  return own === 0 ? length : own
}
