/** All numbers from 0 to `size` - 1 in an order that only the seed knows; the same on every machine. */
export interface Permutation {
  readonly size: number
  /** The number at a place. @throws RangeError outside of 0 to size - 1 */
  at(place: number): number
}

const MOST = 2 ** 53
/** Four are enough in theory (Luby and Rackoff 1988); halves of few bits mix slowly. */
const ROUNDS = 8
/** 2^32 divided by the golden ratio: seeds that differ by one give keys that differ everywhere. */
const GOLDEN = 0x9e37_79b9

/**
 * A permutation without a table: a keyed Feistel network on the next even number of bits, walked on until the number is
 * one of `size` (Black and Rogaway, "Ciphers with Arbitrary Finite Domains", 2002), which takes four steps at most on
 * average. Both halves have 27 bits at most, so that plain 32-bit arithmetic does for all sizes. Spreads, hides nothing.
 * `size` is 1 to 2^53, `seed` is taken modulo 2^32; each `stream` from 0 to 2^53 - 1 gives another order.
 * @throws RangeError for other sizes
 */
export function createPermutation(size: number, seed: number, stream = 0): Permutation {
  if (!Number.isInteger(size) || size < 1 || size > MOST) {
    throw new RangeError(`not a size from 1 to 2^53: ${size}`)
  }
  const halfBits = halfBitsFor(size)
  const shift = 32 - halfBits
  const half = 2 ** halfBits
  // The last number in halves, since the domain itself may have 54 bits.
  const topLeft = Math.floor((size - 1) / half)
  const topRight = (size - 1) % half
  const keys = keysOf(seed, stream)

  const at = (place: number): number => {
    if (!(Number.isInteger(place) && place >= 0 && place < size)) {
      throw new RangeError(`not a place from 0 to ${size - 1}: ${place}`)
    }
    let left = Math.floor(place / half)
    let right = place % half
    do {
      for (let round = 0; round < ROUNDS; round += 1) {
        const next = left ^ (mix(right ^ (keys[round] ?? 0)) >>> shift)
        left = right
        right = next
      }
    } while (left > topLeft || (left === topLeft && right > topRight))
    return left * half + right
  }
  return { size, at }
}

/** Half of the bits that the numbers below `size` need, rounded up: 1 to 27. */
function halfBitsFor(size: number): number {
  let bits = 1
  while (4 ** bits < size) bits += 1
  return bits
}

function keysOf(seed: number, stream: number): Int32Array {
  const low = stream % 2 ** 32
  const high = Math.floor(stream / 2 ** 32)
  const keys = new Int32Array(ROUNDS)
  for (let round = 0; round < ROUNDS; round += 1) {
    const seeded = mix(mix(seed | 0) + Math.imul(GOLDEN, round + 1))
    keys[round] = mix(mix(seeded ^ low) + high)
  }
  return keys
}

/** Every bit of the result depends on every bit of the word: the finaliser of MurmurHash3, which is in the public domain. */
function mix(word: number): number {
  let mixed = Math.imul(word ^ (word >>> 16), 0x85eb_ca6b)
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35)
  return mixed ^ (mixed >>> 16)
}
