import type { Endpoint } from '../../model/target.ts'
import { localFault } from '../local-fault.ts'
import type { DatagramSocket } from '../streams.ts'
import { type DatagramKind, datagramMemory, giveBack, KernelDatagram } from './datagram.ts'
import { AF, SOCK } from './layout.ts'
import type { Libc } from './libc.ts'
import type { Reactor } from './reactor.ts'
import { readUnixSockaddr, writeUnixSockaddr } from './sockaddr-unix.ts'

const NOBODY: Endpoint = { address: '', port: 0 }

/** A sender without a name has an empty address. */
const UNIX: DatagramKind = {
  writeAddress: (view, peer) => writeUnixSockaddr(view, 0, peer.address, 'connect'),
  readAddress: (view, length) => ({ address: readUnixSockaddr(view, 0, length), port: 0 }),
  takeError: () => 0,
  takeIcmp: () => undefined,
}

/**
 * A UNIX datagram socket bound at `path`, whatever was there being removed first, as nc does. @throws LocalFault about
 * `about`
 */
export function bindUnixDatagram(libc: Libc, reactor: Reactor, path: string, about = 'bind'): DatagramSocket {
  const memory = datagramMemory(libc)
  const fd = libc.socket(AF.unix, SOCK.datagram | SOCK.nonblock | SOCK.cloexec, 0)
  try {
    if (fd < 0) throw localFault(libc.errno(), 'socket', about)
    const octets = writeUnixSockaddr(memory.view, 0, path, about)
    if (!path.startsWith('@')) libc.unlink(path)
    if (libc.bind(fd, memory.at, octets) !== 0) throw localFault(libc.errno(), `bind to ${path}`, about)
  } catch (error) {
    if (fd >= 0) libc.close(fd)
    giveBack(memory)
    throw error
  }
  return new KernelDatagram({ libc, reactor, kind: UNIX, memory }, fd, { address: path, port: 0 }, NOBODY)
}
