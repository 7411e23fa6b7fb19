/** How long one look-out for an answer may hold up the event loop. */
const MOST_NS = 3e6
/** A first probe knows nothing of its target: a link that is near answers within this time. */
const FIRST_NS = 1e6
/** Share of a core that waiting awake may cost on average, and what it may cost at once. */
const SHARE = 0.05
const ALLOWANCE_NS = 20e6
const MOST_TARGETS = 4096

/** When to wait awake for an answer, counted from the start of its probe. `fromNs` 0 is at once. */
export interface Watch {
  readonly fromNs: number
  readonly untilNs: number
}

/**
 * Decides when the event loop may be held up to see an answer to the microsecond. Open ports need it not (TCP_INFO
 * has their time); where a refusal is expected, the watch begins shortly before the last one's time.
 */
export interface SpinPolicy {
  watch(target: string, nowNs: number): Watch | undefined
  spent(ns: number): void
  /** Remembers an answer that no kernel clock timed, or `undefined` after one that it did. */
  learn(target: string, elapsedNs: number | undefined): void
}

export function createSpinPolicy(startNs: number): SpinPolicy {
  const last = new Map<string, number | undefined>()
  let spentNs = 0
  return {
    watch(target, nowNs) {
      if (spentNs > ALLOWANCE_NS + SHARE * (nowNs - startNs)) return undefined
      if (!last.has(target)) return { fromNs: 0, untilNs: FIRST_NS }
      const expected = last.get(target)
      if (expected === undefined) return undefined
      if (expected < FIRST_NS) return { fromNs: 0, untilNs: Math.min(2 * expected + 2e5, FIRST_NS) }
      return { fromNs: expected - MOST_NS / 2, untilNs: expected + MOST_NS / 2 }
    },
    spent: (ns) => {
      spentNs += ns
    },
    learn(target, elapsedNs) {
      last.delete(target)
      last.set(target, elapsedNs)
      const oldest = last.size > MOST_TARGETS ? last.keys().next().value : undefined
      if (oldest !== undefined) last.delete(oldest)
    },
  }
}
