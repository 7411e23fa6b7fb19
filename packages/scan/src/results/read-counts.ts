/** Counts what a reader leaves out. */
export interface LeftOut {
  add(what: string, count?: number): void
  /** `left out: 3 ports of sctp` */
  sentences(): readonly string[]
}

/** Foreign files may have any number of different oddities. */
const MOST_KINDS = 20

export function createLeftOut(): LeftOut {
  const counts = new Map<string, number>()
  return {
    add(what, count = 1) {
      if (counts.has(what) || counts.size < MOST_KINDS) counts.set(what, (counts.get(what) ?? 0) + count)
    },
    sentences: () =>
      [...counts].map(([what, count]) => `left out: ${count} ${count === 1 ? one(what) : what}`),
  }
}

/** `port of sctp` of `ports of sctp`. */
function one(what: string): string {
  return what.replace(/^(host|port)s\b/, '$1')
}
