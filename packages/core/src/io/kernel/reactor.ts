import { localFault } from '../local-fault.ts'
import { EPOLL, epollEvent } from './layout.ts'
import type { Libc } from './libc.ts'

/** What to wait for: octets or a connection to take in, room to send, or nothing but an error. */
export type Readiness = 'in' | 'out' | 'error'

/** Tells when descriptors become ready. One asynchronous epoll_wait at a time, and none while nobody waits. */
export interface Reactor {
  /** Calls `ready` at each such readiness (`out` unless said otherwise) or error, until `remove`. */
  add(fd: number, ready: () => void, what?: Readiness): void
  /** Ends one wait for the descriptor, or all of them; to be called before it is closed. */
  remove(fd: number, what?: Readiness): void
}

type Waits = Partial<Record<Readiness, () => void>>

const MOST_EVENTS = 256
/** A blocked thread of the pool holds up a sudden end of the process for so long at most; the longer, the less idling costs. */
const WAIT_MS = { first: 20, most: 320 } as const
const ERRORS = EPOLL.err | EPOLL.hup

/** @throws LocalFault when the system has no descriptor left */
export function createReactor(libc: Libc): Reactor {
  const EVENT = epollEvent(process.arch)
  const epoll = libc.epollCreate(EPOLL.cloexec)
  if (epoll < 0) throw localFault(libc.errno(), 'epoll')
  const memory = libc.allocate(EVENT.length * (MOST_EVENTS + 1))
  const change = EVENT.length * MOST_EVENTS
  const waiting = new Map<number, Waits>()
  // Always readable: once it is waited for, the wait ends.
  const bell = libc.eventfd(1, EPOLL.cloexec)
  let polling = false
  let waitMs: number = WAIT_MS.first

  const control = (operation: number, fd: number, events: number): number => {
    memory.view.setUint32(change + EVENT.events, events, true)
    memory.view.setBigUint64(change + EVENT.data, BigInt(fd), true)
    return libc.epollControl(epoll, operation, fd, memory.at + BigInt(change))
  }
  control(EPOLL.add, bell, 0)

  const tell = (i: number): void => {
    const events = memory.view.getUint32(i * EVENT.length + EVENT.events, true)
    const fd = memory.view.getInt32(i * EVENT.length + EVENT.data, true)
    const waits = waiting.get(fd)
    if (events & (EPOLL.in | ERRORS)) waits?.in?.()
    // A call may have ended the other waits.
    if (events & (EPOLL.out | ERRORS)) waiting.get(fd)?.out?.()
    if (events & ERRORS) waiting.get(fd)?.error?.()
  }

  const poll = (): void => {
    if (polling || waiting.size === 0) return
    polling = true
    libc.epollWait(epoll, memory.at, MOST_EVENTS, waitMs, (count) => {
      polling = false
      waitMs = count === 0 ? Math.min(waitMs * 2, WAIT_MS.most) : WAIT_MS.first
      for (let i = 0; i < count; i++) tell(i)
      poll()
    })
  }

  return {
    add(fd, ready, what = 'out') {
      const known = waiting.get(fd)
      const waits = { ...known, [what]: ready }
      waiting.set(fd, waits)
      control(known === undefined ? EPOLL.add : EPOLL.change, fd, eventsOf(waits))
      poll()
    },
    remove(fd, what) {
      const rest = without(waiting.get(fd), what)
      if (rest === undefined) return
      const over = Object.keys(rest).length === 0
      if (over) waiting.delete(fd)
      else waiting.set(fd, rest)
      control(over ? EPOLL.del : EPOLL.change, fd, eventsOf(rest))
      if (waiting.size === 0 && polling) control(EPOLL.change, bell, EPOLL.in | EPOLL.once)
    },
  }
}

function without(waits: Waits | undefined, what: Readiness | undefined): Waits | undefined {
  if (waits === undefined || what === undefined) return waits && {}
  const { [what]: _, ...rest } = waits
  return rest
}

function eventsOf(waits: Waits): number {
  return ERRORS | (waits.in === undefined ? 0 : EPOLL.in) | (waits.out === undefined ? 0 : EPOLL.out)
}
