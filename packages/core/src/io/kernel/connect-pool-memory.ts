import { AF, EPOLL, epollEvent, POLLFD, SOCKADDR_IN, SOCKADDR_IN6 } from './layout.ts'
import type { Libc, Pointer } from './libc.ts'

/** One call tells of so many sockets at most. */
export const MOST_EVENTS = 1024

const EVENT = epollEvent(process.arch)
const POLLS = EVENT.length * MOST_EVENTS
const TARGET = POLLS + POLLFD.length * MOST_EVENTS
const ANY4 = TARGET + 32
const ANY6 = ANY4 + 32
const NOBODY = ANY6 + 32
const NAME = NOBODY + 32
const NAME_LENGTH = NAME + 32
const CHANGE = NAME_LENGTH + 8
const END = CHANGE + 16

/** The memory that the calls of one pool share, and what lies where in it. */
export interface PoolMemory {
  readonly view: DataView
  /** Where the address to connect to is put. */
  readonly target: Uint8Array
  readonly at: {
    readonly events: Pointer
    readonly polls: Pointer
    readonly target: Pointer
    /** Any address of the family, for calls in which the kernel does not look at it. */
    readonly any4: Pointer
    readonly any6: Pointer
    /** AF_UNSPEC: to connect to this is to be connected to nothing (connect(2)). */
    readonly nobody: Pointer
    readonly name: Pointer
    readonly nameLength: Pointer
    readonly change: Pointer
  }
}

/** Offsets in octets of what is read and written as numbers. */
export const POOL_AT = {
  events: EVENT.events,
  slot: EVENT.data,
  eventLength: EVENT.length,
  polls: POLLS,
  target: TARGET,
  name: NAME,
  nameLength: NAME_LENGTH,
  changeEvents: CHANGE + EVENT.events,
  changeSlot: CHANGE + EVENT.data,
} as const

export function createPoolMemory(libc: Libc): PoolMemory {
  const { at: start, view } = libc.allocate(END)
  for (let i = 0; i < END; i++) view.setUint8(i, 0)
  view.setUint16(ANY4 + SOCKADDR_IN.family, AF.inet, true)
  view.setUint16(ANY6 + SOCKADDR_IN6.family, AF.inet6, true)
  const at = (offset: number): Pointer => start + BigInt(offset)
  return {
    view,
    target: new Uint8Array(view.buffer, view.byteOffset + TARGET, SOCKADDR_IN6.length),
    at: {
      events: start,
      polls: at(POLLS),
      target: at(TARGET),
      any4: at(ANY4),
      any6: at(ANY6),
      nobody: at(NOBODY),
      name: at(NAME),
      nameLength: at(NAME_LENGTH),
      change: at(CHANGE),
    },
  }
}

/** Tells of a socket only when something happens to it, and never of what was told before (epoll(7)). */
export const POOL_EVENTS = (EPOLL.out | 0x8000_0000) >>> 0
