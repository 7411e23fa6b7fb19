/** Numbers with their lowest octet first; octets outside of the array read as zero. */

/** The unsigned 16 bits at `at`. */
export function readLow16(octets: Uint8Array, at: number): number {
  return (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8)
}

/** The unsigned 32 bits at `at`. */
export function readLow32(octets: Uint8Array, at: number): number {
  return readLow16(octets, at) + readLow16(octets, at + 2) * 0x10000
}

/** The octets of numbers of 32 bits. */
export function lowFirst(...numbers: readonly number[]): Uint8Array {
  return Uint8Array.from(
    numbers.flatMap((number) => [0, 8, 16, 24].map((shift) => (number >>> shift) & 0xff)),
  )
}
