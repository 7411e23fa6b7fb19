import { LocalFault } from '../../model/errors.ts'
import type { PoolRequest } from '../io.ts'
import { localFault } from '../local-fault.ts'
import { POOL_AT, POOL_EVENTS, type PoolMemory } from './connect-pool-memory.ts'
import type { Place } from './connect-pool-places.ts'
import type { PoolTable } from './connect-pool-table.ts'
import type { QueuedError } from './error-queue.ts'
import { AF, EPOLL, SOCK, SOCKADDR_IN, SOCKADDR_IN6 } from './layout.ts'
import type { Libc } from './libc.ts'
import { readSockaddr } from './sockaddr.ts'
import type { TcpSockets } from './socket.ts'

/** Faults that a descriptor less cures. */
const NONE_LEFT: ReadonlySet<string> = new Set(['EMFILE', 'ENFILE'])

/** Any port will do for a datagram socket that sends nothing. */
const DISCARD = 9

interface PoolSocketParts {
  readonly libc: Libc
  readonly sockets: TcpSockets
  readonly takeIcmp: (fd: number) => QueuedError | undefined
  readonly memory: PoolMemory
  readonly table: PoolTable
  readonly epoll: number
  readonly request: PoolRequest
}

/** The sockets of a pool: those that nobody uses are kept for the next attempts. */
export class PoolSockets {
  readonly #parts: PoolSocketParts
  readonly #idle = new Map<string, number[]>()
  /** The place that the memory of the target holds. */
  #aimedAt: Place | undefined

  constructor(parts: PoolSocketParts) {
    this.#parts = parts
  }

  /** The number of a socket that can connect to that place. @throws LocalFault */
  take(place: Place, port: number): number {
    const slot = this.#idle.get(place.kind)?.pop() ?? this.#open(place, port)
    this.#parts.table.place[slot] = place
    return slot
  }

  /** Sends the SYN; gives the errno, EINPROGRESS as a rule. */
  connect(slot: number, place: Place, port: number): number {
    const { libc, memory, table } = this.#parts
    if (place !== this.#aimedAt) memory.target.set(place.octets)
    this.#aimedAt = place
    memory.view.setUint16(POOL_AT.target + SOCKADDR_IN.port, port)
    const done = libc.connect(table.fd[slot] ?? -1, memory.at.target, place.octets.length) === 0
    return done ? 0 : libc.errnoNumber()
  }

  /** How the attempt ended, by what a further connect() says: its errno, EALREADY when it goes on, 0 for a connection. */
  outcome(slot: number): number {
    const { libc, memory, table } = this.#parts
    const fd = table.fd[slot] ?? -1
    const result =
      table.place[slot]?.address.family === 4
        ? libc.connect(fd, memory.at.any4, SOCKADDR_IN.length)
        : libc.connect(fd, memory.at.any6, SOCKADDR_IN6.length)
    return result === 0 ? 0 : libc.errnoNumber()
  }

  /** The socket is as good as new. */
  give(slot: number): void {
    const { table } = this.#parts
    const kind = table.place[slot]?.kind ?? ''
    const idle = this.#idle.get(kind)
    if (idle === undefined) this.#idle.set(kind, [slot])
    else idle.push(slot)
  }

  drop(slot: number): void {
    const { sockets, table } = this.#parts
    sockets.close(table.fd[slot] ?? -1, 'rst')
    table.remove(slot)
  }

  /** Resets the connection or gives the SYN up, and keeps the socket; gives an ICMP error that had come, unseen. */
  reset(slot: number): QueuedError | undefined {
    const { libc, sockets, table, takeIcmp, memory } = this.#parts
    const fd = table.fd[slot] ?? -1
    const done = libc.connect(fd, memory.at.nobody, SOCKADDR_IN.length) === 0
    // Linux notes a reset by ourselves as an error, which must not be taken for the next connection's.
    sockets.takeError(fd)
    const icmp = takeIcmp(fd)
    // Behind one ICMP error there may be another.
    if (done && icmp === undefined) this.give(slot)
    else this.drop(slot)
    return icmp
  }

  /** The address that packets to the place leave by, from a datagram socket that sends none; empty when unknown. */
  localAddress(place: Place): string {
    const { libc, memory, request } = this.#parts
    if (request.sourceAddress !== undefined) return request.sourceAddress
    const { family } = place.address
    const fd = libc.socket(family === 4 ? AF.inet : AF.inet6, SOCK.datagram | SOCK.cloexec, 0)
    this.#aimedAt = undefined
    memory.target.set(place.octets)
    memory.view.setUint16(POOL_AT.target + SOCKADDR_IN.port, DISCARD)
    memory.view.setUint32(POOL_AT.nameLength, SOCKADDR_IN6.length, true)
    const known =
      libc.connect(fd, memory.at.target, place.octets.length) === 0 &&
      libc.getsockname(fd, memory.at.name, memory.at.nameLength) === 0
    libc.close(fd)
    return (known ? readSockaddr(memory.view, POOL_AT.name)?.address : undefined) ?? ''
  }

  closeAll(): void {
    const { sockets, table } = this.#parts
    for (const fd of table.all()) sockets.close(fd, 'rst')
    this.#idle.clear()
  }

  #open(place: Place, port: number): number {
    const { libc, sockets, table, memory, epoll, request } = this.#parts
    const wanted = { ...request, ...place.address, port, close: 'rst' } as const
    const fd = this.#orWithFewerIdle(() => sockets.open(wanted))
    const slot = table.add(fd)
    memory.view.setUint32(POOL_AT.changeEvents, POOL_EVENTS, true)
    memory.view.setUint32(POOL_AT.changeSlot, slot, true)
    if (libc.epollControl(epoll, EPOLL.add, fd, memory.at.change) === 0) return slot
    const fault = localFault(libc.errno(), 'epoll')
    this.drop(slot)
    throw fault
  }

  /** Where no descriptor is left, an idle socket of another kind makes room. */
  #orWithFewerIdle(open: () => number): number {
    try {
      return open()
    } catch (error) {
      const noneLeft = error instanceof LocalFault && NONE_LEFT.has(error.code)
      const spare = noneLeft ? [...this.#idle.values()].find((idle) => idle.length > 0)?.pop() : undefined
      if (spare === undefined) throw error
      this.drop(spare)
      return open()
    }
  }
}
