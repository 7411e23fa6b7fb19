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
