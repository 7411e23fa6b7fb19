import type { Clock } from '../io/io.ts'
import { localFault } from '../io/local-fault.ts'
import type { ByteStream, Sockets, UdpConnectRequest } from '../io/streams.ts'
import type { Endpoint } from '../model/target.ts'
import type { Bind } from './sim-bind.ts'
import type { Datagrams } from './sim-datagrams.ts'
import type { Listeners } from './sim-listeners.ts'
import { formatName, localAddress } from './sim-names.ts'
import type { PeerScript } from './sim-peer.ts'
import type { PeerPlayer } from './sim-players.ts'
import { streamPair } from './sim-stream.ts'
import { simSecure, type TlsScript } from './sim-tls.ts'

/** What is at the path, or abstract name, of a UNIX socket. */
export type UnixScript =
  | { readonly does: 'accept'; readonly peer?: PeerScript }
  /** The file is there, but nobody listens. */
  | { readonly does: 'refuse' }
  /** Connecting and binding fail. */
  | { readonly does: 'fault'; readonly code: string }

/** What the simulated machine's sockets meet. */
export interface SocketWorld {
  readonly clock: Clock
  readonly players: PeerPlayer
  readonly listeners: Listeners
  readonly datagrams: Datagrams
  readonly unix: Readonly<Record<string, UnixScript>>
  readonly tls: Readonly<Record<string, TlsScript>>
  readonly bind: Bind
  /** The machine's own addresses besides loopback. */
  readonly addresses: readonly string[]
  readonly isFile: (path: string) => boolean
}

const UNIX_WIRE = { unix: true } as const
const UNNAMED: Endpoint = { address: '', port: 0 }
/** A path longer than this does not fit into struct sockaddr_un (unix(7)). */
const MOST_PATH = 107

export function simSockets(world: SocketWorld): Sockets {
  const { listeners, datagrams } = world
  const { bind } = world
  /** Socket files of listeners that have gone. */
  const left = new Set<string>()
  const temporary = { made: 0 }
  return {
    listenTcp: async (request) => listeners.open(bind(request, 'bind')),
    async connectUdp(request) {
      const local = bind(sourceOf(request, world.addresses), 'source')
      return datagrams.open(local, { address: request.address, port: request.port }, request.errors)
    },
    async bindUdp(request) {
      const local = bind(request, 'bind')
      if (datagrams.taken(local)) throw localFault('EADDRINUSE', `bind to ${formatName(local)}`, 'bind')
      return datagrams.open(local, undefined)
    },
    connectUnix: async (path) => connectUnix(world, path, left),
    async listenUnix(path) {
      checkPath(world, path, 'bind')
      left.add(path)
      return listeners.open({ address: path, port: 0 })
    },
    async bindUnixDatagram(path) {
      checkPath(world, path, 'bind')
      return datagrams.open({ address: path, port: 0 }, undefined)
    },
    secure: (stream, role, settings, signal) => simSecure(stream, role, settings, world, signal),
    async temporarySocketPath() {
      const path = `/tmp/nc-SIM${String(++temporary.made).padStart(3, '0')}/recv.sock`
      return { path, remove: () => {} }
    },
  }
}

function sourceOf(request: UdpConnectRequest, addresses: readonly string[]): Endpoint {
  const { address, sourceAddress, sourcePort } = request
  return { address: sourceAddress ?? localAddress(addresses, address), port: sourcePort ?? 0 }
}

function checkPath({ unix }: SocketWorld, path: string, about: string): void {
  const script = unix[path]
  const long = new TextEncoder().encode(path).length > MOST_PATH
  const code =
    path === '' ? 'EINVAL' : long ? 'ENAMETOOLONG' : script?.does === 'fault' ? script.code : undefined
  if (code !== undefined) throw localFault(code, `${about} ${path}`, about)
}

function connectUnix(world: SocketWorld, path: string, left: ReadonlySet<string>): ByteStream {
  checkPath(world, path, 'connect')
  const { clock, players, listeners, unix, isFile } = world
  const script = unix[path]
  const to = { address: path, port: 0 }
  if (script?.does === 'accept') {
    const [near, far] = streamPair(clock, UNNAMED, to, UNIX_WIRE)
    players.play(path, script.peer ?? { kind: 'greeting', text: '' }, far)
    return near
  }
  const own = listeners.connect(to, UNNAMED, UNIX_WIRE)
  if (own !== undefined) return own
  const there = script !== undefined || path.startsWith('@') || left.has(path) || isFile(path)
  throw localFault(there ? 'ECONNREFUSED' : 'ENOENT', `connect to ${path}`, 'connect')
}
