/** Numbers that stand for the packets of one run: whoever sees none of them can only guess the next. */
export interface Tokens {
  /** How many there are. */
  readonly modulus: 0x1_0000 | 0x1_0000_0000
  /** The token of a packet's index; of the index modulo `modulus`. */
  of(index: number): number
  /** The index modulo `modulus` whose token it is. */
  indexOf(token: number): number
}

const ROUNDS = 6

/**
 * A keyed permutation of all numbers of 16 or 32 bits: a balanced Feistel network, so that every token is used once
 * before one comes again, and an index is found without a table.
 * @param random 32 random bits that nobody can guess
 */
export function createTokens(random: () => number, bits: 16 | 32 = 32): Tokens {
  const modulus = bits === 32 ? 0x1_0000_0000 : 0x1_0000
  const half = bits / 2
  const mask = 2 ** half - 1
  const keys = Array.from({ length: ROUNDS }, () => random() | 0)
  const backwards = keys.toReversed()

  function permuted(value: number, order: readonly number[]): number {
    let left = (value >>> half) & mask
    let right = value & mask
    for (const key of order) {
      const next = left ^ (mixed(right, key) & mask)
      left = right
      right = next
    }
    // The halves change places, so that the same steps with the keys reversed lead back.
    return ((right << half) | left) >>> 0
  }
  return {
    modulus,
    of: (index) => permuted(index % modulus, keys),
    indexOf: (token) => permuted(token, backwards),
  }
}

/** Spreads each bit of half a value and of the key over the low bits (multiply and xorshift, as hash functions do). */
function mixed(half: number, key: number): number {
  let bits = Math.imul(half ^ key, 0x9e37_79b1)
  bits = Math.imul(bits ^ (bits >>> 15) ^ (key >>> 7), 0x85eb_ca6b)
  return (bits ^ (bits >>> 13)) >>> 8
}
