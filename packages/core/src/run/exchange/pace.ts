/** When shots are due: the k-th of them k intervals after the start, so that nothing drifts. */
export interface Pace {
  /** How many shots are due by now, `taken` of them being gone. */
  due(nowNs: number, taken: number): number
  /** When the shot after `taken` is due. */
  nextNs(taken: number): number
}

/** A process that was held up for longer than this goes on from now instead of catching up. */
const MOST_BEHIND_NS = 100e6

/** @param intervalNs 0: all are due at once */
export function createPace(intervalNs: number, startNs: number): Pace {
  let zeroNs = startNs
  return {
    due(nowNs, taken) {
      if (intervalNs <= 0) return Number.POSITIVE_INFINITY
      const behindNs = nowNs - (zeroNs + taken * intervalNs)
      if (behindNs > Math.max(MOST_BEHIND_NS, intervalNs)) zeroNs += behindNs
      const due = Math.floor((nowNs - zeroNs) / intervalNs) + 1 - taken
      // Whoever sleeps until `nextNs` finds a shot due then, whatever was rounded.
      return due > 0 ? due : Number(nowNs >= zeroNs + taken * intervalNs)
    },
    nextNs: (taken) => zeroNs + taken * intervalNs,
  }
}
