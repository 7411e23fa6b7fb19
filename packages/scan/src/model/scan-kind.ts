import type { Method, Transport } from '@portkit/core'

/** How ports are asked, by the names that nmap's XML has for them. */
export type ScanKind = 'connect' | 'syn' | 'ack' | 'window' | 'fin' | 'null' | 'xmas' | 'maimon' | 'udp'

interface KindFacts {
  readonly protocol: Transport
  /** Which of core's tables judges the answers. */
  readonly method: Method
  /** As nmap calls it in its report. */
  readonly title: string
  /** The letter of `-sX`. */
  readonly letter: string
}

export const KINDS = {
  connect: { protocol: 'tcp', method: 'tcp', title: 'Connect Scan', letter: 'T' },
  syn: { protocol: 'tcp', method: 'tcp-syn', title: 'SYN Stealth Scan', letter: 'S' },
  ack: { protocol: 'tcp', method: 'tcp-ack', title: 'ACK Scan', letter: 'A' },
  window: { protocol: 'tcp', method: 'tcp-window', title: 'Window Scan', letter: 'W' },
  fin: { protocol: 'tcp', method: 'tcp-fin', title: 'FIN Scan', letter: 'F' },
  null: { protocol: 'tcp', method: 'tcp-null', title: 'NULL Scan', letter: 'N' },
  xmas: { protocol: 'tcp', method: 'tcp-xmas', title: 'XMAS Scan', letter: 'X' },
  maimon: { protocol: 'tcp', method: 'tcp-maimon', title: 'Maimon Scan', letter: 'M' },
  udp: { protocol: 'udp', method: 'udp', title: 'UDP Scan', letter: 'U' },
} as const satisfies Record<ScanKind, KindFacts>
