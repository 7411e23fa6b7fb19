import { type AddressRange, unmapped } from '@portkit/core'
import type { Permutation } from '../spread/permutation.ts'
import type { AddressSet } from './address-set.ts'
import { ipv4Text } from './address-values.ts'
import type { HostList, ListedHost } from './host-list.ts'

/** Targets that stand together, made when they are asked for. */
export interface Segment {
  /** At least 1. */
  readonly size: number
  readonly isAscending: boolean
  at(place: number): ListedHost
}

const NONE: readonly string[] = []

export function segmentOfIpv4s(values: Uint32Array): Segment {
  return {
    size: values.length,
    isAscending: values.length === 1,
    at: (place) => ({ address: ipv4Text(values[place] ?? 0), family: 4, otherAddresses: NONE }),
  }
}

export function segmentOfRange(range: AddressRange): Segment {
  return {
    size: range.count,
    isAscending: true,
    at(place) {
      const made = range.at(place)
      const { address, family } = made.family === 4 ? made : unmapped(made)
      return { address, family, otherAddresses: NONE }
    },
  }
}

/** The range around a host, which alone has the name. */
export function segmentOfName(range: AddressRange, host: ListedHost): Segment {
  const plain = segmentOfRange(range)
  const at = (place: number): ListedHost => {
    const made = plain.at(place)
    return made.address === host.address ? host : made
  }
  return { ...plain, at }
}

/** One list of all segments, one after the other, or as `shuffle` orders the places. */
export function createHostList(
  segments: readonly Segment[],
  excluded: AddressSet | undefined,
  shuffle: ((size: number) => Permutation) | undefined,
): HostList {
  const starts = new Float64Array(segments.length)
  let size = 0
  for (const [i, segment] of segments.entries()) {
    starts[i] = size
    size += segment.size
  }
  const order = size > 0 ? shuffle?.(size) : undefined
  return {
    size,
    at(place) {
      if (!Number.isInteger(place) || place < 0 || place >= size) {
        throw new RangeError(`no place ${place} in a list of ${size}`)
      }
      const own = order === undefined ? place : order.at(place)
      const index = lastUpTo(starts, own)
      const host = segments[index]?.at(own - (starts[index] ?? 0))
      return host === undefined || excluded?.has(host) === true ? undefined : host
    },
  }
}

/** The last of ascending numbers that is not above the value. */
function lastUpTo(ascending: Float64Array, value: number): number {
  let low = 0
  let high = ascending.length - 1
  while (low < high) {
    const middle = (low + high + 1) >>> 1
    if ((ascending[middle] ?? 0) <= value) low = middle
    else high = middle - 1
  }
  return low
}
