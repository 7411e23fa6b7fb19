import type { TcpOption } from '@portkit/core/wire'
import { octetsHex } from './packet-text.ts'

/**
 * nping's `<mss 1460,sackOK,timestamp 1 2,nop,wscale 7>`; empty without options. Options that nping does not know it
 * takes apart as if they were others: ours are `opt-34 0x6162`, and what cannot be read is `malformed 0x0b`.
 */
export function tcpOptionText(options: readonly TcpOption[]): string {
  return options.length === 0 ? '' : `<${options.map(optionText).join(',')}>`
}

function optionText(option: TcpOption): string {
  switch (option.kind) {
    case 'mss':
      return `mss ${option.value}`
    case 'window-scale':
      return `wscale ${option.shift}`
    case 'sack-permitted':
      return 'sackOK'
    case 'sack':
      return `sack ${option.blocks.length} ${option.blocks.map((b) => `{${b.left}:${b.right}}`).join('')}`
    case 'timestamps':
      return `timestamp ${option.value} ${option.echo}`
    case 'nop':
      return 'nop'
    case 'end':
      return ['eol', ...Array.from(option.octets, paddingText)].join(',')
    case 'unknown':
      return `opt-${option.number}${option.octets.length === 0 ? '' : ` 0x${octetsHex(option.octets)}`}`
    case 'unreadable':
      return `malformed 0x${octetsHex(option.octets)}`
  }
}

/** nping names each octet of the padding by itself. */
function paddingText(octet: number): string {
  if (octet === 0) return 'eol'
  return octet === 1 ? 'nop' : `0x${octetsHex(Uint8Array.of(octet))}`
}
