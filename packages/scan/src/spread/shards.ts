import { createPermutation } from './permutation.ts'

/** A host of the run, or the part of one that a shard has. */
export interface HostShare {
  /** Its place in the HostList. */
  readonly place: number
  /** Places in the host's order of ports: from `fromPort` up to, not including, `toPort`. */
  readonly fromPort: number
  readonly toPort: number
}

/** What a run works on, in this order. Shares are made when they are asked for. */
export interface Shares extends Iterable<HostShare> {
  /** How many hosts; those whose places the HostList leaves out are among them. */
  readonly size: number
  /** @throws RangeError outside of 0 to size - 1 */
  at(index: number): HostShare
}

/** How large a run is. */
export interface Extent {
  /** Places of the HostList. */
  readonly hosts: number
  /** Of each host; 0 when only hosts are asked. */
  readonly ports: number
}

export interface ShardRequest extends Extent {
  /** From 0 to `count` - 1. */
  readonly index: number
  readonly count: number
  /** Of the whole run: the same for all its shards. */
  readonly seed: number
}

/** All hosts in the order in which they were given, all ports of each. */
export function allShares({ hosts, ports }: Extent): Shares {
  return sharesOf(hosts, (place) => ({ place, fromPort: 0, toPort: ports }))
}

/**
 * One of `count` parts of a run. Hosts come in an order that the seed gives, each with its ports in the host's own
 * order: hosts x ports places, of which every shard has an equal run (one more or less). Together the shards have each
 * place exactly once, and a shard has two partly covered hosts at most. Nothing has to be agreed on but the four numbers.
 */
export function shardOf({ hosts, ports, index, count, seed }: ShardRequest): Shares {
  // A host without ports is one place.
  const unit = BigInt(Math.max(ports, 1))
  const places = BigInt(hosts) * unit
  const begin = (places * BigInt(index)) / BigInt(count)
  const end = (places * BigInt(index + 1)) / BigInt(count)
  if (begin === end) return sharesOf(0, () => ({ place: 0, fromPort: 0, toPort: 0 }))

  const firstHost = Number(begin / unit)
  const lastHost = Number((end - 1n) / unit)
  const firstPort = Number(begin % unit)
  const lastPort = Math.min(Number((end - 1n) % unit) + 1, ports)
  const order = createPermutation(hosts, seed)
  return sharesOf(lastHost - firstHost + 1, (i) => ({
    place: order.at(firstHost + i),
    fromPort: i === 0 ? firstPort : 0,
    toPort: firstHost + i === lastHost ? lastPort : ports,
  }))
}

function sharesOf(size: number, make: (index: number) => HostShare): Shares {
  return {
    size,
    at(index) {
      if (!(Number.isInteger(index) && index >= 0 && index < size)) {
        throw new RangeError(`not from 0 to ${size - 1}: ${index}`)
      }
      return make(index)
    },
    *[Symbol.iterator]() {
      for (let index = 0; index < size; index += 1) yield make(index)
    },
  }
}
