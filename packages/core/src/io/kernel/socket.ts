import { LocalFault } from '../../model/errors.ts'
import type { Endpoint, Family } from '../../model/target.ts'
import type { ConnectRequest } from '../io.ts'
import { localFault } from '../local-fault.ts'
import type { CloseWith } from '../socket-settings.ts'
import { AF, OPTION, POLLFD, SOCK, SOCKADDR_IN6, TCP_INFO } from './layout.ts'
import type { Libc } from './libc.ts'
import { applySettings } from './settings.ts'
import { readSockaddr, writeSockaddr } from './sockaddr.ts'
import { createSocketOptions, type SocketOptions } from './socket-options.ts'

/** Where each argument of a call lies in the memory that all calls share; offsets in octets. */
const AT = { address: 0, length: 32, poll: 40, end: 48 } as const
const POLL_OUT = 4

export interface TcpInfo {
  readonly state: number
  readonly rttNs: number
  readonly syns: number
}

/** The system calls on a connecting TCP socket, as plain values. */
export interface TcpSockets {
  /** A non-blocking socket with the request's options set, and its destination ready. @throws LocalFault */
  open(request: ConnectRequest): number
  /** Sends the SYN of the socket opened last; gives the errno, EINPROGRESS as a rule, or 0 when all is done. */
  connect(fd: number): number
  /** Whether the socket is writable or failed by now. */
  ready(fd: number): boolean
  /** Takes the pending error's number: 0 for none. */
  takeError(fd: number): number
  info(fd: number): TcpInfo | undefined
  local(fd: number): Endpoint | undefined
  close(fd: number, how: CloseWith): void
}

export function createTcpSockets(libc: Libc): TcpSockets {
  const { at, view } = libc.allocate(AT.end)
  const address = at + BigInt(AT.address)
  const options = createSocketOptions(libc)
  let aimed = 0

  const prepare = (fd: number, request: ConnectRequest): void => {
    const v4 = request.family === 4
    options.setNumber(fd, v4 ? OPTION.receiveErrors : OPTION.receiveErrors6, 1)
    chooseInterface(fd, request.interfaceName, options, libc)
    if (request.sourceAddress !== undefined || request.sourcePort !== undefined) bindSource(fd, request)
    applySettings(libc, options, fd, request.family, request)
    aimed = writeSockaddr(view, AT.address, request, request.port)
  }
  const bindSource = (fd: number, request: ConnectRequest): void => {
    const { sourceAddress, sourcePort, family } = request
    if (sourcePort === undefined) options.setNumber(fd, OPTION.bindAddressNoPort, 1)
    else if (request.exclusiveSource !== true) options.setNumber(fd, OPTION.reuseAddress, 1)
    const source = { address: sourceAddress ?? anyAddress(family), family }
    const octets = writeSockaddr(view, AT.address, source, sourcePort ?? 0)
    if (libc.bind(fd, address, octets) === 0) return
    throw localFault(libc.errno(), `source ${source.address} port ${sourcePort ?? 'any'}`, 'source')
  }

  return {
    open(request) {
      const type = SOCK.stream | SOCK.nonblock | SOCK.cloexec
      const fd = libc.socket(request.family === 4 ? AF.inet : AF.inet6, type, 0)
      if (fd < 0) throw localFault(libc.errno(), 'socket')
      try {
        prepare(fd, request)
      } catch (error) {
        libc.close(fd)
        throw error
      }
      return fd
    },
    connect: (fd) => (libc.connect(fd, address, aimed) === 0 ? 0 : libc.errnoNumber()),
    ready(fd) {
      view.setInt32(AT.poll + POLLFD.fd, fd, true)
      view.setInt16(AT.poll + POLLFD.events, POLL_OUT, true)
      return libc.poll(at + BigInt(AT.poll), 1, 0) > 0
    },
    takeError: (fd) => options.get(fd, OPTION.error, 4)?.getInt32(0, true) ?? 0,
    info: (fd) => readInfo(options.get(fd, OPTION.tcpInfo, TCP_INFO.length)),
    local(fd) {
      view.setUint32(AT.length, SOCKADDR_IN6.length, true)
      const known = libc.getsockname(fd, address, at + BigInt(AT.length)) === 0
      return known ? readSockaddr(view, AT.address) : undefined
    },
    close(fd, how) {
      if (how === 'rst') options.setAbort(fd)
      libc.close(fd)
    },
  }
}

/** @throws LocalFault */
function chooseInterface(fd: number, name: string | undefined, options: SocketOptions, libc: Libc): void {
  if (name === undefined || options.setDevice(fd, name)) return
  const errno = libc.errno()
  if (errno !== 'ENODEV') throw localFault(errno, `interface ${name}`, 'interfaceName')
  throw new LocalFault(errno, `no network interface called ${name}`, 'interfaceName')
}

function readInfo(info: DataView | undefined): TcpInfo | undefined {
  if (info === undefined) return undefined
  return {
    state: info.getUint8(TCP_INFO.state),
    rttNs: info.getUint32(TCP_INFO.rtt, true) * 1000,
    syns: 1 + info.getUint32(TCP_INFO.totalRetransmits, true),
  }
}

function anyAddress(family: Family): string {
  return family === 4 ? '0.0.0.0' : '::'
}
