import type { Family } from '../../model/target.ts'
import { CMSG, EXTENDED_ERROR, MSG, MSGHDR, OPTION, ORIGIN, SOCKADDR_IN6 } from './layout.ts'
import type { Libc } from './libc.ts'
import { readSockaddr } from './sockaddr.ts'

/** What the kernel kept about an ICMP error for one of our segments (ip(7), IP_RECVERR). */
export interface QueuedError {
  readonly family: Family
  readonly type: number
  readonly code: number
  readonly from: string | undefined
}

const CONTROL_LENGTH = 512

/** A reader with memory of its own: takes one ICMP error off a socket's error queue, or undefined when there is none. */
export function createErrorQueue(libc: Libc): (fd: number) => QueuedError | undefined {
  const name = MSGHDR.length + 8
  const control = name + 32
  const memory = libc.allocate(control + CONTROL_LENGTH)
  const { view, at } = memory
  const prepare = (): void => {
    for (let i = 0; i < control; i += 8) view.setBigUint64(i, 0n)
    view.setBigUint64(MSGHDR.name, at + BigInt(name), true)
    view.setUint32(MSGHDR.nameLength, SOCKADDR_IN6.length, true)
    view.setBigUint64(MSGHDR.control, at + BigInt(control), true)
    view.setBigUint64(MSGHDR.controlLength, BigInt(CONTROL_LENGTH), true)
  }
  // A call that finds nothing leaves the header as it was, and in a sweep nearly all of them do.
  let prepared = false
  const read = (fd: number): boolean => {
    if (!prepared) prepare()
    prepared = libc.recvmsg(fd, at, MSG.errorQueue | MSG.dontWait) < 0
    return !prepared
  }
  return (fd) => {
    // A local error may be queued in front of the ICMP error; the queue is short, but never trusted to be.
    for (let i = 0; i < 8 && read(fd); i++) {
      const length = Math.min(Number(view.getBigUint64(MSGHDR.controlLength, true)), CONTROL_LENGTH)
      const found = findError(view, control, control + length)
      if (found !== undefined) return found
    }
    return undefined
  }
}

function findError(view: DataView, start: number, end: number): QueuedError | undefined {
  for (let at = start; at + CMSG.data <= end; ) {
    const length = Number(view.getBigUint64(at + CMSG.itemLength, true))
    if (length < CMSG.data || at + length > end) return undefined
    const level = view.getInt32(at + CMSG.level, true)
    const type = view.getInt32(at + CMSG.type, true)
    if (isErrorItem(level, type)) return readError(view, at + CMSG.data, length - CMSG.data)
    at += (length + 7) & ~7
  }
  return undefined
}

function isErrorItem(level: number, type: number): boolean {
  return [OPTION.receiveErrors, OPTION.receiveErrors6].some((o) => o.level === level && o.name === type)
}

function readError(view: DataView, at: number, length: number): QueuedError | undefined {
  if (length < EXTENDED_ERROR.offender) return undefined
  const origin = view.getUint8(at + EXTENDED_ERROR.origin)
  if (origin !== ORIGIN.icmp && origin !== ORIGIN.icmp6) return undefined
  const whole = length >= EXTENDED_ERROR.offender + (origin === ORIGIN.icmp ? 16 : SOCKADDR_IN6.length)
  return {
    family: origin === ORIGIN.icmp ? 4 : 6,
    type: view.getUint8(at + EXTENDED_ERROR.type),
    code: view.getUint8(at + EXTENDED_ERROR.code),
    from: whole ? readSockaddr(view, at + EXTENDED_ERROR.offender)?.address : undefined,
  }
}
