import { lowerHex } from './packet-text.ts'

const ROW = 16
const HALF = 8

/** nping's dump at -v3: offset, two groups of eight octets, and what of them is printable ASCII. A line end each row. */
export function hexDump(octets: Uint8Array): string {
  let text = ''
  for (let at = 0; at < octets.length; at += ROW) text += `${row(octets.subarray(at, at + ROW), at)}\n`
  return text
}

function row(octets: Uint8Array, at: number): string {
  const hex = Array.from(octets, (octet) => lowerHex(octet, 2))
  const halves = `${hex.slice(0, HALF).join(' ')}`.padEnd(3 * HALF - 1)
  const rest = `${hex.slice(HALF).join(' ')}`.padEnd(3 * HALF - 1)
  const ascii = Array.from(octets, printable).join('').padEnd(ROW)
  return `${lowerHex(at, 4)}   ${halves}  ${rest}  ${ascii}`
}

function printable(octet: number): string {
  return octet >= 0x20 && octet < 0x7f ? String.fromCharCode(octet) : '.'
}
