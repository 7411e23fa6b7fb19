import { type Address, type AddressRange, UsageError } from '@portkit/core'
import { endsOf, ipv4Value, ipv6Value, zoneOf } from './address-values.ts'
import { createIntervals } from './intervals.ts'

/** Addresses that are left out. */
export interface AddressSet {
  has(address: Address): boolean
  /** Whether all from the first to the last of a family are in it, as far as that can be said without looking at each. */
  coversAll(first: Address, last: Address): boolean
}

/** Addresses of octet ranges that do not follow one another are taken one by one up to this number of them. */
const FEW = 2 ** 16
const MOST_PATTERNS = 64

/** Gathers addresses, for a set of them. */
export interface AddressSetDraft {
  add(range: AddressRange): void
  addIpv4(value: number): void
  /** On every link, where no zone is given. Addresses of IPv4 in IPv6 are not looked for in here. */
  addIpv6(first: bigint, last: bigint, zone?: string): void
  done(): AddressSet
}

/**
 * Networks become intervals, whatever their size. Large sets with gaps, as `*.*.*.1`, are kept as they are, 64 of them at
 * most. An IPv6 address without a zone means that address on every link.
 * @throws UsageError for more of those
 */
export function createAddressSet(): AddressSetDraft {
  const ipv4: [number, number][] = []
  /** By zone. */
  const ipv6 = new Map<string | undefined, [bigint, bigint][]>()
  const patterns: AddressRange[] = []

  const addIpv6 = (first: bigint, last: bigint, zone?: string): void => {
    const runs = ipv6.get(zone) ?? []
    runs.push([first, last])
    ipv6.set(zone, runs)
  }
  const addPattern = (range: AddressRange): void => {
    if (range.count <= FEW) {
      for (const { address } of range.addresses()) ipv4.push([ipv4Value(address), ipv4Value(address)])
    } else if (patterns.length < MOST_PATTERNS) patterns.push(range)
    else throw new UsageError(`more than ${MOST_PATTERNS} large ranges of octets to exclude`)
  }
  return {
    addIpv4: (value) => void ipv4.push([value, value]),
    addIpv6,
    add(range) {
      const [first, last] = endsOf(range)
      if (first.family === 6) {
        addIpv6(ipv6Value(first.address), ipv6Value(last.address), zoneOf(first))
        return
      }
      const [from, to] = [ipv4Value(first.address), ipv4Value(last.address)]
      if (to - from + 1 === range.count) ipv4.push([from, to])
      else addPattern(range)
    },
    done() {
      const low = createIntervals(ipv4, (value) => value + 1)
      const byZone = new Map(
        [...ipv6].map(([zone, runs]) => [zone, createIntervals(runs, (one) => one + 1n)]),
      )
      const coversAll = (first: Address, last: Address): boolean => {
        if (first.family === 4) return low.covers(ipv4Value(first.address), ipv4Value(last.address))
        if (byZone.size === 0) return false
        const [from, to] = [ipv6Value(first.address), ipv6Value(last.address)]
        const isIn = (zone: string | undefined) => byZone.get(zone)?.covers(from, to) === true
        return isIn(undefined) || isIn(zoneOf(first))
      }
      const isInPattern = ({ address, family }: Address): boolean =>
        family === 4 && patterns.some((range) => isIn(range, ipv4Value(address)))
      return { coversAll, has: (address) => coversAll(address, address) || isInPattern(address) }
    },
  }
}

/** Addresses of a range ascend. */
function isIn(range: AddressRange, value: number): boolean {
  let low = 0
  let high = range.count - 1
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (ipv4Value(range.at(middle).address) < value) low = middle + 1
    else high = middle
  }
  return ipv4Value(range.at(low).address) === value
}
