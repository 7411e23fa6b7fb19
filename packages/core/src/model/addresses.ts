import { domainToASCII } from 'node:url'
import { UsageError } from './errors.ts'
import { quoted } from './quoted.ts'
import type { Address } from './target.ts'

/** The longest text form, `::ffff:255.255.255.255` with all zeros written out. */
const LONGEST_IPV6 = 45
const LONGEST_ZONE = 64
/** RFC 1035 section 2.3.4, in octets of the ASCII form. */
const LONGEST_LABEL = 63
const LONGEST_NAME = 253
const TOO_LONG = `at most ${LONGEST_NAME} characters, ${LONGEST_LABEL} between dots`
/** The work of finding the ASCII form grows with the square of the length. */
const LONGEST_INPUT = 4 * LONGEST_NAME

/** Four octets of a dotted quad; undefined for anything else, also for octal, hexadecimal and short forms. */
export function parseIpv4(text: string): readonly number[] | undefined {
  const parts = text.split('.', 5)
  if (parts.length !== 4) return undefined
  const octets = parts.map((part) => (/^(0|[1-9]\d{0,2})$/.test(part) ? Number(part) : 256))
  return octets.every((octet) => octet <= 255) ? octets : undefined
}

/** Eight groups of 16 bits (RFC 4291 section 2.2); undefined for anything else. No zone, no brackets. */
export function parseIpv6(text: string): readonly number[] | undefined {
  if (text.length > LONGEST_IPV6) return undefined
  const [head = '', tail, ...more] = text.split('::')
  if (more.length > 0) return undefined
  if (tail === undefined) {
    const groups = parseGroups(head, true)
    return groups?.length === 8 ? groups : undefined
  }
  const before = parseGroups(head, false)
  const after = parseGroups(tail, true)
  if (before === undefined || after === undefined) return undefined
  const zeros = 8 - before.length - after.length
  return zeros < 1 ? undefined : [...before, ...Array<number>(zeros).fill(0), ...after]
}

/** Groups with colons between; the last of an address may be a dotted quad (RFC 4291 section 2.2, form 3). */
function parseGroups(text: string, isEnd: boolean): readonly number[] | undefined {
  if (text === '') return []
  const parts = text.split(':')
  const quad = isEnd ? parseIpv4(parts.at(-1) ?? '') : undefined
  const groups = (quad ? parts.slice(0, -1) : parts).map((part) =>
    /^[\da-f]{1,4}$/i.test(part) ? Number.parseInt(part, 16) : Number.NaN,
  )
  if (groups.some(Number.isNaN)) return undefined
  if (quad === undefined) return groups
  const [a = 0, b = 0, c = 0, d = 0] = quad
  return [...groups, a * 256 + b, c * 256 + d]
}

/** The canonical text of eight groups (RFC 5952); IPv4-mapped addresses with a dotted quad (section 5). */
export function formatIpv6(groups: readonly number[]): string {
  const quad = mappedQuad(groups)
  if (quad !== undefined) return `::ffff:${quad}`
  const { start, length } = longestZeros(groups)
  const hex = groups.map((group) => group.toString(16))
  if (length < 2) return hex.join(':')
  return `${hex.slice(0, start).join(':')}::${hex.slice(start + length).join(':')}`
}

/** The first of the longest runs of zeros (RFC 5952 section 4.2.3). */
function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let longest = { start: 0, length: 0 }
  let length = 0
  for (const [i, group] of groups.entries()) {
    length = group === 0 ? length + 1 : 0
    if (length > longest.length) longest = { start: i - length + 1, length }
  }
  return longest
}

/** The IPv4 address inside ::ffff:0:0/96 (RFC 4291 section 2.5.5.2). */
function mappedQuad(groups: readonly number[]): string | undefined {
  const [high = 0, low = 0] = groups.slice(6)
  if (groups.slice(0, 5).some((group) => group !== 0) || groups[5] !== 0xffff) return undefined
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}

/**
 * An address literal in its canonical form: `10.0.0.1`, `2001:db8::1`, `fe80::1%eth0` (RFC 4007 section 11).
 * undefined for anything else; names and brackets are not looked at.
 */
