/**
 * Packets that wait for their moment, in order.
 * @typedef {{ readonly dueNs: number, readonly packet: Buffer }} Due
 */

/** Beyond this many waiting packets new ones are dropped, as a full router would. */
const MOST_WAITING = 100_000

export function createDueQueue() {
  /** @type {Due[]} */
  let waiting = []
  // Taken packets are cut off in bulk: shifting each off the front would move all others every time.
  let taken = 0

  return {
    /** @param {Due} due */
    add(due) {
      if (waiting.length - taken >= MOST_WAITING) return
      let place = waiting.length
      while (place > taken && (waiting[place - 1]?.dueNs ?? 0) > due.dueNs) place--
      if (place === waiting.length) waiting.push(due)
      else waiting.splice(place, 0, due)
    },
    /** When the first packet is due; undefined when none waits. */
    nextNs: () => waiting[taken]?.dueNs,
    /** The first packet if its moment has come. @param {number} nowNs */
    take(nowNs) {
      const first = waiting[taken]
      if (first === undefined || first.dueNs > nowNs) return undefined
      taken++
      if (taken > 1000 && taken * 2 > waiting.length) {
        waiting = waiting.slice(taken)
        taken = 0
      }
      return first.packet
    },
  }
}
