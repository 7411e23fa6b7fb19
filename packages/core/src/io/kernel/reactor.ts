import { localFault } from '../local-fault.ts'
import { EPOLL, epollEvent } from './layout.ts'
import type { Libc } from './libc.ts'

/** Tells when descriptors become ready. One asynchronous epoll_wait at a time, and none while nobody waits. */
export interface Reactor {
  /** Calls `ready` at each readiness for writing or error, until `remove`. */
  add(fd: number, ready: () => void): void
  /** To be called before the descriptor is closed. */
  remove(fd: number): void
}

const MOST_EVENTS = 256
/** A blocked thread of the pool holds up the end of the process for this long at most. */
const WAIT_MS = 20

/** @throws LocalFault when the system has no descriptor left */
export function createReactor(libc: Libc): Reactor {
  const EVENT = epollEvent(process.arch)
  const epoll = libc.epollCreate(EPOLL.cloexec)
  if (epoll < 0) throw localFault(libc.errno(), 'epoll')
  const memory = libc.allocate(EVENT.length * (MOST_EVENTS + 1))
  const change = EVENT.length * MOST_EVENTS
  const waiting = new Map<number, () => void>()
  let polling = false

  const control = (operation: number, fd: number): number => {
    memory.view.setUint32(change + EVENT.events, EPOLL.out | EPOLL.err | EPOLL.hup, true)
    memory.view.setBigUint64(change + EVENT.data, BigInt(fd), true)
    return libc.epollControl(epoll, operation, fd, memory.at + BigInt(change))
  }

  const poll = (): void => {
    if (polling || waiting.size === 0) return
    polling = true
    libc.epollWait(epoll, memory.at, MOST_EVENTS, WAIT_MS, (count) => {
      polling = false
      for (let i = 0; i < count; i++) {
        waiting.get(memory.view.getInt32(i * EVENT.length + EVENT.data, true))?.()
      }
      poll()
    })
  }

  return {
    add(fd, ready) {
      waiting.set(fd, ready)
      control(EPOLL.add, fd)
      poll()
    },
    remove(fd) {
      if (waiting.delete(fd)) control(EPOLL.del, fd)
    },
  }
}
