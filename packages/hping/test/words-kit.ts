import { type SeenPacket, type Sighting, sight } from '@portkit/core'
import { encodeIpv4 } from '@portkit/core/wire'
import { PLAIN4 } from '../../core/test/plain-header.ts'
import { seen as arrived } from '../../core/test/probe-kit.ts'

/** The sighting of a kind; fails the test when the octets are none of it. */
export function seen<K extends Sighting['kind']>(
  kind: K,
  octets: Uint8Array,
  more: Partial<SeenPacket> = {},
): Extract<Sighting, { kind: K }> {
  const found = looked(octets, more)
  if (!isOf(kind, found)) throw new Error(`no ${kind} but ${found?.kind}`)
  return found
}

function isOf<K extends Sighting['kind']>(
  kind: K,
  found: Sighting | undefined,
): found is Extract<Sighting, { kind: K }> {
  return found?.kind === kind
}

/** What the octets are, if anything. */
export function looked(octets: Uint8Array, more: Partial<SeenPacket> = {}): Sighting | undefined {
  return sight(arrived(octets, more))
}

/** Octets of hexadecimal digits; white space does not count. */
export function hex(digits: string): Uint8Array {
  return Uint8Array.from(Buffer.from(digits.replace(/\s/g, ''), 'hex'))
}

export interface Ip4 {
  readonly source?: string
  readonly ttl?: number
  readonly id?: number
  readonly tos?: number
  readonly protocol: number
  readonly dontFragment?: boolean
  readonly moreFragments?: boolean
  readonly options?: Uint8Array
}

/** A whole IPv4 packet to 10.77.0.1 with `upper` behind its header. */
export function ip4(fields: Ip4, upper: Uint8Array): Uint8Array {
  const optionOctets = fields.options ?? new Uint8Array()
  const octets = new Uint8Array(20 + optionOctets.length + upper.length)
  const header = {
    ...PLAIN4,
    source: '10.77.0.2',
    destination: '10.77.0.1',
    dontFragment: false,
    ...fields,
    totalLength: octets.length,
    optionOctets,
  }
  octets.set(upper, encodeIpv4(header, octets, 0))
  return octets
}

/** A record-route option of 39 octets in which these addresses stand, and what fills it up to 40. */
export function recordRoute(addresses: readonly string[]): Uint8Array {
  const option = new Uint8Array(40)
  option.set([7, 39, 4 + 4 * addresses.length])
  for (const [i, address] of addresses.entries()) option.set(address.split('.').map(Number), 3 + 4 * i)
  return option
}
