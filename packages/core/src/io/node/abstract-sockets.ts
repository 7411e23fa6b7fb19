import { AF, SOCK, SOCKADDR_UN } from '../kernel/layout.ts'
import type { Libc, Pointer } from '../kernel/libc.ts'
import { writeUnixSockaddr } from '../kernel/sockaddr-unix.ts'
import { localFault } from '../local-fault.ts'
import type { ByteStream, Listener } from '../streams.ts'
import { streamOfDescriptor } from './byte-stream.ts'
import { listen, listenerOf } from './listener.ts'

// By system calls, since Node 20 pads abstract names with NULs and so never meets programs that do not (unix(7)).

type Call = (fd: number, address: Pointer, length: number) => number

/** @throws LocalFault */
export function connectAbstract(libc: Libc, name: string): ByteStream {
  const fd = socketWith(libc, name, `connect to ${name}`, libc.connect)
  return streamOfDescriptor(fd, { local: { address: '', port: 0 }, remote: { address: name, port: 0 } })
}

/** Rejects with LocalFault. */
export async function listenAbstract(libc: Libc, name: string): Promise<Listener> {
  const what = `listen at ${name}`
  const server = await listen({ fd: socketWith(libc, name, what, libc.bind), backlog: 1 }, what)
  const local = { address: name, port: 0 }
  const ends = { local, remote: { address: '', port: 0 } }
  return listenerOf(
    server,
    local,
    () => ends,
    () => server.close(),
  )
}

function socketWith(libc: Libc, name: string, what: string, call: Call): number {
  const { at, view } = libc.allocate(SOCKADDR_UN.length)
  const length = writeUnixSockaddr(view, 0, name, 'path')
  const fd = libc.socket(AF.unix, SOCK.stream | SOCK.nonblock | SOCK.cloexec, 0)
  if (fd >= 0 && call(fd, at, length) === 0) return fd
  const errno = libc.errno()
  if (fd >= 0) libc.close(fd)
  throw localFault(errno, what, 'path')
}
