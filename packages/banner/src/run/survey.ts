import { createQueue, type Queue, type Target } from '@portkit/core'
import type { Finding } from '../model/finding.ts'
import { examine, LATER } from './examine.ts'
import { AT_ONE_HOST, busy, type Host, HostPlace, type Load, newHost } from './host-place.ts'
import type { Kit } from './kit.ts'

/** Ports of one host that may be slow to answer meanwhile; they have no connection yet. */
const SLOW_AT_ONE_HOST = 256
/** Of all hosts: each has a socket, and many systems give a process a thousand. */
const SLOW_AT_ONCE = 512

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
  readonly #load: Load = { knocking: 0, talking: 0, slow: 0 }
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
    while (!this.#isOver && !interrupted.aborted && this.#hasRoom) {
      const host = this.#nextHost()
      const target = host?.waiting.pop()
      if (host === undefined || target === undefined) break
      void this.#work(host, target)
    }
    if (busy(this.#load) + this.#load.slow > 0) return
    if (interrupted.aborted || this.#hosts.every(({ waiting }) => waiting.length === 0)) this.#queue.end()
  }

  get #hasRoom(): boolean {
    return busy(this.#load) < this.#kit.settings.atOnce && this.#load.slow < SLOW_AT_ONCE
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
