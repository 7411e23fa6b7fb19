/** A packet to be written. */
export interface Kept {
  /** On the run's clock. */
  readonly timeNs: number
  /** Nanoseconds since 1970. */
  readonly wallNs: bigint
  readonly octets: Uint8Array
  /** Octets that it had on the wire. */
  readonly length: number
}

/** Puts packets in the order of their times before they are written. */
export interface CaptureOrder {
  /** Nothing older than `heldNs` is to come, infinite when nothing is known to be on its way. */
  add(kept: Kept, heldNs: number): void
  /** Writes all. */
  end(): void
}

/** So many wait before some are written. */
const LEAST = 1024
/** Stamps of the system come so much later than packets of ours at most, as a rule. */
const WINDOW_NS = 100e6
/** More octets than that do not wait, in whatever order they are. */
export const MOST_WAITING = 2 ** 24
/** What a packet costs besides its octets, roughly. */
export const COST = 200

export function createCaptureOrder(write: (kept: Kept) => void): CaptureOrder {
  let waiting: Kept[] = []
  let octets = 0
  let newestNs = Number.NEGATIVE_INFINITY
  let most = LEAST

  const release = (beforeNs: number): void => {
    waiting.sort((a, b) => a.timeNs - b.timeNs)
    const first = waiting.findIndex(({ timeNs }) => timeNs >= beforeNs)
    const ready = first < 0 ? waiting.length : first
    for (const kept of waiting.slice(0, ready)) {
      octets -= kept.octets.length + COST
      write(kept)
    }
    waiting = waiting.slice(ready)
    // As many again have to come first: each is then sorted a few times at most.
    most = Math.max(LEAST, 2 * waiting.length)
  }

  return {
    add(kept, heldNs) {
      waiting.push(kept)
      octets += kept.octets.length + COST
      newestNs = Math.max(newestNs, kept.timeNs)
      if (octets > MOST_WAITING) release(Number.POSITIVE_INFINITY)
      else if (waiting.length >= most) release(Math.min(heldNs, newestNs - WINDOW_NS))
    },
    end: () => release(Number.POSITIVE_INFINITY),
  }
}
