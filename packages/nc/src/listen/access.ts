import { parseIpv4, parseIpv6, UsageError, unmapped } from '@portkit/core'

/** An address as the number that its bits make. */
interface Bits {
  readonly family: 4 | 6
  readonly value: bigint
}

interface Network extends Bits {
  /** Bits behind the prefix. */
  readonly hostBits: bigint
}

const LENGTH = { 4: 32, 6: 128 } as const
/** ::ffff:0:0/96 (RFC 4291 section 2.5.5.2). */
const MAPPED_PREFIX = 96

/**
 * Who may call a listener. Entries are addresses (`192.0.2.7`, `2001:db8::1`) and prefixes (`192.0.2.0/24`, `fe80::/10`);
 * bits behind a prefix do not count. What is denied is denied, whatever is allowed; where anything is allowed all else
 * is denied. IPv4-mapped IPv6 addresses count as IPv4, zones do not count.
 * @returns whether an address may call; one that cannot be read may only where there are no entries
 * @throws UsageError for an entry that is no such thing
 */
export function createAccess(
  allow: readonly string[],
  deny: readonly string[],
): (address: string) => boolean {
  const allowed = allow.map((entry) => networkOf(entry, '--allow'))
  const denied = deny.map((entry) => networkOf(entry, '--deny'))
  if (allowed.length === 0 && denied.length === 0) return () => true
  return (address) => {
    const caller = bitsOf(address.replace(/%.*$/s, ''))
    if (caller === undefined || denied.some((network) => has(network, caller))) return false
    return allowed.length === 0 || allowed.some((network) => has(network, caller))
  }
}

function networkOf(entry: string, option: string): Network {
  const [address = '', length, ...more] = entry.split('/', 3)
  const bits = bitsOf(address)
  const written = address.includes(':') ? LENGTH[6] : LENGTH[4]
  const prefix = length === undefined ? written : prefixLength(length)
  if (bits === undefined || more.length > 0 || !(prefix <= written)) throw invalid(entry, option)
  // ::ffff:192.0.2.0/120 is 192.0.2.0/24; a shorter one than /96 has more in it than IPv4.
  const mapped = written !== LENGTH[bits.family]
  if (mapped && prefix < MAPPED_PREFIX) {
    return network({ family: 6, value: 0xffffn << 32n }, prefix)
  }
  return network(bits, mapped ? prefix - MAPPED_PREFIX : prefix)
}

function network(bits: Bits, prefix: number): Network {
  return { ...bits, hostBits: BigInt(LENGTH[bits.family] - prefix) }
}

function prefixLength(text: string): number {
  return /^\d{1,3}$/.test(text) ? Number(text) : Number.NaN
}

function has(network: Network, caller: Bits): boolean {
  if (network.family !== caller.family) return false
  return network.value >> network.hostBits === caller.value >> network.hostBits
}

function bitsOf(address: string): Bits | undefined {
  const plain = unmapped({ address, family: 6 }).address
  const quad = parseIpv4(plain)
  if (quad !== undefined) return { family: 4, value: joined(quad, 8n) }
  const groups = parseIpv6(plain)
  return groups && { family: 6, value: joined(groups, 16n) }
}

function joined(parts: readonly number[], width: bigint): bigint {
  return parts.reduce((value, part) => (value << width) | BigInt(part), 0n)
}

function invalid(entry: string, option: string): UsageError {
  const shown = entry.length > 60 ? `${entry.slice(0, 60)}…` : entry
  return new UsageError(
    `${option}: '${shown}' is no address or prefix (192.0.2.7, 192.0.2.0/24, 2001:db8::/32)`,
  )
}
