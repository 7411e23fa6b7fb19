import type { ConnectAnswer, Silence, Target } from '@portkit/core'
import type { Place } from './examine.ts'
import type { Kit } from './kit.ts'

/** Connections to one host at once: more trip the limits that servers have. */
export const AT_ONE_HOST = 4
/** A port that has not answered its SYN by then is slow: milliseconds while no answer of the host is known, and at least. */
const SLOW_MS = 250
const LEAST_SLOW_MS = 30
/** A port that takes so many round trips is slow; at a far host it takes two at least. */
const ROUND_TRIPS = 4
const LEAST_ROUND_TRIPS = 2

/** Ports that are worked on. */
export interface Load {
  /** They may answer their SYN any moment. */
  knocking: number
  /** They have a connection. */
  talking: number
  /** They take long to answer. */
  slow: number
}

/** One address, and its ports that wait for their turn. */
export interface Host extends Load {
  readonly waiting: Target[]
  /** Smallest time to an answer, milliseconds. */
  fastestMs: number | undefined
}

/** Ports that count as connections. */
export const busy = ({ knocking, talking }: Load): number => knocking + talking

export function newHost(): Host {
  return { waiting: [], knocking: 0, talking: 0, slow: 0, fastestMs: undefined }
}

/** The place of one port in the queue at its host. */
export class HostPlace implements Place {
  readonly #host: Host
  readonly #load: Load
  readonly #kit: Kit
  readonly #onSlow: () => void
  #state: keyof Load = 'knocking'

  constructor(host: Host, load: Load, kit: Kit, onSlow: () => void) {
    this.#host = host
    this.#load = load
    this.#kit = kit
    this.#onSlow = onSlow
    this.#count('knocking', 1)
  }

  watch(answer: Promise<ConnectAnswer | Silence | undefined>): void {
    const { clock } = this.#kit.io
    const startNs = clock.nowNs()
    const done = new AbortController()
    clock.sleep(slowMs(this.#host), done.signal).then(
      () => this.#park(),
      () => {},
    )
    const onAnswer = (given: ConnectAnswer | Silence | undefined): void => {
      done.abort()
      if (!isTheHosts(given)) return
      const { fastestMs = Number.POSITIVE_INFINITY } = this.#host
      this.#host.fastestMs = Math.min(fastestMs, (clock.nowNs() - startNs) / 1e6)
    }
    answer.then(onAnswer, () => done.abort())
  }

  talk(): boolean {
    // Ports that only knock are not waited for: else some could keep each other from ever being looked at.
    if (this.#host.talking >= AT_ONE_HOST || this.#load.talking >= this.#kit.settings.atOnce) return false
    this.#become('talking')
    return true
  }

  leave(): void {
    this.#count(this.#state, -1)
  }

  #park(): void {
    this.#become('slow')
    this.#onSlow()
  }

  #become(state: 'slow' | 'talking'): void {
    this.#count(this.#state, -1)
    this.#state = state
    this.#count(state, 1)
  }

  #count(state: keyof Load, by: 1 | -1): void {
    this.#host[state] += by
    this.#load[state] += by
  }
}

function slowMs({ fastestMs, slow }: Host): number {
  // A host that keeps silent so far is likely to go on with that.
  if (fastestMs === undefined) return slow > 0 ? LEAST_SLOW_MS : SLOW_MS
  const some = Math.min(SLOW_MS, ROUND_TRIPS * fastestMs)
  return Math.max(LEAST_SLOW_MS, some, LEAST_ROUND_TRIPS * fastestMs)
}

/** Neither our own patience nor another machine's says how far away the host is. */
function isTheHosts(answer: ConnectAnswer | Silence | undefined): boolean {
  if (answer === undefined || 'kind' in answer) return false
  return answer.fact.kind === 'handshake' || answer.fact.kind === 'refused'
}
