import { decodeUdp, read16, type Span } from '@portkit/core/wire'
import { bracketed, type Carriage, type Detail, upperHex } from './packet-text.ts'

/** What a line says of a datagram at `span`; `length` is what the IP header leaves for it. */
export function udpText(
  octets: Uint8Array,
  span: Span,
  length: number,
  carriage: Carriage,
  detail: Detail,
): string {
  const { source, destination, fields } = carriage
  const udp = decodeUdp(octets, span.from, span.to, length)
  if (udp === undefined) {
    const port = (at: number): string => (at + 2 <= span.to ? `${read16(octets, at)}` : '??')
    const ends = `${source}:${port(span.from)} > ${destination}:${port(span.from + 2)}`
    return bracketed('UDP', `${ends} (incomplete)`, carriage)
  }
  const ends = `${source}:${udp.sourcePort} > ${destination}:${udp.destinationPort}`
  if (detail === 0) return `UDP ${ends} ${fields}`
  const size = detail === 1 ? '' : ` len=${udp.length}`
  return bracketed('UDP', `${ends}${size} csum=0x${upperHex(udp.checksum)}`, carriage)
}
