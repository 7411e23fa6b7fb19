import type {
  Attempt,
  Clock,
  ConnectAnswer,
  ConnectPool,
  Net,
  PoolRequest,
  SeeFact,
  SeeFault,
} from '../io/io.ts'
import { unlessSelfConnected } from '../io/self-connected.ts'
import { LocalFault } from '../model/errors.ts'
import type { Address, Endpoint } from '../model/target.ts'

/**
 * Many connection attempts at once: those of the net where it has a pool of its own, else one `Net.connect` each, with
 * faults that come later told by `fail`. @throws LocalFault when the system has no descriptor left
 */
export function createConnectPool(
  net: Pick<Net, 'connect' | 'pool'>,
  clock: Clock,
  request: PoolRequest,
): ConnectPool {
  return net.pool?.(request) ?? new AttemptPool(net, clock, request)
}

interface Flight {
  readonly tag: number
  readonly to: Endpoint
  readonly startNs: number
  readonly attempt: Attempt
}

interface Landing {
  readonly flight: Flight
  readonly end: ConnectAnswer | LocalFault
}

class AttemptPool implements ConnectPool {
  readonly #net: Pick<Net, 'connect'>
  readonly #clock: Clock
  readonly #request: PoolRequest
  /** In the order of their start, which a Set keeps. */
  readonly #flights = new Set<Flight>()
  #landed: Landing[] = []
  #wake = (): void => {}
  #closed = false
  #broken: { readonly error: unknown } | undefined

  constructor(net: Pick<Net, 'connect'>, clock: Clock, request: PoolRequest) {
    this.#net = net
    this.#clock = clock
    this.#request = request
  }

  get flying(): number {
    return this.#flights.size
  }

  begin(address: Address, port: number, tag: number): LocalFault | undefined {
    if (this.#closed) return new LocalFault('EBADF', 'the connections were closed')
    const startNs = this.#clock.nowNs()
    let attempt: Attempt
    try {
      attempt = this.#net.connect({ ...this.#request, ...address, port, close: 'rst' })
    } catch (error) {
      if (error instanceof LocalFault) return error
      throw error
    }
    const to = { address: address.address, port }
    const flight: Flight = { tag, to, startNs, attempt }
    this.#flights.add(flight)
    if (attempt.answer instanceof Promise) this.#follow(flight, attempt.answer)
    else this.#land(flight, attempt.answer)
    return undefined
  }

  collect(see: SeeFact, fail: SeeFault): number {
    if (this.#broken !== undefined) throw this.#broken.error
    const landed = this.#landed
    this.#landed = []
    let told = 0
    for (const { flight, end } of landed) {
      // Whoever is told may close the pool, or let it expire.
      if (!this.#flights.delete(flight)) continue
      told++
      if (end instanceof LocalFault) fail(flight.tag, end)
      else see(flight.tag, unlessSelfConnected(end.fact, flight.to, 'unknown'))
    }
    return told
  }

  expire(ageNs: number, see: SeeFact, silent: (tag: number) => void, fail: SeeFault): void {
    const untilNs = this.#clock.nowNs() - ageNs
    this.collect(see, fail)
    // Those that are begun by whoever is told are not looked at.
    let left = this.#flights.size
    for (const flight of this.#flights) {
      if (left-- === 0 || flight.startNs > untilNs) return
      this.#flights.delete(flight)
      const { answer } = flight.attempt.abandon()
      if (answer === undefined) silent(flight.tag)
      else see(flight.tag, unlessSelfConnected(answer.fact, flight.to, 'unknown'))
    }
  }

  async ready(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#closed || signal.aborted) return
    if (this.#landed.length === 0) await this.#sleep(ms, signal)
    // Faults come before the event loop looks at any socket: whoever tried again at once would never get an answer.
    if (!this.#closed) await this.#clock.sleep(0)
  }

  async #sleep(ms: number, signal: AbortSignal): Promise<void> {
    const over = new AbortController()
    const stop = (): void => over.abort()
    signal.addEventListener('abort', stop, { once: true })
    this.#wake = stop
    try {
      await this.#clock.sleep(ms, over.signal)
    } catch (error) {
      if (!over.signal.aborted) throw error
    } finally {
      signal.removeEventListener('abort', stop)
    }
  }

  close(): void {
    this.#closed = true
    for (const { attempt } of this.#flights) attempt.abandon()
    this.#flights.clear()
    this.#landed = []
    this.#wake()
  }

  #follow(flight: Flight, answer: Promise<ConnectAnswer>): void {
    answer.then(
      (end) => this.#land(flight, end),
      (error: unknown) => this.#fail(flight, error),
    )
  }

  #fail(flight: Flight, error: unknown): void {
    if (error instanceof LocalFault) this.#land(flight, error)
    else if (this.#flights.has(flight)) this.#break(error)
  }

  #land(flight: Flight, end: ConnectAnswer | LocalFault): void {
    if (!this.#flights.has(flight)) return
    this.#landed.push({ flight, end })
    this.#wake()
  }

  /** An error of the program itself goes to whoever collects. */
  #break(error: unknown): void {
    this.#broken = { error }
    this.#wake()
  }
}
