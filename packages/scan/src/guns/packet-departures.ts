import { PASSES } from './packet-places.ts'

/** When the latest probes left, for the round trips of their answers; older ones are forgotten. Some octets a probe. */
export interface PacketDepartures {
  note(number: number, atNs: number): void
  /**
   * An answer to the probe of that number: nanoseconds; `again` when it had one already; undefined when it is forgotten,
   * or when several are under way by that number, as those at a control port are (Karn's algorithm, RFC 6298 section 3).
   */
  answered(number: number, atNs: number): number | 'again' | undefined
  /** Whether of the probes at a place only the first, of that number, has been sent, as far as is remembered. */
  isOnly(first: number): boolean
}

const ROOM_BITS = 14
const MOST_OPEN = 0xffff
const SPREAD = 0x9e37_79b1

export function createPacketDepartures(): PacketDepartures {
  const numbers = new Uint32Array(2 ** ROOM_BITS)
  // Infinite: nothing was noted. Minus infinite: it had its answer.
  const times = new Float64Array(2 ** ROOM_BITS).fill(Number.POSITIVE_INFINITY)
  // Probes of that number without an answer yet, and whether there were several at once.
  const open = new Uint16Array(2 ** ROOM_BITS)
  const areMixed = new Uint8Array(2 ** ROOM_BITS)
  const slotOf = (number: number): number => {
    const pass = number % PASSES
    return (Math.imul((number - pass) / PASSES, SPREAD) >>> (32 - ROOM_BITS)) ^ pass
  }
  const has = (number: number): boolean => {
    const slot = slotOf(number)
    return numbers[slot] === number && times[slot] !== Number.POSITIVE_INFINITY
  }
  return {
    note(number, atNs) {
      const slot = slotOf(number)
      const before = has(number) && times[slot] !== Number.NEGATIVE_INFINITY ? (open[slot] ?? 0) : 0
      open[slot] = Math.min(MOST_OPEN, before + 1)
      areMixed[slot] = before > 0 ? 1 : 0
      numbers[slot] = number
      times[slot] = atNs
    },
    answered(number, atNs) {
      const slot = slotOf(number)
      const sentNs = times[slot] ?? Number.POSITIVE_INFINITY
      if (!has(number)) return undefined
      if (sentNs === Number.NEGATIVE_INFINITY) return 'again'
      const left = (open[slot] ?? 1) - 1
      open[slot] = left
      if (left === 0) times[slot] = Number.NEGATIVE_INFINITY
      return atNs >= sentNs && areMixed[slot] === 0 ? atNs - sentNs : undefined
    },
    isOnly(first) {
      if (!has(first)) return false
      for (let pass = 1; pass < PASSES; pass += 1) if (has(first + pass)) return false
      return true
    },
  }
}
