import type { Lines, Observer } from '@portkit/core'
import { receivedPacket, sentPacket } from '../words/packet-lines.ts'
import { failures, type Shown, type Start } from './text-report.ts'

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
