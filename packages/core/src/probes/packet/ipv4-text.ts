import { read32, readIpv4 } from '../../wire/octets.ts'

const SLOTS = 256
const keys = new Float64Array(SLOTS).fill(-1)
const texts: string[] = Array.from({ length: SLOTS }, () => '')

/** The four octets at `at` as a dotted quad; the last addresses are remembered, for the same ones come all the time. */
export function ipv4Text(octets: Uint8Array, at: number): string {
  const key = read32(octets, at)
  const slot = (key ^ (key >>> 8)) & (SLOTS - 1)
  if (keys[slot] === key) return texts[slot] ?? ''
  const text = readIpv4(octets, at)
  keys[slot] = key
  texts[slot] = text
  return text
}
