import type { Family } from '../../model/target.ts'
import type { SocketSettings } from '../socket-settings.ts'
import type { Sockets } from '../streams.ts'
import { createErrorQueue, type QueuedError } from './error-queue.ts'
import { OPTION } from './layout.ts'
import type { Libc } from './libc.ts'
import { listenTcp } from './listener.ts'
import { passDescriptor } from './pass-descriptor.ts'
import { createReactor } from './reactor.ts'
import { applySettings } from './settings.ts'
import { createSocketOptions } from './socket-options.ts'
import { bindUdp, connectUdp } from './udp.ts'
import { bindUnixDatagram } from './unix-datagram.ts'

/** What Node's own sockets cannot do on Linux. Descriptors are those of this process, whoever opened them. */
export interface KernelSockets
  extends Pick<Sockets, 'listenTcp' | 'connectUdp' | 'bindUdp' | 'bindUnixDatagram'> {
  /** @throws LocalFault whose `about` is the setting's name */
  applySettings(fd: number, family: Family, settings: SocketSettings): void
  /** SO_REUSEADDR and SO_REUSEPORT, to be set before the socket is bound. */
  shareAddress(fd: number): void
  /** One ICMP error off the queue of a socket that receives them; undefined for none. */
  takeIcmp(fd: number): QueuedError | undefined
  /** Hands a descriptor to whoever is at the other end of the UNIX socket `to`, with one NUL octet. Rejects with LocalFault. */
  passDescriptor(fd: number, to: number): Promise<void>
}

/** @throws LocalFault when the system has no descriptor left */
export function createKernelSockets(libc: Libc): KernelSockets {
  const options = createSocketOptions(libc)
  const reactor = createReactor(libc)
  const takeIcmp = createErrorQueue(libc)
  const udp = { libc, options, reactor, takeIcmp }
  return {
    async listenTcp(request) {
      return listenTcp({ libc, options, reactor }, request)
    },
    async connectUdp(request) {
      return connectUdp(udp, request)
    },
    async bindUdp(request) {
      return bindUdp(udp, request)
    },
    async bindUnixDatagram(path) {
      return bindUnixDatagram(libc, reactor, path)
    },
    applySettings: (fd, family, settings) => applySettings(libc, options, fd, family, settings),
    shareAddress(fd) {
      options.setNumber(fd, OPTION.reuseAddress, 1)
      options.setNumber(fd, OPTION.reusePort, 1)
    },
    takeIcmp,
    passDescriptor: (fd, to) => passDescriptor(libc, reactor, fd, to),
  }
}
