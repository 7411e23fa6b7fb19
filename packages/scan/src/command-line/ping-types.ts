import { type Coercer, UsageError } from '@portkit/core'
import type { PingProbe } from '../settings.ts'
import { readPingPorts } from './ping-ports.ts'

/** What one -P asks for: that no host is asked, that hosts on the link are asked by ARP, or a probe. */
export type PingWish = { readonly kind: 'none' | 'link' } | PingProbe

/** Where nobody names a port; nmap's own. */
const USUAL_PORTS = { syn: [80], ack: [80], udp: [40_125] } as const

const REFUSED: ReadonlyMap<string, string> = new Map([
  ['O', 'hosts are not asked by other protocols of IP than ICMP, TCP and UDP'],
  ['Y', 'SCTP is not spoken here'],
])

/**
 * `-Pn`, `-PE`, `-PS22,80`. @throws UsageError with nmap's words where it has some
 */
export const pingType: Coercer<PingWish> = (text) => {
  const letter = text.slice(0, 1)
  const ports = text.slice(1)
  switch (letter) {
    case 'S':
      return { kind: 'syn', ports: portsOf(ports, 'syn') }
    case 'A':
      return { kind: 'ack', ports: portsOf(ports, 'ack') }
    case 'U':
      return { kind: 'udp', ports: portsOf(ports, 'udp') }
  }
  const wish = PLAIN.get(text)
  if (wish !== undefined) return wish
  const why = REFUSED.get(letter)
  if (why !== undefined) throw new UsageError(`-P${letter} is refused: ${why}`)
  throw new UsageError('Illegal Argument to -P, use -Pn, -PE, -PS, -PA, -PP, -PM, -PU or -PR')
}

/** Older spellings among them: -P0 and -PN are -Pn. */
const PLAIN: ReadonlyMap<string, PingWish> = new Map([
  ['n', { kind: 'none' }],
  ['N', { kind: 'none' }],
  ['0', { kind: 'none' }],
  ['R', { kind: 'link' }],
  ['E', { kind: 'echo' }],
  ['I', { kind: 'echo' }],
  ['P', { kind: 'timestamp' }],
  ['M', { kind: 'mask' }],
])

function portsOf(text: string, kind: keyof typeof USUAL_PORTS): readonly number[] {
  return text === '' ? USUAL_PORTS[kind] : readPingPorts(text)
}
