import { type Address, type AddressRange, parseIpv4, parseIpv6, unmapped } from '@portkit/core'

const DOT = 46
const ZERO = 48

/** The 32 bits of a dotted quad. It has to be one. */
export function ipv4Value(text: string): number {
  let value = 0
  let octet = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    if (code === DOT) {
      value = value * 256 + octet
      octet = 0
    } else octet = octet * 10 + code - ZERO
  }
  return value * 256 + octet
}

/** A dotted quad of 32 bits. */
export function ipv4Text(value: number): string {
  return `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}`
}

/** The value of a word that is a dotted quad; undefined for all others. */
export function plainIpv4(word: string): number | undefined {
  return parseIpv4(word) === undefined ? undefined : ipv4Value(word)
}

/** The 128 bits of an IPv6 address, without its zone. */
export function ipv6Value(text: string): bigint {
  const groups = parseIpv6(text.replace(/%.*/s, '')) ?? []
  return groups.reduce((value, group) => value * 65_536n + BigInt(group), 0n)
}

/** The lowest and the highest value of an IPv6 network, of any size; undefined for all other words. */
export function ipv6Network(word: string): readonly [bigint, bigint] | undefined {
  const [, text, prefix] = /^([^%/]+)\/(\d{1,3})$/.exec(word) ?? []
  const address = text?.replace(/^\[(.*)\]$/, '$1') ?? ''
  if (parseIpv6(address) === undefined || Number(prefix) > 128) return undefined
  const bits = BigInt(128 - Number(prefix))
  const first = (ipv6Value(address) >> bits) << bits
  return [first, first + (1n << bits) - 1n]
}

export function zoneOf({ address }: Address): string | undefined {
  const at = address.indexOf('%')
  return at === -1 ? undefined : address.slice(at + 1)
}

/** The lowest and the highest address, as packets carry them. */
export function endsOf(range: AddressRange): readonly [Address, Address] {
  return [unmapped(range.at(0)), unmapped(range.at(range.count - 1))]
}
