import type { RemoteInfo, Socket } from 'node:dgram'
import { type Endpoint, type Family, formatEndpoint } from '../../model/target.ts'
import { builtin } from '../builtin.ts'
import { localFault } from '../local-fault.ts'
import type { SocketSettings } from '../socket-settings.ts'
import type { BindRequest, DatagramSocket, UdpConnectRequest } from '../streams.ts'
import { SocketOfDatagrams } from './datagram-socket.ts'
import { refuseSettings } from './refuse-settings.ts'

/** Connected to one peer, so that its refusals are heard; sends nothing. Rejects with LocalFault. */
export async function connectUdp(request: UdpConnectRequest): Promise<DatagramSocket> {
  const { address, family, port, sourceAddress, sourcePort, broadcast, ...others } = request
  const socket = create(family, false)
  try {
    // Only a bound socket takes settings, and a broadcast address must be allowed before it is connected to.
    if (sourceAddress !== undefined || sourcePort !== undefined || broadcast) {
      await bind(socket, { address: sourceAddress ?? anyAddress(family), port: sourcePort ?? 0 })
    }
    attempt('broadcast', broadcast, (on) => socket.setBroadcast(on))
    const what = `connect to ${formatEndpoint(request)}`
    await done(what, undefined, socket, (ready) => socket.connect(port, address, ready))
    applySettings(socket, others)
  } catch (error) {
    socket.close()
    throw error
  }
  const remote = endpointOf(socket.remoteAddress())
  return new SocketOfDatagrams(socket, endpointOf(socket.address()), remote)
}

/** Waits for datagrams of anybody; several may wait at the same port. Rejects with LocalFault. */
export async function bindUdp(request: BindRequest): Promise<DatagramSocket> {
  const socket = create(request.family, true)
  try {
    await bind(socket, request)
    applySettings(socket, request)
  } catch (error) {
    socket.close()
    throw error
  }
  const local = endpointOf(socket.address())
  const nobody = { address: anyAddress(request.family), port: 0 }
  return new SocketOfDatagrams(socket, local, nobody)
}

function create(family: Family, reuse: boolean): Socket {
  const { createSocket } = builtin<typeof import('node:dgram')>('node:dgram')
  return createSocket({
    type: family === 4 ? 'udp4' : 'udp6',
    reuseAddr: reuse,
    // Addresses are literals already: node:dns is not needed.
    lookup: (host, _, found) => found(null, host, family),
  })
}

function bind(socket: Socket, { address, port }: Endpoint): Promise<void> {
  const what = `bind to ${formatEndpoint({ address, port })}`
  return done(what, 'source', socket, (ready) => socket.bind({ address, port, exclusive: true }, ready))
}

function done(
  what: string,
  about: string | undefined,
  socket: Socket,
  start: (ready: () => void) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: unknown): void => reject(localFault(codeOf(error), what, about))
    socket.once('error', failed)
    // A port of 0 and the like are thrown at once; a failing connect is told to its callback.
    try {
      start((error?: unknown) => {
        socket.off('error', failed)
        if (error === undefined || error === null) resolve()
        else failed(error)
      })
    } catch (error) {
      failed(error)
    }
  })
}

/** @throws LocalFault */
function applySettings(socket: Socket, settings: SocketSettings): void {
  const { ttl, broadcast, receiveBuffer, sendBuffer, ...others } = settings
  attempt('broadcast', broadcast, (on) => socket.setBroadcast(on))
  attempt('ttl', ttl, (hops) => socket.setTTL(hops))
  // Node refuses 0, which the system takes as its least.
  attempt('receiveBuffer', receiveBuffer, (octets) => socket.setRecvBufferSize(Math.max(1, octets)))
  attempt('sendBuffer', sendBuffer, (octets) => socket.setSendBufferSize(Math.max(1, octets)))
  refuseSettings(others)
}

function attempt<T>(about: keyof SocketSettings, value: T | undefined, set: (value: T) => void): void {
  if (value === undefined) return
  try {
    set(value)
  } catch (error) {
    throw localFault(codeOf(error), `${about} ${value}`, about)
  }
}

/** The errno's name; Node's own checks of ranges are what the system calls EINVAL. */
function codeOf(error: unknown): string {
  const { code = 'EIO', info } = error as NodeJS.ErrnoException & { info?: { code?: string } }
  return code.startsWith('ERR_') ? (info?.code ?? 'EINVAL') : code
}

function endpointOf({ address, port }: Pick<RemoteInfo, 'address' | 'port'>): Endpoint {
  return { address, port }
}

function anyAddress(family: Family): string {
  return family === 4 ? '0.0.0.0' : '::'
}
