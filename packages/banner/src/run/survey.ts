import { type ConnectAnswer, createQueue, type Queue, type Silence, type Target } from '@portkit/core'
import type { Finding } from '../model/finding.ts'
import { examine, LATER, type Place } from './examine.ts'
import type { Kit } from './kit.ts'

/** Connections to one host at once: more trip the limits that servers have. */
export const AT_ONE_HOST = 4
/** Ports of one host that may be slow to answer meanwhile; they have no connection yet. */
const SLOW_AT_ONE_HOST = 64
/** A port that has not answered its SYN by then is slow: milliseconds while no answer of the host is known, and at least. */
const SLOW_MS = 250
const LEAST_SLOW_MS = 30
/** A port that takes so many round trips is slow; at a far host it takes two at least. */
const ROUND_TRIPS = 4
const LEAST_ROUND_TRIPS = 2

/** Ports that are worked on. */
interface Load {
  /** They may answer their SYN any moment. */
  knocking: number
  /** They have a connection. */
  talking: number
}

interface Host extends Load {
  readonly waiting: Target[]
  slow: number
  /** Smallest time to an answer, milliseconds. */
  fastestMs: number | undefined
}

const busy = ({ knocking, talking }: Load): number => knocking + talking

/**
 * Works on all targets, at most four at a time of one host and `atOnce` of all, and gives what is known of each as soon as
 * it is. Ends early, with what is known, once the user interrupts. A fault of this machine ends it after the findings
 * that are there. @throws LocalFault
 */
export function survey(targets: readonly Target[], kit: Kit): AsyncIterable<Finding> {
  const queue = createQueue<Finding>()
  new Survey(targets, kit, queue).start()
  return queue
}

class Survey {
  readonly #kit: Kit
  readonly #queue: Queue<Finding>
  readonly #hosts: Host[]
  readonly #load: Load = { knocking: 0, talking: 0 }
  #next = 0
  #isOver = false

  constructor(targets: readonly Target[], kit: Kit, queue: Queue<Finding>) {
    this.#kit = kit
    this.#queue = queue
    const hosts = new Map<string, Host>()
    for (const target of targets) {
      const host = hosts.get(target.address) ?? newHost()
      host.waiting.push(target)
      hosts.set(target.address, host)
    }
    this.#hosts = [...hosts.values()]
    for (const host of this.#hosts) host.waiting.reverse()
  }

  start(): void {
    const { interrupted } = this.#kit.io
    while (!this.#isOver && !interrupted.aborted && busy(this.#load) < this.#kit.settings.atOnce) {
      const host = this.#nextHost()
      const target = host?.waiting.pop()
      if (host === undefined || target === undefined) break
      void this.#work(host, target)
    }
    const isDone = interrupted.aborted || this.#hosts.every(({ waiting }) => waiting.length === 0)
    if (isDone && this.#hosts.every((host) => busy(host) + host.slow === 0)) this.#queue.end()
  }

  /** Hosts take turns. */
  #nextHost(): Host | undefined {
    for (let i = 0; i < this.#hosts.length; i += 1) {
      const at = (this.#next + i) % this.#hosts.length
      const host = this.#hosts[at]
      const isFree = host !== undefined && busy(host) < AT_ONE_HOST && host.slow < SLOW_AT_ONE_HOST
      if (!isFree || host.waiting.length === 0) continue
      this.#next = at + 1
      return host
    }
    return undefined
  }

  async #work(host: Host, target: Target): Promise<void> {
    const place = new HostPlace(host, this.#load, this.#kit, () => this.start())
    try {
      const finding = await examine(target, this.#kit, place)
      if (finding === LATER) host.waiting.push(target)
      else if (finding !== undefined) this.#queue.push(await this.#kit.named(finding))
    } catch (fault) {
      this.#isOver = true
      this.#queue.fail(fault)
    }
    place.leave()
    this.start()
  }
}

function newHost(): Host {
  return { waiting: [], knocking: 0, talking: 0, slow: 0, fastestMs: undefined }
}

class HostPlace implements Place {
  readonly #host: Host
  readonly #load: Load
  readonly #kit: Kit
  readonly #onSlow: () => void
  #state: 'knocking' | 'slow' | 'talking' = 'knocking'

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

  #count(state: 'knocking' | 'slow' | 'talking', by: 1 | -1): void {
    this.#host[state] += by
    if (state !== 'slow') this.#load[state] += by
  }
}

function slowMs({ fastestMs }: Host): number {
  if (fastestMs === undefined) return SLOW_MS
  const some = Math.min(SLOW_MS, ROUND_TRIPS * fastestMs)
  return Math.max(LEAST_SLOW_MS, some, LEAST_ROUND_TRIPS * fastestMs)
}

/** Neither our own patience nor another machine's says how far away the host is. */
function isTheHosts(answer: ConnectAnswer | Silence | undefined): boolean {
  if (answer === undefined || 'kind' in answer) return false
  return answer.fact.kind === 'handshake' || answer.fact.kind === 'refused'
}
