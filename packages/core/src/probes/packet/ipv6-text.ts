import { read32, readIpv6 } from '../../wire/octets.ts'

const SLOTS = 256
const WORDS = 4
const keys = new Float64Array(SLOTS * WORDS).fill(-1)
const texts: string[] = Array.from({ length: SLOTS }, () => '')

/** The sixteen octets at `at` as text; the last addresses are remembered, for the same ones come all the time. */
export function ipv6Text(octets: Uint8Array, at: number): string {
  const slot = slotOf(read32(octets, at + 4), read32(octets, at + 12))
  if (isKept(slot, octets, at)) return texts[slot] ?? ''
  const text = readIpv6(octets, at)
  for (let word = 0; word < WORDS; word++) keys[slot * WORDS + word] = read32(octets, at + 4 * word)
  texts[slot] = text
  return text
}

function slotOf(network: number, host: number): number {
  const mixed = network ^ host
  return (mixed ^ (mixed >>> 8)) & (SLOTS - 1)
}

function isKept(slot: number, octets: Uint8Array, at: number): boolean {
  for (let word = 0; word < WORDS; word++) {
    if (keys[slot * WORDS + word] !== read32(octets, at + 4 * word)) return false
  }
  return true
}
