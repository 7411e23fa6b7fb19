import type { Sighting } from '@portkit/core'

/** Where a packet lies in its octets, and how long it was on the wire. */
export type Dumped = Pick<Sighting, 'octets' | 'network' | 'to' | 'length'>

const INDENT = '\t\t'

/** `-j`: the packet from its IP header on in hexadecimal, sixteen octets a line, and an empty line. */
export function hexDump(packet: Dumped): string {
  return dump(packet, 16, (octet, at) => octet.toString(16).padStart(2, '0') + (at % 2 === 1 ? ' ' : ''))
}

/** `-J`: what of it is printable ASCII, a dot for all else; 32 octets a line. */
export function textDump(packet: Dumped): string {
  return dump(packet, 32, (octet) => (octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.'))
}

/** hping3 begins another line behind every full one, even the last. */
function dump(
  { octets, network, to, length }: Dumped,
  row: number,
  show: (octet: number, at: number) => string,
): string {
  const shown = octets.subarray(network, to)
  let text = INDENT
  for (const [at, octet] of shown.entries()) {
    text += show(octet, at) + (at % row === row - 1 ? `\n${INDENT}` : '')
  }
  const missing = length - shown.length
  return `${text}\n${missing > 0 ? `${INDENT}(${missing} more octets were not captured)\n` : ''}\n`
}
