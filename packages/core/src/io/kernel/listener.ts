import type { Endpoint } from '../../model/target.ts'
import { formatEndpoint } from '../../model/target.ts'
import { localFault } from '../local-fault.ts'
import { streamOfDescriptor } from '../node/byte-stream.ts'
import type { BindRequest, ByteStream, Listener } from '../streams.ts'
import { AF, OPTION, SOCK, SOCKADDR_IN6 } from './layout.ts'
import type { Libc } from './libc.ts'
import type { Reactor } from './reactor.ts'
import { applySettings } from './settings.ts'
import { readEndpoint, writeSockaddr } from './sockaddr.ts'
import type { SocketOptions } from './socket-options.ts'
import { createWaits } from './waits.ts'

/** As nc has it: one connection is served, and one may wait. */
const BACKLOG = 1

const AT = { address: 0, length: 32, end: 40 } as const

/** Those that concern one connection only, or nobody: the next one may well be accepted (accept(2)). */
const PASSING: ReadonlySet<string> = new Set([
  ...['ECONNABORTED', 'EINTR', 'EPROTO', 'ENOPROTOOPT', 'EPERM', 'EOPNOTSUPP'],
  ...['ENETDOWN', 'EHOSTDOWN', 'ENONET', 'EHOSTUNREACH', 'ENETUNREACH', 'ETIMEDOUT'],
])

export interface ListenerParts {
  readonly libc: Libc
  readonly options: SocketOptions
  readonly reactor: Reactor
}

/**
 * Listens on TCP with SO_REUSEADDR and SO_REUSEPORT. IPv4 clients of an IPv6 socket show as `::ffff:127.0.0.1`.
 * @throws LocalFault about a setting, `bind` or `listen`
 */
export function listenTcp({ libc, options, reactor }: ListenerParts, request: BindRequest): Listener {
  const { at, view } = libc.allocate(AT.end)
  const fd = libc.socket(
    request.family === 4 ? AF.inet : AF.inet6,
    SOCK.stream | SOCK.nonblock | SOCK.cloexec,
    0,
  )
  if (fd < 0) throw localFault(libc.errno(), 'socket', 'listen')
  try {
    const what = `listen on ${formatEndpoint(request)}`
    options.setNumber(fd, OPTION.reuseAddress, 1)
    options.setNumber(fd, OPTION.reusePort, 1)
    applySettings(libc, options, fd, request.family, request)
    const octets = writeSockaddr(view, AT.address, request, request.port)
    if (libc.bind(fd, at, octets) !== 0) throw localFault(libc.errno(), what, 'bind')
    if (libc.listen(fd, BACKLOG) !== 0) throw localFault(libc.errno(), what, 'listen')
  } catch (error) {
    libc.close(fd)
    throw error
  }
  const localOf = (socket: number): Endpoint => {
    view.setUint32(AT.length, SOCKADDR_IN6.length, true)
    libc.getsockname(socket, at, at + BigInt(AT.length))
    return readEndpoint(view, AT.address)
  }
  const take = (): ByteStream | undefined => {
    view.setUint32(AT.length, SOCKADDR_IN6.length, true)
    const taken = libc.accept4(fd, at, at + BigInt(AT.length), SOCK.nonblock | SOCK.cloexec)
    if (taken >= 0) {
      const remote = readEndpoint(view, AT.address)
      return streamOfDescriptor(taken, { local: localOf(taken), remote })
    }
    const errno = libc.errno()
    if (errno === 'EAGAIN' || PASSING.has(errno)) return undefined
    throw localFault(errno, 'accept', 'accept')
  }
  return listenerOver(libc, reactor, fd, localOf(fd), take)
}

function listenerOver(
  libc: Libc,
  reactor: Reactor,
  fd: number,
  local: Endpoint,
  take: () => ByteStream | undefined,
): Listener {
  const waits = createWaits(reactor, fd)
  let open = true
  return {
    local,
    async accept(signal) {
      for (;;) {
        signal?.throwIfAborted()
        if (!open) throw localFault('EBADF', 'accept on a closed listener', 'accept')
        const stream = take()
        if (stream !== undefined) return stream
        await waits.ready('in', signal)
      }
    },
    close() {
      if (!open) return
      open = false
      waits.end()
      libc.close(fd)
    },
  }
}
