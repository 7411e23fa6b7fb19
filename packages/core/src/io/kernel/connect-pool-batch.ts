import { MOST_EVENTS, POOL_AT, type PoolMemory } from './connect-pool-memory.ts'
import { ERRNO } from './judge.ts'
import { EPOLL, POLLFD } from './layout.ts'
import type { Libc, Pointer } from './libc.ts'

/** poll(2): the socket has an error, or something in its error queue. */
const POLL_ERROR = 8
const UNKNOWN = 0xffff

/** What one epoll_wait(2) told, and what became of each of its sockets. Valid until the next `wait`. */
export interface PoolBatch {
  /** Takes the events that are there, without waiting; says how many. */
  wait(): number
  /** There may be more. */
  wasFull(count: number): boolean
  slot(i: number): number
  /** Nothing is to be said of this socket. */
  skip(i: number): void
  note(i: number, fd: number, errno: number, syns: number | undefined): void
  /** Which sockets, of those that failed, have an ICMP error in their queue. To be called after all notes. */
  lookForErrors(count: number): void
  /** There is an outcome, or may be one. */
  isOver(i: number): boolean
  /** Refused by a RST, and no ICMP error. */
  isPlainRefusal(i: number): boolean
  errno(i: number): number
  syns(i: number): number | undefined
}

export function createPoolBatch(libc: Libc, memory: PoolMemory, epoll: number): PoolBatch {
  const { view, at } = memory
  const epollWait = waitOf(libc)
  const errnos = new Int32Array(MOST_EVENTS)
  const syns = new Uint16Array(MOST_EVENTS)
  const eventOf = (i: number): number => view.getUint32(i * POOL_AT.eventLength + POOL_AT.events, true)
  const pollAt = (i: number): number => POOL_AT.polls + i * POLLFD.length
  // A negative descriptor is passed over (poll(2)).
  const setPoll = (i: number, fd: number): void => {
    view.setInt32(pollAt(i) + POLLFD.fd, fd, true)
    view.setInt32(pollAt(i) + POLLFD.events, 0, true)
  }
  return {
    wait: () => epollWait(epoll, at.events, MOST_EVENTS, 0),
    wasFull: (count) => count === MOST_EVENTS,
    slot: (i) => view.getUint32(i * POOL_AT.eventLength + POOL_AT.slot, true),
    skip(i) {
      errnos[i] = ERRNO.EINPROGRESS
      setPoll(i, -1)
    },
    note(i, fd, errno, count) {
      errnos[i] = errno
      syns[i] = count === undefined ? UNKNOWN : Math.min(count, UNKNOWN - 1)
      setPoll(i, errno === ERRNO.ECONNREFUSED ? fd : -1)
    },
    lookForErrors(count) {
      if (libc.poll(at.polls, count, 0) >= 0) return
      // The system refuses to tell: then each is asked.
      for (let i = 0; i < count; i++) view.setInt16(pollAt(i) + POLLFD.revents, POLL_ERROR, true)
    },
    isOver(i) {
      const errno = errnos[i]
      if (errno === ERRNO.EALREADY) return (eventOf(i) & EPOLL.err) !== 0
      return errno !== ERRNO.EINPROGRESS
    },
    isPlainRefusal: (i) =>
      errnos[i] === ERRNO.ECONNREFUSED &&
      (view.getInt16(pollAt(i) + POLLFD.revents, true) & POLL_ERROR) === 0,
    errno: (i) => errnos[i] ?? 0,
    syns: (i) => (syns[i] === UNKNOWN ? undefined : syns[i]),
  }
}

type Wait = (fd: number, events: Pointer, most: number, timeoutMs: number) => number
const waits = new WeakMap<Libc, Wait>()

/** Bound once: another binding would cost each pool some microseconds. */
function waitOf(libc: Libc): Wait {
  const known = waits.get(libc)
  if (known !== undefined) return known
  const wait = libc.bindMore<Wait>('int epoll_wait(int, void *, int, int)')
  waits.set(libc, wait)
  return wait
}
