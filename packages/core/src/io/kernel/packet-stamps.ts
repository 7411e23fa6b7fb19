import type { Clock } from '../io.ts'
import {
  AF,
  CLOCK_REALTIME,
  CMSG,
  IOVEC,
  MSG,
  MSGHDR,
  OPTION,
  SOCK,
  SOCKADDR_IN,
  TIMESPEC,
} from './layout.ts'
import type { Libc } from './libc.ts'
import type { WallTime } from './packet-clock.ts'
import type { SenderParts } from './packet-sender.ts'

/** CLOCK_REALTIME by clock_gettime(2), which takes a fraction of a microsecond. */
export function wallReader({ libc, calls }: Pick<SenderParts, 'libc' | 'calls'>): () => WallTime {
  const { at, view } = libc.allocate(TIMESPEC.length)
  return () => {
    calls.clockGettime(CLOCK_REALTIME, at)
    return readTimespec(view, 0)
  }
}

function readTimespec(view: DataView, at: number): WallTime {
  const low = view.getUint32(at + TIMESPEC.seconds, true)
  const high = view.getUint32(at + TIMESPEC.seconds + 4, true)
  return { seconds: high * 0x1_0000_0000 + low, nanoseconds: view.getUint32(at + TIMESPEC.nanoseconds, true) }
}

const TRIES = 20
const PAUSE_MS = 1

/**
 * Waits until the kernel stamps packets when they come: it begins a little after the first socket wants it, and until then
 * a packet is stamped when it is fetched, far too late. A datagram from a socket to itself on loopback shows it; where
 * there is no loopback, some milliseconds have to do. A socket that wants stamps must be open already.
 */
export async function untilStamped(parts: SenderParts, clock: Clock, wall: () => WallTime): Promise<void> {
  const { libc, options } = parts
  const fd = libc.socket(AF.inet, SOCK.datagram | SOCK.nonblock | SOCK.cloexec, 0)
  if (fd < 0) return
  try {
    const memory = probeMemory(libc)
    options.setNumber(fd, OPTION.timestampNs, 1)
    const canTalk = connectToItself(libc, fd, memory)
    for (let i = 0; i < TRIES; i++) {
      if (canTalk && isStampedOnArrival(libc, fd, memory, wall)) return
      await clock.sleep(PAUSE_MS)
      if (!canTalk && i >= 4) return
    }
  } finally {
    libc.close(fd)
  }
}

type Memory = ReturnType<Libc['allocate']>
const AT = { header: 0, iovec: 64, address: 80, length: 112, data: 120, control: 128, end: 192 } as const

let memory: { readonly libc: Libc; readonly made: Memory } | undefined

function probeMemory(libc: Libc): Memory {
  if (memory?.libc !== libc) memory = { libc, made: libc.allocate(AT.end) }
  const { view, at } = memory.made
  for (let i = 0; i < AT.end; i++) view.setUint8(i, 0)
  view.setBigUint64(MSGHDR.iov, at + BigInt(AT.iovec), true)
  view.setBigUint64(MSGHDR.iovLength, 1n, true)
  view.setBigUint64(MSGHDR.control, at + BigInt(AT.control), true)
  view.setBigUint64(AT.iovec + IOVEC.base, at + BigInt(AT.data), true)
  view.setBigUint64(AT.iovec + IOVEC.size, 1n, true)
  return memory.made
}

function connectToItself(libc: Libc, fd: number, { at, view }: Memory): boolean {
  const address = at + BigInt(AT.address)
  view.setUint16(AT.address + SOCKADDR_IN.family, AF.inet, true)
  view.setUint32(AT.address + SOCKADDR_IN.address, 0x7f000001)
  view.setUint32(AT.length, SOCKADDR_IN.length, true)
  return (
    libc.bind(fd, address, SOCKADDR_IN.length) === 0 &&
    libc.getsockname(fd, address, at + BigInt(AT.length)) === 0 &&
    libc.connect(fd, address, SOCKADDR_IN.length) === 0
  )
}

function isStampedOnArrival(libc: Libc, fd: number, { at, view }: Memory, wall: () => WallTime): boolean {
  if (libc.send(fd, new Uint8Array(1), 1, MSG.dontWait | MSG.noSignal) < 0) return false
  const before = wall()
  view.setBigUint64(MSGHDR.controlLength, BigInt(AT.end - AT.control), true)
  if (libc.recvmsg(fd, at, MSG.dontWait) < 0) return false
  if (view.getUint32(MSGHDR.controlLength, true) < CMSG.data + TIMESPEC.length) return false
  const stamp = readTimespec(view, AT.control + CMSG.data)
  return (stamp.seconds - before.seconds) * 1e9 + stamp.nanoseconds - before.nanoseconds < 0
}
