/** As many probes of one target may overlap before late ones lose their place. */
const WINDOW = 1024

export interface Numbered {
  readonly seq: number
}

/** Hands items on by ascending `seq`, and shows those that still wait for an earlier one. */
export interface InOrder<T> {
  add(item: T): void
  /** Items that arrived but were not handed on yet, by ascending `seq`. */
  waiting(): readonly T[]
}

/**
 * A silent probe is known to be silent long after later ones were answered: without order every loss
 * among overlapping probes would look like several outages. Numbering starts with 1. At most `limit` items
 * wait: one more and the oldest is handed on; an item whose turn has passed is handed on at once.
 */
export function createInOrder<T extends Numbered>(take: (item: T) => void, limit = WINDOW): InOrder<T> {
  const waiting: T[] = []
  let next = 1

  function pass(item: T): void {
    next = Math.max(next, item.seq + 1)
    take(item)
  }

  function hold(item: T): void {
    const before = waiting.findLastIndex(({ seq }) => seq <= item.seq)
    waiting.splice(before + 1, 0, item)
  }

  return {
    add(item) {
      if (item.seq <= next) pass(item)
      else hold(item)
      for (let first = waiting[0]; first !== undefined; first = waiting[0]) {
        if (first.seq > next && waiting.length <= limit) return
        waiting.shift()
        pass(first)
      }
    },
    waiting: () => waiting,
  }
}
