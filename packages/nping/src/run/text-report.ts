import { type Clock, errnoOfFact, type Observation, strerror } from '@portkit/core'
import type { Settings } from '../settings.ts'
import {
  datagramReceived,
  datagramSent,
  handshakeDone,
  handshakeFailed,
  handshakeStarts,
  type Peer,
  readFailed,
  receivedPacket,
  sendFailed,
  sentPacket,
  type When,
} from '../words/lines.ts'
import type { Lines } from './lines.ts'
import type { Observer, Shot } from './observer.ts'
import type { SocketObserver } from './socket-run.ts'

type Shown = Pick<Settings, 'verbosity' | 'hideSent' | 'rtt'>

/** When the run began, on this clock. */
interface Start {
  readonly startNs: number
  readonly clock: Pick<Clock, 'nowNs'>
}

/** The lines about each packet; none under verbosity 0. */
export function packetLines({ verbosity, hideSent, rtt }: Shown, lines: Lines, start: Start): Observer {
  const { startNs, clock } = start
  const failed = failures(verbosity, lines, startNs)
  const refused: Observer['refused'] = (shot, fault) => failed(shot, fault, clock.nowNs())
  if (verbosity < 0) return { refused }
  const sent: Observer['sent'] = (_, packet, atNs) =>
    lines.line(sentPacket(packet, { atNs: atNs - startNs }, verbosity))
  return {
    ...(hideSent ? {} : { sent }),
    answered(_, { packet, timing }) {
      const when = { atNs: packet.timeNs - startNs, rttNs: rtt ? timing.rttNs : undefined }
      lines.line(receivedPacket(packet, when, verbosity))
    },
    refused,
  }
}

/** The lines about each connection. */
export function connectLines(
  { verbosity, hideSent, rtt }: Shown,
  lines: Lines,
  { startNs }: Start,
): SocketObserver {
  const failed = failures(verbosity, lines, startNs)
  if (verbosity < 0) return { failed }
  const asked: SocketObserver['asked'] = (shot, atNs) =>
    lines.line(handshakeStarts(peerOf(shot), { atNs: atNs - startNs }))
  return {
    ...(hideSent ? {} : { asked }),
    found(shot, observation, _, atNs) {
      if (observation.kind === 'silence') return
      const when: When = { atNs: atNs - startNs, rttNs: rtt ? observation.rttNs : undefined }
      if (observation.kind === 'handshake') lines.line(handshakeDone(peerOf(shot), when))
      else lines.line(handshakeFailed(peerOf(shot), strerror(errnoOfFact(observation)), when))
    },
    failed,
  }
}

/** The lines about each datagram. */
export function datagramLines(
  { verbosity, hideSent, rtt }: Shown,
  lines: Lines,
  { startNs }: Start,
  octetsTo: (port: number) => number,
): SocketObserver {
  const failed = failures(verbosity, lines, startNs)
  if (verbosity < 0) return { failed }
  const asked: SocketObserver['asked'] = (shot, atNs) =>
    lines.line(datagramSent(peerOf(shot), octetsTo(shot.port), { atNs: atNs - startNs }))
  return {
    ...(hideSent ? {} : { asked }),
    found(shot, observation, _, atNs) {
      const line = datagramLine(peerOf(shot), observation, atNs - startNs, rtt)
      if (line !== undefined) lines.line(line)
    },
    failed,
  }
}

function datagramLine(peer: Peer, observation: Observation, atNs: number, rtt: boolean) {
  if (observation.kind === 'silence') return undefined
  const when = { atNs, rttNs: rtt ? observation.rttNs : undefined }
  return observation.kind === 'reply'
    ? datagramReceived(peer, observation.length ?? 0, when)
    : readFailed(peer, strerror(errnoOfFact(observation)), when)
}

/** What could not be sent is told from verbosity -2 on. */
function failures(verbosity: number, lines: Lines, startNs: number): NonNullable<SocketObserver['failed']> {
  return (shot, fault, atNs) => {
    if (verbosity >= -2) lines.line(sendFailed(peerOf(shot), fault.message, { atNs: atNs - startNs }))
  }
}

function peerOf({ host, protocol, port }: Shot): Peer {
  const { name, address } = host.host
  const hasPort = protocol === 'tcp' || protocol === 'udp'
  return { ...(name === undefined ? {} : { name }), address, port: hasPort ? port : undefined }
}
