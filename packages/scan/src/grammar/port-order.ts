import type { Transport } from '@portkit/core'
import type { PortNames } from './service-names.ts'

/** So many popular ports come first: enough open ones to learn round trips from, before the bulk. */
const FIRST = 100
/** 2^32 divided by the golden ratio: multiples of it visit all 32-bit numbers, far from each other. */
const GOLDEN = 0x9e37_79b9

/** How ports are put in order. */
export type PortOrder =
  | { readonly inOrder: true }
  /** The seed's lowest 32 bits count. */
  | { readonly inOrder: false; readonly seed: number }

/**
 * The ports of a list in the order in which they are asked: `inOrder` ascending, else the most popular ones first and
 * then the rest in an order that only the seed decides. The same on every machine for the same list and seed: shards
 * and resumed runs rely on it. Each port comes as often as in the list.
 */
export function askingOrder(
  ports: readonly number[],
  names: Pick<PortNames, 'popular'>,
  protocol: Transport,
  order: PortOrder,
): Uint16Array {
  const ascending = Uint16Array.from(ports).sort()
  if (order.inOrder) return ascending
  const ranks = ranksOf(names.popular(protocol))
  const popular: number[] = []
  const rest: number[] = []
  for (const port of ascending) (ranks[port] === 0 ? rest : popular).push(port)
  popular.sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0))
  const asked = new Uint16Array(ports.length)
  asked.set(popular)
  asked.set(rest, popular.length)
  // Sorted first, so that the order hangs on which ports these are, and on the seed.
  shuffle(asked.subarray(Math.min(popular.length, FIRST)).sort(), order.seed)
  return asked
}

/** The place of each port among the popular ones, from 1; 0 for the others. */
function ranksOf(popular: readonly number[]): Uint16Array {
  const ranks = new Uint16Array(65_536)
  for (const [place, port] of popular.entries()) ranks[port] = place + 1
  return ranks
}

/** Fisher and Yates, as in Knuth, The Art of Computer Programming, volume 2, section 3.4.2, algorithm P. */
function shuffle(ports: Uint16Array, seed: number): void {
  const draw = createDraws(seed)
  for (let left = ports.length; left > 1; left -= 1) {
    const chosen = draw(left)
    const last = ports[left - 1] ?? 0
    ports[left - 1] = ports[chosen] ?? 0
    ports[chosen] = last
  }
}

/**
 * Numbers from 0 to `below` - 1, one after the other, from a counter that is mixed (the finaliser of MurmurHash3, which
 * is in the public domain). 32-bit arithmetic only, so that all machines agree.
 */
function createDraws(seed: number): (below: number) => number {
  let counter = seed | 0
  return (below) => {
    counter = (counter + GOLDEN) | 0
    let mixed = Math.imul(counter ^ (counter >>> 16), 0x85eb_ca6b)
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
    return Math.floor((((mixed ^ (mixed >>> 16)) >>> 0) * below) / 2 ** 32)
  }
}
