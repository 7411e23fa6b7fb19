import type { Family } from '../../model/target.ts'
import type { Clock, ConnectRequest } from '../io.ts'
import { knock } from './knock.ts'
import type { TcpSockets } from './socket.ts'

const LOOPBACK = { 4: '127.0.0.1', 6: '::1' } as const satisfies Record<Family, string>

/**
 * Walks the way of a refused connection once on loopback, right before the real one: code that sleeps between two
 * probes has left the processor's caches, and half of a refusal's error on a short link was that. It knocks at a port
 * that this process holds bound and never listens on, so nobody else is disturbed.
 */
export function createPrimer(sockets: TcpSockets, clock: Clock): (family: Family) => void {
  const ports = new Map<Family, number | undefined>()
  const hold = (family: Family): number | undefined => {
    try {
      const address = LOOPBACK[family]
      const held = sockets.open({ ...request(family, 0), sourceAddress: address, sourcePort: 0 })
      return sockets.local(held)?.port
    } catch {
      return undefined // No loopback of that family: the measurement is merely less exact.
    }
  }
  return (family) => {
    if (!ports.has(family)) ports.set(family, hold(family))
    const port = ports.get(family)
    if (port === undefined) return
    const fd = sockets.open(request(family, port))
    knock(sockets, clock, fd)
    sockets.takeError(fd)
    sockets.close(fd, 'rst')
  }
}

function request(family: Family, port: number): ConnectRequest {
  return { address: LOOPBACK[family], family, port, close: 'rst' }
}
