import { needRoom } from './octets.ts'

/** How options that follow one another are measured and written; what one of them is, the protocol says. */
export interface OptionCodec<T> {
  lengthOf(option: T): number
  /** @throws RangeError for a field out of range */
  write(option: T, into: Uint8Array, at: number): void
}

/** How many octets the options take. */
export function listLength<T>(options: readonly T[], { lengthOf }: OptionCodec<T>): number {
  let length = 0
  for (const option of options) length += lengthOf(option)
  return length
}

/** Writes one option after the other; gives how many octets. @throws RangeError when the array is too small */
export function writeList<T>(
  options: readonly T[],
  codec: OptionCodec<T>,
  into: Uint8Array,
  at: number,
): number {
  const length = listLength(options, codec)
  needRoom(into, at, length)
  let here = at
  for (const option of options) {
    codec.write(option, into, here)
    here += codec.lengthOf(option)
  }
  return length
}
