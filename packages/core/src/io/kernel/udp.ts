import { type Endpoint, type Family, formatEndpoint } from '../../model/target.ts'
import { localFault } from '../local-fault.ts'
import type { BindRequest, DatagramSocket, UdpConnectRequest } from '../streams.ts'
import { type DatagramKind, datagramMemory, giveBack, KernelDatagram } from './datagram.ts'
import type { QueuedError } from './error-queue.ts'
import { AF, OPTION, SOCK, SOCKADDR_IN6 } from './layout.ts'
import type { Libc, Pointer } from './libc.ts'
import type { Reactor } from './reactor.ts'
import { applySettings } from './settings.ts'
import { readEndpoint, writeSockaddr } from './sockaddr.ts'
import type { SocketOptions } from './socket-options.ts'

export interface UdpParts {
  readonly libc: Libc
  readonly options: SocketOptions
  readonly reactor: Reactor
  readonly takeIcmp: (fd: number) => QueuedError | undefined
}

/** Makes a fresh socket ready for use. @throws LocalFault */
type Prepare = (fd: number, memory: { readonly at: Pointer; readonly view: DataView }) => void

/**
 * Connected to one peer, with the error queue on, so that refusals are heard and other ICMP errors told; sends nothing.
 * Node's own sockets will not do: with the queue on, its event loop spins or the process aborts at the first error.
 * @throws LocalFault about a setting, `source` or `connect`
 */
export function connectUdp(parts: UdpParts, request: UdpConnectRequest): DatagramSocket {
  const { libc, options } = parts
  const { family, port, address } = request
  return open(parts, family, { address, port }, (fd, memory) => {
    bindSource(libc, fd, request, memory)
    applySettings(libc, options, fd, family, request)
    options.setNumber(fd, family === 4 ? OPTION.receiveErrors : OPTION.receiveErrors6, 1)
    if (libc.connect(fd, memory.at, writeSockaddr(memory.view, 0, request, port)) === 0) return
    throw localFault(libc.errno(), `connect to ${formatEndpoint(request)}`, 'connect')
  })
}

function bindSource(
  libc: Libc,
  fd: number,
  request: UdpConnectRequest,
  { at, view }: Parameters<Prepare>[1],
): void {
  const { sourceAddress, sourcePort = 0, family } = request
  if (sourceAddress === undefined && request.sourcePort === undefined) return
  const source = { address: sourceAddress ?? anyAddress(family), family }
  if (libc.bind(fd, at, writeSockaddr(view, 0, source, sourcePort)) === 0) return
  throw localFault(libc.errno(), `source ${source.address} port ${sourcePort}`, 'source')
}

/** Waits for datagrams of anybody; several may wait at one port. @throws LocalFault about a setting or `bind` */
export function bindUdp(parts: UdpParts, request: BindRequest): DatagramSocket {
  const { libc, options } = parts
  const nobody = { address: anyAddress(request.family), port: 0 }
  return open(parts, request.family, nobody, (fd, { at, view }) => {
    options.setNumber(fd, OPTION.reuseAddress, 1)
    options.setNumber(fd, OPTION.reusePort, 1)
    applySettings(libc, options, fd, request.family, request)
    if (libc.bind(fd, at, writeSockaddr(view, 0, request, request.port)) === 0) return
    throw localFault(libc.errno(), `listen on ${formatEndpoint(request)}`, 'bind')
  })
}

function open(parts: UdpParts, family: Family, remote: Endpoint, prepare: Prepare): DatagramSocket {
  const { libc, reactor } = parts
  const memory = datagramMemory(libc)
  const type = SOCK.datagram | SOCK.nonblock | SOCK.cloexec
  const fd = libc.socket(family === 4 ? AF.inet : AF.inet6, type, 0)
  try {
    if (fd < 0) throw localFault(libc.errno(), 'socket')
    prepare(fd, memory)
  } catch (error) {
    if (fd >= 0) libc.close(fd)
    giveBack(memory)
    throw error
  }
  return new KernelDatagram(
    { libc, reactor, kind: udp(parts, family), memory },
    fd,
    localOf(libc, fd, memory),
    remote,
  )
}

function udp({ options, takeIcmp }: UdpParts, family: Family): DatagramKind {
  return {
    writeAddress(view, { address, port }) {
      // The other family's would be written as zeros, which is this machine.
      if (address.includes(':') !== (family === 6)) throw localFault('EINVAL', address, 'connect')
      return writeSockaddr(view, 0, { address, family }, port)
    },
    readAddress: (view) => readEndpoint(view, 0),
    takeError: (fd) => options.get(fd, OPTION.error, 4)?.getInt32(0, true) ?? 0,
    takeIcmp,
  }
}

const LENGTH_AT = 32

function localOf(libc: Libc, fd: number, { at, view }: Parameters<Prepare>[1]): Endpoint {
  view.setUint32(LENGTH_AT, SOCKADDR_IN6.length, true)
  libc.getsockname(fd, at, at + BigInt(LENGTH_AT))
  return readEndpoint(view, 0)
}

function anyAddress(family: Family): string {
  return family === 4 ? '0.0.0.0' : '::'
}