export function parseAddress(text: string): Address | undefined {
  if (parseIpv4(text) !== undefined) return { address: text, family: 4 }
  const { host, zone } = splitZone(text)
  const groups = parseIpv6(host)
  if (groups === undefined || (zone !== undefined && !isZone(zone))) return undefined
  return { address: withZone(formatIpv6(groups), zone), family: 6 }
}

/** `::ffff:10.0.0.1` as the IPv4 address that the packets will carry; every other address as it is. */
export function unmapped(address: Address): Address {
  const groups = parseIpv6(splitZone(address.address).host)
  const quad = groups && mappedQuad(groups)
  return quad === undefined ? address : { address: quad, family: 4 }
}

/** fe80::/10, where a zone says which link is meant (RFC 4291 section 2.5.6). */
export function isLinkLocal({ address }: Address): boolean {
  const groups = parseIpv6(splitZone(address).host)
  return groups !== undefined && ((groups[0] ?? 0) & 0xffc0) === 0xfe80
}

export function withZone(address: string, zone: string | undefined): string {
  return zone === undefined ? address : `${address}%${zone}`
}

function splitZone(text: string): { readonly host: string; readonly zone: string | undefined } {
  const at = text.indexOf('%')
  return at === -1 ? { host: text, zone: undefined } : { host: text.slice(0, at), zone: text.slice(at + 1) }
}

/** The name or the number of an interface: printable, without what would end it in `[fe80::1%eth0]:22`. */
function isZone(zone: string): boolean {
  return zone.length <= LONGEST_ZONE && /^[^\s\p{C}%/:[\]]+$/u.test(zone)
}

/** What a word means as a host. `name` is in ASCII (RFC 5891), ready for the resolver. */
export type Host =
  | { readonly kind: 'address'; readonly address: Address }
  | { readonly kind: 'name'; readonly name: string; readonly zone: string | undefined }

/**
 * Tells a literal from a name. A name has labels of letters, digits, `-` and `_`, also beyond ASCII, may end
 * with a dot, and may carry a zone for its link-local addresses (`printer.local%eth0`).
 * @throws UsageError when the word can be neither
 */
export function parseHost(text: string): Host {
  const address = parseAddress(text)
  if (address !== undefined) return { kind: 'address', address }
  const { host, zone } = splitZone(text)
  if (zone !== undefined && !isZone(zone)) {
    throw new UsageError(`zone invalid: ${quoted(text)} (the name of an interface belongs after the %)`)
  }
  if (zone !== undefined && parseIpv4(host) !== undefined) {
    throw new UsageError(`zone invalid: ${quoted(text)} (an IPv4 address has none)`)
  }
  if (host.includes(':')) throw new UsageError(`IPv6 address invalid: ${quoted(text)}`)
  const name = asciiName(host, text)
  // getaddrinfo(3) would take 127.1 and 010.0.0.1 for other addresses than they seem to be.
  if (/(^|\.)(\d+|0x[\da-f]*)\.?$/i.test(name)) {
    throw new UsageError(`IPv4 address invalid: ${quoted(text)} (four numbers from 0 to 255)`)
  }
  return { kind: 'name', name, zone }
}

function asciiName(host: string, text: string): string {
  const invalid = (why: string): UsageError => new UsageError(`host name invalid: ${quoted(text)} (${why})`)
  const odd = /[^\w.\u{80}-\u{10ffff}-]|[\s\p{Cc}]/u.exec(host)
  if (odd !== null) throw invalid(`${quoted(odd[0])} is not allowed`)
  if (host.length > LONGEST_INPUT) throw invalid(TOO_LONG)
  const name = /^[\w.-]*$/.test(host) ? host : domainToASCII(host)
  // The mapping of UTS 46 may bring forth what was refused above: U+3200 stands for brackets, too.
  if (host !== '' && !/^[\w.-]+$/.test(name)) throw invalid('these characters do not make a name')
  const labels = name.replace(/\.$/, '').split('.')
  if (labels.includes('')) throw invalid('empty, or empty between dots')
  const length = labels.join('.').length
  if (length > LONGEST_NAME || labels.some((label) => label.length > LONGEST_LABEL)) throw invalid(TOO_LONG)
  return name
}
