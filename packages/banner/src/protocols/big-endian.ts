/** Numbers in network byte order; octets outside of the array read as zero. */

/** The unsigned 16 bits at `at`. */
export function read16(octets: Uint8Array, at: number): number {
  return ((octets[at] ?? 0) << 8) | (octets[at + 1] ?? 0)
}

/** The unsigned 32 bits at `at`. */
export function read32(octets: Uint8Array, at: number): number {
  return read16(octets, at) * 0x10000 + read16(octets, at + 2)
}

/** The octets of numbers, each with its size in octets: `[[0x1234, 2], [1, 4]]`. */
export function bigEndian(numbers: readonly (readonly [value: number, size: 1 | 2 | 4])[]): Uint8Array {
  const octets: number[] = []
  for (const [value, size] of numbers)
    for (let shift = 8 * (size - 1); shift >= 0; shift -= 8) octets.push((value >>> shift) & 0xff)
  return Uint8Array.from(octets)
}

/** One after another. */
export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.length
  }
  return whole
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
