import { type Line, out, type ShownPacket } from '@portkit/core'
import { lineSeconds } from './figures-text.ts'
import { ending, type When } from './lines.ts'
import { packetLine } from './packet-line.ts'
import type { Detail } from './packet-text.ts'

/** How much a run's verbosity (-4 to 4) tells of a packet. */
export function detailOf(verbosity: number): Detail {
  if (verbosity <= 0) return 0
  if (verbosity === 1) return 1
  return verbosity === 2 ? 2 : 3
}

/** A raw packet that was sent. */
export function sentPacket(packet: ShownPacket, when: When, verbosity: number): Line {
  return out(`SENT (${lineSeconds(when.atNs)}) ${packetText(packet, when, verbosity)}`)
}

/** A raw packet that came back. */
export function receivedPacket(packet: ShownPacket, when: When, verbosity: number): Line {
  return out(`RCVD (${lineSeconds(when.atNs)}) ${packetText(packet, when, verbosity)}`)
}

/** The round trip stands at the end of the line, before the dump. */
function packetText(packet: ShownPacket, { rttNs }: When, verbosity: number): string {
  const text = packetLine(packet, detailOf(verbosity))
  if (rttNs === undefined) return `${text}\n`
  const [line = '', ...dump] = text.split('\n')
  return [`${line}${ending(rttNs, line)}`, ...dump, ''].join('\n')
}
