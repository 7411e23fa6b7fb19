import { bigEndian } from '../../octets/big-endian.ts'
import { concat } from '../../octets/octets.ts'
/** RFC 4251 section 5: the representations that the key exchange is made of. */

/** A string: its length in four octets, then its octets. */
export function string(octets: Uint8Array): Uint8Array {
  return concat(bigEndian([[octets.length, 4]]), octets)
}

export const text = (characters: string): Uint8Array => string(new TextEncoder().encode(characters))

/** A positive number as mpint, from its octets, the most significant first. */
export function mpint(octets: Uint8Array): Uint8Array {
  const value = magnitude(octets)
  // A set first bit would make it negative.
  const sign = (value[0] ?? 0) >= 0x80 ? [0] : []
  return string(Uint8Array.from([...sign, ...value]))
}

/** Without leading zeros. */
export function magnitude(octets: Uint8Array): Uint8Array {
  const at = octets.findIndex((octet) => octet !== 0)
  return at < 0 ? new Uint8Array() : octets.subarray(at)
}

/** A boolean, or any single octet. */
export const octet = (value: number): Uint8Array => Uint8Array.of(value)

/** The strings (mpints are written alike) that some octets consist of; undefined where they do not add up. */
export function stringsIn(octets: Uint8Array, most = 8): readonly Uint8Array[] | undefined {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.byteLength)
  const strings: Uint8Array[] = []
  let at = 0
  while (at < octets.length) {
    if (strings.length >= most || at + 4 > octets.length) return undefined
    const end = at + 4 + view.getUint32(at)
    if (end > octets.length) return undefined
    strings.push(octets.subarray(at + 4, end))
    at = end
  }
  return strings
}
