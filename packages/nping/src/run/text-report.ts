import { type Clock, errnoOfFact, type Lines, type Observation, type Shot, strerror } from '@portkit/core'
import type { Settings } from '../settings.ts'
import {
  datagramReceived,
  datagramSent,
  handshakeDone,
  handshakeFailed,
  handshakeStarts,
  type Peer,
  readFailed,
  sendFailed,
  type When,
} from '../words/lines.ts'
import type { SocketObserver } from './socket-run.ts'

export type Shown = Pick<Settings, 'verbosity' | 'hideSent' | 'rtt'>

/** When the run began, on this clock. */
export interface Start {
  readonly startNs: number
  readonly clock: Pick<Clock, 'nowNs'>
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
export function failures(
  verbosity: number,
  lines: Lines,
  startNs: number,
): NonNullable<SocketObserver['failed']> {
  return (shot, fault, atNs) => {
    if (verbosity >= -2) lines.line(sendFailed(peerOf(shot), fault.message, { atNs: atNs - startNs }))
  }
}

function peerOf({ host, protocol, port }: Shot): Peer {
  const { name, address } = host.host
  const hasPort = protocol === 'tcp' || protocol === 'udp'
  return { ...(name === undefined ? {} : { name }), address, port: hasPort ? port : undefined }
}
