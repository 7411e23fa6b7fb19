/** Seconds and nanoseconds since 1970. */
export interface WallTime {
  readonly seconds: number
  readonly nanoseconds: number
}

/** A step of less than this is not told from the time that it takes to look. */
const NOISE_NS = 20_000
/** A look that took longer was interrupted, and is made again. */
const QUICK_NS = 20_000
const TRIES = 4

interface Look {
  readonly differenceNs: number
  /** Half the time that it took. */
  readonly doubtNs: number
}

/**
 * Puts the kernel's stamps (CLOCK_REALTIME) on the monotonic clock. Both clocks are slewed alike (clock_gettime(2)), so
 * their difference changes only when the wall clock is set: one difference counts until then, and differences of
 * times are those of their stamps to the nanosecond.
 */
export class PacketClock {
  readonly #nowNs: () => number
  readonly #wall: () => WallTime
  /** What is counted from: whole nanoseconds since 1970 would not be exact. */
  readonly #base: number
  #differenceNs: number
  #era = 0

  constructor(nowNs: () => number, wall: () => WallTime) {
    this.#nowNs = nowNs
    this.#wall = wall
    this.#base = wall().seconds
    this.#differenceNs = this.#look().differenceNs
  }

  get era(): number {
    return this.#era
  }

  /** Whether the wall clock was set since the last call; a new era has begun then. */
  wasSet(): boolean {
    const { differenceNs, doubtNs } = this.#look()
    if (Math.abs(differenceNs - this.#differenceNs) <= doubtNs + NOISE_NS) return false
    this.#differenceNs = differenceNs
    this.#era++
    return true
  }

  /** An era for one time alone, which must not be compared with any other; the next one has begun behind it. */
  lonelyEra(): number {
    this.#era += 2
    return this.#era - 1
  }

  timeNs(seconds: number, nanoseconds: number): number {
    return (seconds - this.#base) * 1e9 + nanoseconds - this.#differenceNs
  }

  /** What to add to a time for nanoseconds since 1970. */
  wallOffsetNs(): bigint {
    return BigInt(this.#base) * 1_000_000_000n + BigInt(this.#differenceNs)
  }

  #look(): Look {
    let best = this.#lookOnce()
    for (let i = 1; i < TRIES && best.doubtNs > QUICK_NS / 2; i++) {
      const next = this.#lookOnce()
      if (next.doubtNs < best.doubtNs) best = next
    }
    return best
  }

  #lookOnce(): Look {
    const before = this.#nowNs()
    const { seconds, nanoseconds } = this.#wall()
    const after = this.#nowNs()
    const wallNs = (seconds - this.#base) * 1e9 + nanoseconds
    return { differenceNs: Math.round(wallNs - (before + after) / 2), doubtNs: (after - before) / 2 }
  }
}
