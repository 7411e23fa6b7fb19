import { formatIpv6, parseIpv4, parseIpv6 } from '../model/addresses.ts'

/** Reading and writing of numbers and addresses, big-endian as everything on the wire. */

/** The unsigned 16 bits at `at`; octets outside of the array read as zero. */
export function read16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
}

/** The unsigned 32 bits at `at`; octets outside of the array read as zero. */
export function read32(octets: Uint8Array, at: number): number {
  return read16(octets, at) * 0x10000 + read16(octets, at + 2)
}

export function write16(into: Uint8Array, at: number, value: number): void {
  into[at] = value >>> 8
  into[at + 1] = value
}

export function write32(into: Uint8Array, at: number, value: number): void {
  write16(into, at, value >>> 16)
  write16(into, at + 2, value & 0xffff)
}

/** Four octets as a dotted quad. */
export function readIpv4(octets: Uint8Array, at: number): string {
  return `${octets[at] ?? 0}.${octets[at + 1] ?? 0}.${octets[at + 2] ?? 0}.${octets[at + 3] ?? 0}`
}

/** Sixteen octets in the canonical text of RFC 5952, without a zone. */
export function readIpv6(octets: Uint8Array, at: number): string {
  const groups: number[] = []
  for (let i = at; i < at + 16; i += 2) groups.push(read16(octets, i))
  return formatIpv6(groups)
}

/** Octets in hexadecimal with colons between, as MAC addresses are written: `02:00:00:00:00:01`. */
export function readMac(octets: Uint8Array, at: number, length = 6): string {
  const parts: string[] = []
  for (let i = at; i < at + length; i++) parts.push((octets[i] ?? 0).toString(16).padStart(2, '0'))
  return parts.join(':')
}

/** @throws RangeError when the text is no dotted quad */
export function writeIpv4(text: string, into: Uint8Array, at: number): void {
  const parts = parseIpv4(text)
  if (parts === undefined) throw new RangeError(`not an IPv4 address: ${text}`)
  into.set(parts, at)
}

/** @throws RangeError when the text is no IPv6 address; a zone is not taken, for no packet carries one */
export function writeIpv6(text: string, into: Uint8Array, at: number): void {
  const groups = parseIpv6(text)
  if (groups === undefined) throw new RangeError(`not an IPv6 address without a zone: ${text}`)
  for (const [i, group] of groups.entries()) write16(into, at + 2 * i, group)
}

/** @throws RangeError when the text is not `length` octets in hexadecimal with colons between */
export function writeMac(text: string, into: Uint8Array, at: number, length = 6): void {
  const parts = text === '' ? [] : text.split(':')
  if (parts.length !== length || !parts.every((part) => /^[\da-f]{2}$/i.test(part))) {
    throw new RangeError(`not a link-layer address of ${length} octets: ${text}`)
  }
  into.set(
    parts.map((part) => Number.parseInt(part, 16)),
    at,
  )
}

/** The octets of an address, 4 or 16, as pseudo-headers need them. @throws RangeError when it is none */
export function addressOctets(text: string): Uint8Array {
  const octets = new Uint8Array(text.includes(':') ? 16 : 4)
  if (octets.length === 4) writeIpv4(text, octets, 0)
  else writeIpv6(text, octets, 0)
  return octets
}

/** All pieces one after the other, which are `length` octets. */
export function joined(pieces: readonly Uint8Array[], length: number): Uint8Array {
  const all = new Uint8Array(length)
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}

/** @throws RangeError when `into` has no room for `length` octets at `at` */
export function needRoom(into: Uint8Array, at: number, length: number): void {
  if (!Number.isInteger(at) || at < 0 || at + length > into.length) {
    throw new RangeError(`${length} octets at ${at} do not fit into ${into.length}`)
  }
}

/** @throws RangeError when a field is not an unsigned integer of at most `most` */
export function needField(name: string, value: number, most: number): void {
  if (!Number.isInteger(value) || value < 0 || value > most) {
    throw new RangeError(`${name} must be an integer from 0 to ${most}: ${value}`)
  }
}
