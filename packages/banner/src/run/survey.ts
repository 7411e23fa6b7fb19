import { createQueue, type Queue, type Target } from '@portkit/core'
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
/** A port that takes so many round trips is slow. */
const ROUND_TRIPS = 4

interface Host {
  readonly waiting: Target[]
  /** Ports with a connection, or about to have one. */
  busy: number
  slow: number
  /** Smallest time to an answer, milliseconds. */
  fastestMs: number | undefined
}

/** Ports with a connection, or about to have one, of all hosts. */
interface Load {
  busy: number
}

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
  readonly #load: Load = { busy: 0 }
  #next = 0
  #isOver = false

  constructor(targets: readonly Target[], kit: Kit, queue: Queue<Finding>) {
    this.#kit = kit
    this.#queue = queue
    const hosts = new Map<string, Host>()
    for (const target of targets) {
      const host = hosts.get(target.address) ?? { waiting: [], busy: 0, slow: 0, fastestMs: undefined }
      host.waiting.push(target)
      hosts.set(target.address, host)
    }
    this.#hosts = [...hosts.values()]
    for (const host of this.#hosts) host.waiting.reverse()
  }

  start(): void {
    const { interrupted } = this.#kit.io
    while (!this.#isOver && !interrupted.aborted && this.#load.busy < this.#kit.settings.atOnce) {
      const host = this.#nextHost()
      const target = host?.waiting.pop()
      if (host === undefined || target === undefined) break
      void this.#work(host, target)
    }
    const isDone = interrupted.aborted || this.#hosts.every(({ waiting }) => waiting.length === 0)
    if (isDone && this.#hosts.every(({ busy, slow }) => busy + slow === 0)) this.#queue.end()
  }

  /** Hosts take turns. */
  #nextHost(): Host | undefined {
    for (let i = 0; i < this.#hosts.length; i += 1) {
      const at = (this.#next + i) % this.#hosts.length
      const host = this.#hosts[at]
      const isFree = host !== undefined && host.busy < AT_ONE_HOST && host.slow < SLOW_AT_ONE_HOST
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
      else if (finding !== undefined) this.#queue.push(finding)
    } catch (fault) {
      this.#isOver = true
      this.#queue.fail(fault)
    }
    place.leave()
    this.start()
  }
}

class HostPlace implements Place {
  readonly #host: Host
  readonly #load: Load
  readonly #kit: Kit
  readonly #onSlow: () => void
  #isSlow = false

  constructor(host: Host, load: Load, kit: Kit, onSlow: () => void) {
    this.#host = host
    this.#load = load
    this.#kit = kit
    this.#onSlow = onSlow
    this.#count(1)
  }

  watch(answer: Promise<unknown>): void {
    const { clock } = this.#kit.io
    const { fastestMs = Number.POSITIVE_INFINITY } = this.#host
    const startNs = clock.nowNs()
    const slowMs = Math.min(SLOW_MS, Math.max(LEAST_SLOW_MS, ROUND_TRIPS * fastestMs))
    const done = new AbortController()
    clock.sleep(slowMs, done.signal).then(
      () => this.#park(),
      () => {},
    )
    const onAnswer = (): void => {
      done.abort()
      this.#host.fastestMs = Math.min(fastestMs, (clock.nowNs() - startNs) / 1e6)
    }
    answer.then(onAnswer, onAnswer)
  }

  resume(): boolean {
    if (!this.#isSlow) return true
    if (this.#host.busy >= AT_ONE_HOST || this.#load.busy >= this.#kit.settings.atOnce) return false
    this.#isSlow = false
    this.#host.slow -= 1
    this.#count(1)
    return true
  }

  leave(): void {
    if (this.#isSlow) this.#host.slow -= 1
    else this.#count(-1)
  }

  #park(): void {
    this.#isSlow = true
    this.#host.slow += 1
    this.#count(-1)
    this.#onSlow()
  }

  #count(one: 1 | -1): void {
    this.#host.busy += one
    this.#load.busy += one
  }
}
