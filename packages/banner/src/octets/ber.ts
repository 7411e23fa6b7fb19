import type { Taken } from '../dialogue/dialogue.ts'
import { concat } from './octets.ts'

/**
 * BER as LDAP (RFC 4511 section 5.1) and SNMP (RFC 3417 section 8) use it: identifiers of one octet and definite lengths
 * (ITU-T X.690 section 8.1). Whatever else there is in BER is refused.
 */

/** Identifier octets of the universal types. */
export const BER = {
  boolean: 0x01,
  integer: 0x02,
  octetString: 0x04,
  null: 0x05,
  oid: 0x06,
  enumerated: 0x0a,
  sequence: 0x30,
  set: 0x31,
} as const satisfies Record<string, number>

/** One element: `contents` is a view of the octets that it was read from. */
export interface Element {
  /** The identifier octet: `BER.integer`, `0x64`. */
  readonly tag: number
  readonly contents: Uint8Array
}

/** The first five bits all set: the tag's number is in further octets. */
const LONG_TAG = 0x1f

/** The first element; `more` when it is not all there; undefined when it never will be one of at most `most` octets. */
export function readElement(octets: Uint8Array, most = 65_536): Taken<Element> | 'more' | undefined {
  const [tag] = octets
  if (tag === undefined) return 'more'
  if ((tag & LONG_TAG) === LONG_TAG) return undefined
  const size = readLength(octets)
  if (size === undefined || size === 'more') return size
  const length = size.length + size.value
  if (length > most) return undefined
  if (octets.length < length) return 'more'
  return { value: { tag, contents: octets.subarray(size.length, length) }, length }
}

/** The number of octets that follow, and where they begin. */
export function readLength(octets: Uint8Array): Taken<number> | 'more' | undefined {
  const first = octets[1]
  if (first === undefined) return 'more'
  if (first < 0x80) return { value: first, length: 2 }
  const count = first - 0x80
  // No octets at all would be the indefinite form.
  if (count === 0 || count > 4) return undefined
  if (octets.length < 2 + count) return 'more'
  const value = octets.subarray(2, 2 + count).reduce((sum, octet) => sum * 256 + octet, 0)
  return { value, length: 2 + count }
}

/** What a constructed element is made of, with nothing left over; undefined when it is not that, or of too many. */
export function readElements(contents: Uint8Array, most = 1000): readonly Element[] | undefined {
  const elements: Element[] = []
  let at = 0
  while (at < contents.length) {
    const next = readElement(contents.subarray(at))
    if (next === undefined || next === 'more' || elements.length === most) return undefined
    elements.push(next.value)
    at += next.length
  }
  return elements
}

/** The contents of an INTEGER or ENUMERATED of at most six octets; undefined when there are more of them, or none. */
export function readInteger(contents: Uint8Array): number | undefined {
  const [first] = contents
  if (first === undefined || contents.length > 6) return undefined
  return contents.subarray(1).reduce((sum, octet) => sum * 256 + octet, first < 0x80 ? first : first - 256)
}

/** The same without a sign, as SNMP's Counter, Gauge and TimeTicks are meant, whose first octet may be a padding zero. */
export function readUnsigned(contents: Uint8Array): number | undefined {
  if (contents.length === 0 || contents.length > 6) return undefined
  return contents.reduce((sum, octet) => sum * 256 + octet, 0)
}

/** Parts of an object identifier at most, as SMI has it (RFC 2578 section 3.5). */
const MOST_PARTS = 128

/** `1.3.6.1.2.1.1.1.0`; undefined when the contents are no object identifier with parts below 2^32. */
export function readOid(contents: Uint8Array): string | undefined {
  const parts: number[] = []
  let part = 0
  for (const octet of contents) {
    part = part * 128 + (octet & 0x7f)
    if (part > 0xffff_ffff || parts.length === MOST_PARTS) return undefined
    if (octet >= 0x80) continue
    // The first two parts share one number: 40 times the one, which is at most 2, and the other.
    if (parts.length === 0) {
      const root = Math.min(2, Math.floor(part / 40))
      parts.push(root, part - 40 * root)
    } else parts.push(part)
    part = 0
  }
  const ended = ((contents.at(-1) ?? 0x80) & 0x80) === 0
  return ended ? parts.join('.') : undefined
}

/** An element with these contents, one after the other. */
export function ber(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const size = contents.reduce((sum, part) => sum + part.length, 0)
  return concat(Uint8Array.of(tag, ...lengthOctets(size)), ...contents)
}

function lengthOctets(size: number): number[] {
  if (size < 0x80) return [size]
  const octets = [...base256(size)]
  return [0x80 + octets.length, ...octets]
}

function base256(value: number): number[] {
  return value < 256 ? [value] : [...base256(Math.floor(value / 256)), value % 256]
}

/** An INTEGER, or what else has its form; 32 bits with a sign. */
export function berInteger(value: number, tag: number = BER.integer): Uint8Array {
  const octets = [value >> 24, value >> 16, value >> 8, value].map((octet) => octet & 0xff)
  while (octets.length > 1 && isPadding(octets[0], octets[1])) octets.shift()
  return ber(tag, Uint8Array.from(octets))
}

/** The first octet only repeats the sign that the second one has (ITU-T X.690 section 8.3.2). */
function isPadding(first = 0, second = 0): boolean {
  return (first === 0 && second < 0x80) || (first === 0xff && second >= 0x80)
}

/** An OCTET STRING, or what else has its form; of text, in UTF-8. */
export function berString(value: string | Uint8Array, tag: number = BER.octetString): Uint8Array {
  return ber(tag, typeof value === 'string' ? new TextEncoder().encode(value) : value)
}

/** An OBJECT IDENTIFIER, of its numbers with dots between: at least two of them. */
export function berOid(text: string): Uint8Array {
  const [root = 0, second = 0, ...others] = text.split('.').map(Number)
  const octets = [40 * root + second, ...others].flatMap((part) => base128(part))
  return ber(BER.oid, Uint8Array.from(octets))
}

function base128(part: number): number[] {
  const octets = [part % 128]
  for (let rest = Math.floor(part / 128); rest > 0; rest = Math.floor(rest / 128))
    octets.unshift(0x80 + (rest % 128))
  return octets
}
