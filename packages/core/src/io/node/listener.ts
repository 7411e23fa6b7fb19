import type { ListenOptions, Server, Socket } from 'node:net'
import { LocalFault } from '../../model/errors.ts'
import { type Endpoint, formatEndpoint } from '../../model/target.ts'
import { builtin } from '../builtin.ts'
import { localFault } from '../local-fault.ts'
import type { BindRequest, ByteStream, Listener } from '../streams.ts'
import { createByteSocket, type Ends, handleOf } from './byte-stream.ts'
import { refuseSettings } from './refuse-settings.ts'

/** Node takes every connection from the system at once: so many may wait, the others are closed. */
const MOST_HELD = 64

/** Waits for TCP connections through node:net, which reads nothing from them before they are accepted. */
export async function listenTcp(request: BindRequest): Promise<Listener> {
  refuseSettings(request)
  const { address: host, port } = request
  // Node has reusePort from 22.12 on, and fails with it where the system has none.
  const reusePort = process.platform === 'linux'
  const options = { host, port, backlog: 1, exclusive: true, ipv6Only: false, reusePort }
  const server = await listen(options, `listen at ${formatEndpoint({ address: host, port })}`)
  const at = server.address()
  const local = typeof at === 'object' && at !== null ? { address: at.address, port: at.port } : request
  return listenerOf(server, local, tcpEnds, () => server.close())
}

type Wishes = ListenOptions & { readonly fd?: number; readonly reusePort?: boolean }

/** A listening server. Rejects with LocalFault. */
export function listen(options: Wishes, what: string): Promise<Server> {
  const { createServer } = builtin<typeof import('node:net')>('node:net')
  return new Promise((resolve, reject) => {
    const server = createServer({ pauseOnConnect: true, allowHalfOpen: true })
    const failed = ({ code = 'EIO' }: NodeJS.ErrnoException): void => reject(localFault(code, what, 'source'))
    server.once('error', failed)
    server.listen(options, () => {
      // Later errors are of single connections that the system could not hand over (EMFILE).
      server.off('error', failed).on('error', () => {})
      resolve(server)
    })
  })
}

/** Holds what comes until somebody accepts it. */
export function listenerOf(
  server: Server,
  local: Endpoint,
  endsOf: (socket: Socket) => Ends,
  stop: () => void,
): Listener {
  const held: Socket[] = []
  let wake = (): void => {}
  let closed = false
  server.on('connection', (socket) => {
    socket.on('error', () => {})
    if (closed || held.length >= MOST_HELD) return void reset(socket)
    held.push(socket)
    wake()
  })
  return {
    local,
    async accept(signal) {
      const abort = (): void => wake()
      signal?.addEventListener('abort', abort, { once: true })
      try {
        while (held.length === 0 && !closed && !signal?.aborted) {
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        }
      } finally {
        signal?.removeEventListener('abort', abort)
      }
      signal?.throwIfAborted()
      const socket = held.shift()
      if (socket === undefined) throw new LocalFault('EBADF', 'the listener is closed')
      return takeOver(socket, endsOf(socket))
    },
    close() {
      if (closed) return
      closed = true
      for (const socket of held.splice(0)) reset(socket)
      stop()
      wake()
    },
  }
}

/** The same connection with a socket that reads the way of ByteStream: nothing was read from it so far. */
function takeOver(socket: Socket, ends: Ends): ByteStream {
  const handle = handleOf(socket)
  ;(socket as { _handle?: unknown })._handle = null
  return createByteSocket({ handle, readable: true, writable: true }).stream(ends)
}

function reset(socket: Socket): void {
  if (socket.remoteFamily === undefined) socket.destroy()
  else socket.resetAndDestroy()
}

function tcpEnds({ localAddress = '', localPort = 0, remoteAddress = '', remotePort = 0 }: Socket): Ends {
  return {
    local: { address: localAddress, port: localPort },
    remote: { address: remoteAddress, port: remotePort },
  }
}
