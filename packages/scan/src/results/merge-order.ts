import { type Address, parseIpv4, parseIpv6 } from '@portkit/core'

/** Sorted by numbers, and by text where those are equal: the same for any order of the items. */
export function inOrderOf<T>(
  items: readonly T[],
  numbers: (item: T) => readonly number[],
  text: (item: T) => string,
): readonly T[] {
  if (items.length < 2) return items
  const texts = new Map<T, string>()
  // Texts may be long: only where they are needed.
  const textOf = (item: T): string => {
    const known = texts.get(item) ?? text(item)
    texts.set(item, known)
    return known
  }
  return items.toSorted((a, b) => {
    const order = compareNumbers(numbers(a), numbers(b))
    return order === 0 ? compareTexts(textOf(a), textOf(b)) : order
  })
}

/** IPv4 before IPv6, each by number, then by zone; what is no address comes last. */
export function inAddressOrder<T extends Pick<Address, 'address'>>(hosts: readonly T[]): readonly T[] {
  const keyed = hosts.map((host) => ({ host, key: addressKey(host.address) }))
  return inOrderOf(
    keyed,
    ({ key }) => key,
    ({ host }) => host.address,
  ).map(({ host }) => host)
}

function addressKey(address: string): readonly number[] {
  const octets = parseIpv4(address)
  if (octets !== undefined) return [4, ...octets]
  const groups = parseIpv6(address.split('%', 1)[0] ?? '')
  return groups === undefined ? [9] : [6, ...groups]
}

function compareNumbers(a: readonly number[], b: readonly number[]): number {
  for (const [i, number] of a.entries()) {
    const difference = number - (b[i] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

function compareTexts(a: string, b: string): number {
  return a === b ? 0 : a < b ? -1 : 1
}
