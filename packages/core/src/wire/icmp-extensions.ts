import { internetChecksum } from './checksum.ts'
import { read16 } from './octets.ts'
import type { Span } from './span.ts'

/** One object of an extension structure (RFC 4884 section 7.1); class 1, type 1 is an MPLS label stack (RFC 4950). */
export interface IcmpExtension {
  readonly class: number
  readonly type: number
  /** Behind the object's four-octet header. */
  readonly payload: Span
}

/** What an ICMP error appends to the packet that it quotes (RFC 4884). */
export interface IcmpExtensions extends Span {
  readonly objects: readonly IcmpExtension[]
  /** An object's length contradicts the structure: the ones before it are here. */
  readonly malformed: boolean
}

/** The packet that an ICMP error quotes, and what follows it. */
export interface Quotation {
  readonly quote: Span
  readonly extensions: IcmpExtensions | undefined
}

/** Sections 4.1 to 4.5: a quote that extensions follow is padded to at least this many octets. */
const LEAST_QUOTE = 128
const HEADER = 4
const VERSION = 2

/**
 * Parts the octets behind an ICMP error's header. `declared` is the length that the header gives the quote, in
 * octets; 0 where it gives none. Then extensions are looked for behind 128 octets, where systems from before RFC 4884
 * put them (section 5.5), and taken for such only with a right checksum.
 */
export function decodeQuotation(
  octets: Uint8Array,
  body: Span,
  declared: number,
  truncated: boolean,
): Quotation {
  const isDeclared = declared >= LEAST_QUOTE
  const border = body.from + (isDeclared ? declared : LEAST_QUOTE)
  if (border > body.to) return { quote: body, extensions: undefined }
  const quote = { from: body.from, to: border }
  const extensions = decodeExtensions(octets, { from: border, to: body.to }, truncated)
  if (isDeclared) return { quote, extensions }
  const isProven = extensions !== undefined && !truncated && read16(octets, border + 2) !== 0
  return isProven && !extensions.malformed ? { quote, extensions } : { quote: body, extensions: undefined }
}

/** Undefined for another version or a wrong checksum (0: the sender made none); a cut one cannot be checked. */
function decodeExtensions(
  octets: Uint8Array,
  { from, to }: Span,
  truncated: boolean,
): IcmpExtensions | undefined {
  if (to - from < HEADER || (octets[from] ?? 0) >>> 4 !== VERSION) return undefined
  const isSummed = read16(octets, from + 2) !== 0 && !truncated
  if (isSummed && internetChecksum(octets, from, to) !== 0) return undefined
  const objects = decodeObjects(octets, { from: from + HEADER, to })
  const after = objects.at(-1)?.payload.to ?? from + HEADER
  return { from, to, objects, malformed: after !== to && !truncated }
}

function decodeObjects(octets: Uint8Array, { from, to }: Span): readonly IcmpExtension[] {
  const objects: IcmpExtension[] = []
  let at = from
  while (at + HEADER <= to) {
    const length = read16(octets, at)
    if (length < HEADER || at + length > to) break
    const payload = { from: at + HEADER, to: at + length }
    objects.push({ class: octets[at + 2] ?? 0, type: octets[at + 3] ?? 0, payload })
    at += length
  }
  return objects
}
