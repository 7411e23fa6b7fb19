import { joined } from '@portkit/core/wire'
import { bigEndian } from './big-endian.ts'

/** One after another. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  return joined(
    parts,
    parts.reduce((sum, { length }) => sum + length, 0),
  )
}

/** So many random octets; four for each 32 random bits. */
export function randomOctets(length: number, random: () => number): Uint8Array {
  const words = Array.from({ length: Math.ceil(length / 4) }, () => [random(), 4] as const)
  return bigEndian(words).slice(0, length)
}

/** The octets have these at `at`, as far as they go: undefined where they end before that and all was right until there. */
export function hasAt(octets: Uint8Array, at: number, wanted: ArrayLike<number>): boolean | undefined {
  for (let i = 0; i < wanted.length; i += 1) {
    if (at + i >= octets.length) return undefined
    if (octets[at + i] !== wanted[i]) return false
  }
  return true
}
