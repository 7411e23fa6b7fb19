import { LocalFault } from '../../model/errors.ts'
import type { Address } from '../../model/target.ts'
import type { Clock, ConnectFact, ConnectPool, PoolRequest, SeeFact, SeeFault } from '../io.ts'
import { localFault } from '../local-fault.ts'
import { createPoolBatch, type PoolBatch } from './connect-pool-batch.ts'
import { createPoolJudge, type PoolJudge } from './connect-pool-judge.ts'
import { createPoolMemory, type PoolMemory } from './connect-pool-memory.ts'
import { createPlaces, type Place } from './connect-pool-places.ts'
import { PoolSockets } from './connect-pool-sockets.ts'
import { PoolTable } from './connect-pool-table.ts'
import type { QueuedError } from './error-queue.ts'
import { ERRNO } from './judge.ts'
import { EPOLL } from './layout.ts'
import type { Libc } from './libc.ts'
import type { Reactor } from './reactor.ts'
import type { TcpSockets } from './socket.ts'
import { createWaits, type Waits } from './waits.ts'

/** No lost SYN is sent again before this (RFC 6298 section 2), so that an answer until then is the first one's. */
const RESEND_NS = 1e9
/** Ends a collection that answers come into as fast as it takes them out. */
const MOST_ROUNDS = 64

interface PoolParts {
  readonly libc: Libc
  readonly clock: Clock
  readonly sockets: TcpSockets
  readonly takeIcmp: (fd: number) => QueuedError | undefined
  readonly reactor: Reactor
}

interface Ended {
  readonly tag: number
  readonly fact: ConnectFact
}

type Changing<T> = { -readonly [K in keyof T]: T[K] }

/** Opens pools, one after another or side by side. Memory for the kernel is never freed, so that it is used again. */
export function createPools(parts: PoolParts): (request: PoolRequest) => ConnectPool {
  const spare: PoolMemory[] = []
  return (request) => {
    const memory = spare.pop() ?? createPoolMemory(parts.libc)
    return new KernelConnectPool(parts, memory, request, () => spare.push(memory))
  }
}

/**
 * Many connects at once by connect(2) and epoll(7). A refused port costs two calls of connect() and no new socket: the
 * second fetches the error, and Linux then makes the socket as good as new (tcp_disconnect).
 */
class KernelConnectPool implements ConnectPool {
  readonly #parts: PoolParts
  readonly #table = new PoolTable()
  readonly #places = createPlaces()
  readonly #sockets: PoolSockets
  readonly #batch: PoolBatch
  readonly #judge: PoolJudge
  readonly #epoll: number
  readonly #waits: Waits
  readonly #release: () => void
  readonly #refused: Changing<Extract<ConnectFact, { kind: 'refused' }>>
  #ended: Ended[] = []
  #untold = 0
  #telling = false
  #closed = false

