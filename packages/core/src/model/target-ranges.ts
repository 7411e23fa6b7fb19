import { formatIpv6, parseAddress, parseHost, parseIpv4, parseIpv6, withZone } from './addresses.ts'
import { UsageError } from './errors.ts'
import { type Octets, parseOctetRanges } from './octet-ranges.ts'
import { quoted } from './quoted.ts'
import type { Address, Family } from './target.ts'

/** A run of addresses, told without a look-up, made one by one. `addresses` begins anew each time. */
export interface AddressRange {
  readonly kind: 'addresses'
  /** As typed. */
  readonly text: string
  readonly family: Family
  /** 1 to 2^32. */
  readonly count: number
  /** The address at a place, from 0. @throws RangeError outside of 0 to count - 1 */
  at(place: number): Address
  addresses(): Generator<Address>
}

/** A name that has to be looked up first; with a `prefix` the network around its address is meant. */
export interface NamedRange {
  readonly kind: 'name'
  /** As typed. */
  readonly text: string
  /** Without the prefix: what `parseHost` and `resolveHost` take. */
  readonly host: string
  readonly prefix: number | undefined
  /** How many addresses it will be; 1 without a prefix. */
  readonly count: number
}

export type TargetRange = AddressRange | NamedRange

/** Networks of more addresses than IPv4 has in all are nobody's target. */
const MOST_HOST_BITS = 32

const BITS = { 4: 32, 6: 128 } as const satisfies Record<Family, number>

/**
 * Reads one target: a name, an address (IPv6 also in brackets), a network `10.0.0.0/24`, `fd00::/120` or `name/24`, or
 * ranges of octets `10.0.*.1-24`, `10.0.0.1,5,9-`. Addresses come in ascending order, each once, the first and the last
 * of a network among them.
 * @throws UsageError with what is wrong
 */
export function parseTargetSpec(text: string): TargetRange {
  const { host, prefix } = splitPrefix(text)
  const address = parseAddress(unbracketed(host))
  if (address !== undefined) return network(address, prefix, text)
  if (host.startsWith('[')) throw new UsageError(`IPv6 address invalid: ${quoted(text)}`)
  const octets = parseOctetRanges(host)
  if (octets === undefined) return named(host, prefix, text)
  if (prefix !== undefined)
    throw new UsageError(`either ranges of octets or a prefix, not both: ${quoted(text)}`)
  return range(text, 4, countOf(octets), octetsAt(octets))
}

/**
 * What a name stands for, once its address is known.
 * @throws UsageError when the prefix is none for that address
 */
export function rangeAround(address: Address, { prefix, text }: NamedRange): AddressRange {
  return network(address, prefix, text)
}

interface Split {
  readonly host: string
  readonly prefix: number | undefined
}

function splitPrefix(text: string): Split {
  const slash = text.indexOf('/')
  if (slash === -1) return { host: text, prefix: undefined }
  const digits = text.slice(slash + 1)
  const prefix = /^\d{1,3}$/.test(digits) ? Number(digits) : BITS[6] + 1
  if (prefix > BITS[6])
    throw new UsageError(`prefix invalid: ${quoted(text)} (a number from 0 to ${BITS[6]})`)
  return { host: text.slice(0, slash), prefix }
}

function unbracketed(host: string): string {
  const inside = /^\[(.*)\]$/s.exec(host)?.[1]
  return inside?.includes(':') ? inside : host
}

function named(host: string, prefix: number | undefined, text: string): NamedRange {
  parseHost(host)
  if (prefix === undefined) return { kind: 'name', text, host, prefix, count: 1 }
  // Of up to 32 bits only a network of IPv4 is small enough to walk, of more there is only IPv6.
  const family = prefix <= BITS[4] ? 4 : 6
  return { kind: 'name', text, host, prefix, count: 2 ** hostBits(family, prefix, text) }
}

function hostBits(family: Family, prefix: number, text: string): number {
  const bits = BITS[family] - prefix
  if (bits < 0) throw new UsageError(`prefix invalid: ${quoted(text)} (IPv4 has ${BITS[4]} bits)`)
  if (bits <= MOST_HOST_BITS) return bits
  throw new UsageError(`network too large: ${quoted(text)} (at most /${BITS[family] - MOST_HOST_BITS})`)
}

function network(address: Address, prefix: number | undefined, text: string): AddressRange {
  const { family } = address
  const count = 2 ** hostBits(family, prefix ?? BITS[family], text)
  return range(
    text,
    family,
    count,
    family === 4 ? ipv4From(address.address, count) : ipv6From(address.address, count),
  )
}

type AddressAt = (place: number) => string

function range(text: string, family: Family, count: number, textAt: AddressAt): AddressRange {
  const at = (place: number): Address => {
    if (Number.isInteger(place) && place >= 0 && place < count) return { address: textAt(place), family }
    throw new RangeError(`no place ${place} among ${count} addresses`)
  }
  function* addresses(): Generator<Address> {
    for (let place = 0; place < count; place += 1) yield at(place)
  }
  return { kind: 'addresses', text, family, count, at, addresses }
}

function ipv4From(address: string, count: number): AddressAt {
  const value = (parseIpv4(address) ?? []).reduce((sum, octet) => sum * 256 + octet, 0)
  const first = value - (value % count)
  return (place) => {
    const bits = (first + place) >>> 0
    return `${bits >>> 24}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`
  }
}

function ipv6From(text: string, count: number): AddressAt {
  const [literal = '', zone] = text.split('%')
  const groups = parseIpv6(literal) ?? []
  const [high = 0, low = 0] = groups.slice(6)
  const value = high * 2 ** 16 + low
  const first = value - (value % count)
  return (place) => {
    const own = [...groups.slice(0, 6), Math.floor((first + place) / 2 ** 16), (first + place) % 2 ** 16]
    return withZone(formatIpv6(own), zone)
  }
}

function countOf(octets: Octets): number {
  return octets.reduce((product, values) => product * values.length, 1)
}

/** The last octet changes fastest. */
function octetsAt([a, b, c, d]: Octets): AddressAt {
  return (place) => {
    const third = Math.floor(place / d.length)
    const second = Math.floor(third / c.length)
    const first = Math.floor(second / b.length)
    return `${a[first]}.${b[second % b.length]}.${c[third % c.length]}.${d[place % d.length]}`
  }
}
