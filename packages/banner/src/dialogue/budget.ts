import type { Clock } from '@portkit/core'

/** Octets that are read of one port, over all of its connections. */
const MOST_OCTETS = 65_536

/** A wait with an end. */
export interface Wait {
  /** Resolves when the time is over. */
  readonly over: Promise<'time'>
  /** Ends the wait early; `over` then never resolves. */
  cancel(): void
}

/** What one port may cost: time since it was made, and octets. Nothing renews it. An aborted signal uses it up. */
export class Budget {
  readonly clock: Clock
  #endNs: number
  readonly #signal: AbortSignal
  #octets: number

  constructor(clock: Clock, timeoutMs: number, signal: AbortSignal, octets = MOST_OCTETS) {
    this.clock = clock
    this.#endNs = clock.nowNs() + timeoutMs * 1e6
    this.#signal = signal
    this.#octets = octets
  }

  get octetsLeft(): number {
    return this.#octets
  }

  /** Gives back time that was spent waiting for our own turn, in nanoseconds. */
  giveBack(ns: number): void {
    this.#endNs += ns
  }

  spend(octets: number): void {
    this.#octets = Math.max(0, this.#octets - octets)
  }

  /** Milliseconds that are left. */
  get leftMs(): number {
    if (this.#signal.aborted) return 0
    return Math.max(0, (this.#endNs - this.clock.nowNs()) / 1e6)
  }

  get isOver(): boolean {
    return this.#octets === 0 || this.leftMs === 0
  }

  /** A wait of so many milliseconds, or of what is left. */
  wait(ms: number): Wait {
    const done = new AbortController()
    const onAbort = (): void => done.abort('over')
    this.#signal.addEventListener('abort', onAbort, { once: true })
    const left = Math.min(ms, this.leftMs)
    const over = new Promise<'time'>((resolve) => {
      if (left === 0) return resolve('time')
      this.clock.sleep(left, done.signal).then(
        () => resolve('time'),
        (reason) => {
          if (reason === 'over') resolve('time')
        },
      )
    })
    return {
      over,
      cancel: () => {
        this.#signal.removeEventListener('abort', onAbort)
        done.abort('done')
      },
    }
  }

  /** A signal that is aborted after so many milliseconds, or once nothing is left. */
  signalAfter(ms: number): { readonly signal: AbortSignal; cancel(): void } {
    const { over, cancel } = this.wait(ms)
    const control = new AbortController()
    void over.then(() => control.abort(new Error('time is over')))
    return { signal: control.signal, cancel }
  }
}

/** Waits for the first octet of an answer, and as long again for the rest of it. */
export class Patience {
  readonly #budget: Budget
  readonly #waitMs: number
  #wait: Wait
  #isFirst: boolean

  constructor(budget: Budget, waitMs: number, isFirst: boolean) {
    this.#budget = budget
    this.#waitMs = waitMs
    this.#wait = budget.wait(waitMs)
    this.#isFirst = isFirst
  }

  get over(): Promise<'time'> {
    return this.#wait.over
  }

  onFirst(): void {
    if (!this.#isFirst) return
    this.#isFirst = false
    this.#wait.cancel()
    this.#wait = this.#budget.wait(this.#waitMs)
  }

  end(): void {
    this.#wait.cancel()
  }
}
