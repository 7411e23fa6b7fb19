import { type Io, tcpConnect, udpDatagram, udpPayload } from '@portkit/core'
import type { Settings } from '../settings.ts'
import type { SocketWay } from './socket-run.ts'
import { payloadOf, USUAL } from './usual.ts'

/** What nping counts for an attempt to connect and for a success: two segments of 40 octets, and one. */
const CONNECT_OCTETS = { attempt: 80, success: 40 } as const
const HEADERS = { ip: 20, udp: 8 } as const
/** What nping sends when it may not send an empty datagram. */
const NOTHING = new Uint8Array(4)

/** Connections by the system's own connect(). They end with a RST, so that a fixed source port can be used again. */
export function connectWay({ sourceAddress, interfaceName, ...settings }: Settings): SocketWay {
  const sourcePort = typeof settings.sourcePort === 'number' ? settings.sourcePort : undefined
  return {
    probe: tcpConnect({ close: 'rst', sourceAddress, sourcePort, interfaceName }),
    method: 'tcp',
    usualPort: USUAL.tcpPort,
    sentOctets: CONNECT_OCTETS.attempt,
    receivedOctets: () => CONNECT_OCTETS.success,
    isReceived: ({ kind }) => kind === 'handshake',
  }
}

/** Datagrams of ordinary sockets. */
export function datagramWay(
  settings: Settings,
  { sockets, random }: Pick<Io, 'sockets' | 'random'>,
): SocketWay & { payloadOctets(port: number): number } {
  const { sourceAddress, udpPayloads } = settings
  const sourcePort = typeof settings.sourcePort === 'number' ? settings.sourcePort : undefined
  const payload = payloadOf(settings, random) ?? NOTHING
  const question = (port: number): Uint8Array => (udpPayloads ? udpPayload(port) : undefined) ?? payload
  return {
    probe: udpDatagram({ sockets, question, sourceAddress, sourcePort }),
    method: 'udp',
    usualPort: USUAL.udpPort,
    sentOctets: HEADERS.ip + HEADERS.udp + payload.length,
    receivedOctets: (o) => HEADERS.ip + HEADERS.udp + (o.kind === 'reply' ? (o.length ?? 0) : 0),
    isReceived: ({ kind }) => kind === 'reply',
    payloadOctets: (port) => question(port).length,
  }
}