  /** @throws LocalFault when the system has no descriptor left */
  constructor(parts: PoolParts, memory: PoolMemory, request: PoolRequest, release: () => void) {
    const { libc } = parts
    const epoll = libc.epollCreate(EPOLL.cloexec)
    if (epoll < 0) {
      release()
      throw localFault(libc.errno(), 'epoll')
    }
    this.#parts = parts
    this.#epoll = epoll
    this.#release = release
    this.#sockets = new PoolSockets({ ...parts, memory, table: this.#table, epoll, request })
    const judged = { ...parts, tcp: parts.sockets, table: this.#table, sockets: this.#sockets }
    this.#judge = createPoolJudge(judged)
    this.#batch = createPoolBatch(libc, memory, epoll)
    this.#waits = createWaits(parts.reactor, epoll)
    this.#refused = { kind: 'refused', by: 'rst', rttNs: 0, clock: 'process', elapsedNs: 0, syns: 1 }
  }

  get flying(): number {
    return this.#table.underWay + this.#untold
  }

  begin(address: Address, port: number, tag: number): LocalFault | undefined {
    if (this.#closed) return new LocalFault('EBADF', 'the connections were closed')
    try {
      this.#begin(this.#places(address), port, tag)
      return undefined
    } catch (error) {
      if (error instanceof LocalFault) return error
      throw error
    }
  }

  collect(see: SeeFact, fail: SeeFault): number {
    if (this.#telling || this.#closed) return 0
    this.#telling = true
    try {
      let told = this.#tellEnded(see)
      for (let round = 0; round < MOST_ROUNDS; round++) {
        const count = this.#closed ? 0 : this.#batch.wait()
        if (count > 0) told += this.#tellBatch(count, see, fail)
        if (!this.#batch.wasFull(count)) break
      }
      return told
    } finally {
      this.#telling = false
    }
  }

  expire(ageNs: number, see: SeeFact, silent: (tag: number) => void, fail: SeeFault): void {
    const untilNs = this.#parts.clock.nowNs() - ageNs
    const table = this.#table
    if (this.#telling || (this.#untold === 0 && table.oldest(untilNs) === undefined)) return
    this.collect(see, fail)
    while (!this.#closed) {
      const slot = table.oldest(untilNs)
      if (slot === undefined) return
      const tag = table.tag[slot] ?? 0
      const fact = this.#giveUp(slot)
      if (fact === undefined) silent(tag)
      else see(tag, fact)
    }
  }

  async ready(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#closed || this.#untold > 0 || signal.aborted) return
    const over = new AbortController()
    const stop = (): void => over.abort()
    signal.addEventListener('abort', stop, { once: true })
    try {
      const awake = this.#waits.ready('in', over.signal)
      await Promise.race([awake, this.#parts.clock.sleep(ms, over.signal)])
    } catch (error) {
      if (!over.signal.aborted) throw error
    } finally {
      signal.removeEventListener('abort', stop)
      stop()
    }
  }

  close(): void {
    if (this.#closed) return
    this.#closed = true
    this.#waits.end()
    this.#sockets.closeAll()
    this.#table.clear()
    this.#untold = 0
    this.#parts.libc.close(this.#epoll)
    this.#release()
  }

  /** @throws LocalFault */
  #begin(place: Place, port: number, tag: number): void {
    const { clock } = this.#parts
    const slot = this.#sockets.take(place, port)
    this.#table.port[slot] = port
    const startNs = clock.nowNs()
    const errno = this.#sockets.connect(slot, place, port)
    if (errno === ERRNO.EINPROGRESS) {
      this.#table.tag[slot] = tag
      this.#table.start(slot, startNs)
      return
    }
    try {
      this.#ended.push({ tag, fact: this.#judge.atOnce(slot, errno, clock.nowNs() - startNs) })
      this.#untold++
    } finally {
      this.#sockets.drop(slot)
    }
  }

  #tellEnded(see: SeeFact): number {
    const ended = this.#ended
    if (ended.length === 0) return 0
    this.#ended = []
    for (const { tag, fact } of ended) {
      if (this.#closed) break
      this.#untold--
      see(tag, fact)
    }
    return ended.length
  }

  #tellBatch(count: number, see: SeeFact, fail: SeeFault): number {
    const nowNs = this.#parts.clock.nowNs()
    this.#fetch(count, nowNs)
    this.#batch.lookForErrors(count)
    let told = 0
    for (let i = 0; i < count && !this.#closed; i++) {
      const slot = this.#batch.slot(i)
      if (!this.#batch.isOver(i)) continue
      const tag = this.#table.tag[slot] ?? 0
      const elapsedNs = nowNs - (this.#table.startNs[slot] ?? 0)
      if (this.#batch.isPlainRefusal(i)) {
        this.#sayRefused(slot, elapsedNs, this.#batch.syns(i))
        see(tag, this.#refused)
        told++
      } else told += this.#tell(i, tag, elapsedNs, see, fail)
    }
    return told
  }

  /** Asks the sockets of a batch how they ended. */
  #fetch(count: number, nowNs: number): void {
    const { fd, flying, startNs } = this.#table
    for (let i = 0; i < count; i++) {
      const slot = this.#batch.slot(i)
      if (flying[slot] !== 1) {
        this.#batch.skip(i)
        continue
      }
      const socket = fd[slot] ?? -1
      const isLate = nowNs - (startNs[slot] ?? 0) >= RESEND_NS
      // Once it is asked, the socket remembers nothing.
      const syns = isLate ? this.#parts.sockets.info(socket)?.syns : 1
      this.#batch.note(i, socket, this.#sockets.outcome(slot), syns)
    }
  }

  #sayRefused(slot: number, elapsedNs: number, syns: number | undefined): void {
    this.#table.end(slot)
    this.#sockets.give(slot)
    this.#refused.rttNs = syns === 1 ? elapsedNs : undefined
    this.#refused.elapsedNs = elapsedNs
    this.#refused.syns = syns
  }

  /** An outcome that is told by more than a number; says how many were told. */
  #tell(i: number, tag: number, elapsedNs: number, see: SeeFact, fail: SeeFault): number {
    const slot = this.#batch.slot(i)
    const errno = this.#batch.errno(i)
    let fact: ConnectFact | undefined
    try {
      fact = this.#judge.later(slot, errno, elapsedNs, this.#batch.syns(i))
    } catch (fault) {
      if (!(fault instanceof LocalFault)) throw fault
      this.#table.end(slot)
      this.#sockets.drop(slot)
      fail(tag, fault)
      return 1
    }
    if (fact === undefined) return 0
    this.#table.end(slot)
    if (errno === 0) this.#sockets.reset(slot)
    else this.#sockets.drop(slot)
    see(tag, fact)
    return 1
  }

  /** An answer that came too late to be collected, else undefined. */
  #giveUp(slot: number): ConnectFact | undefined {
    const elapsedNs = this.#parts.clock.nowNs() - (this.#table.startNs[slot] ?? 0)
    this.#table.end(slot)
    const icmp = this.#sockets.reset(slot)
    return icmp && this.#judge.byError(slot, icmp, elapsedNs)
  }
}
