import { localFault } from '../local-fault.ts'
import { CMSG, IOVEC, MSG, MSGHDR, RIGHTS } from './layout.ts'
import type { Libc } from './libc.ts'
import type { Reactor } from './reactor.ts'
import { createWaits } from './waits.ts'

const IOV = MSGHDR.length
const OCTET = IOV + IOVEC.length
const CONTROL = OCTET + 8
/** One descriptor of four octets, the item's length rounded up to eight. */
const ITEM = { length: CMSG.data + 4, space: CMSG.data + 8 } as const

/**
 * Sends the descriptor with one NUL octet over the UNIX socket `to` (SCM_RIGHTS, unix(7)), as nc -F does; ours stays
 * open. @throws LocalFault about `sendmsg`
 */
export async function passDescriptor(libc: Libc, reactor: Reactor, fd: number, to: number): Promise<void> {
  const message = writeMessage(libc, fd)
  const waits = createWaits(reactor, to)
  while (libc.sendmsg(to, message, MSG.dontWait | MSG.noSignal) < 0) {
    const errno = libc.errno()
    if (errno === 'EAGAIN') await waits.ready('out')
    else if (errno !== 'EINTR') throw localFault(errno, 'sendmsg', 'sendmsg')
  }
}

function writeMessage(libc: Libc, fd: number): bigint {
  const { at, view } = libc.allocate(CONTROL + ITEM.space)
  for (let i = 0; i < CONTROL + ITEM.space; i++) view.setUint8(i, 0)
  view.setBigUint64(IOV + IOVEC.base, at + BigInt(OCTET), true)
  view.setBigUint64(IOV + IOVEC.size, 1n, true)
  view.setBigUint64(MSGHDR.iov, at + BigInt(IOV), true)
  view.setBigUint64(MSGHDR.iovLength, 1n, true)
  view.setBigUint64(MSGHDR.control, at + BigInt(CONTROL), true)
  view.setBigUint64(MSGHDR.controlLength, BigInt(ITEM.space), true)
  view.setBigUint64(CONTROL + CMSG.itemLength, BigInt(ITEM.length), true)
  view.setInt32(CONTROL + CMSG.level, RIGHTS.level, true)
  view.setInt32(CONTROL + CMSG.type, RIGHTS.type, true)
  view.setInt32(CONTROL + CMSG.data, fd, true)
  return at
}
