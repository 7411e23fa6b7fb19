import type { Transport } from '@portkit/core'
import { isSide, readPortItems } from './port-items.ts'
import type { PortNames } from './service-names.ts'

/** Ports to ask, ascending; of a protocol that is not wanted none. */
export interface PortLists {
  readonly tcp: readonly number[]
  readonly udp: readonly number[]
  /** Whole sentences, for stderr. */
  readonly warnings: readonly string[]
}

const NOT_WANTED = {
  T: 'any TCP scan type',
  U: 'UDP scan with -sU',
  S: 'any SCTP scan type',
  P: 'IP Protocol scan with -sO',
} as const

/**
 * Reads a port specification for these protocols: the grammar of nmap's -p (`readPortItems`).
 * @throws UsageError with nmap's sentence
 */
export function readPortSpec(text: string, wanted: readonly Transport[], names: PortNames): PortLists {
  const { tcp, udp, hasDuplicates } = readPortItems(text, wanted, names)
  const duplicates = hasDuplicates
    ? ['WARNING: Duplicate port number(s) specified.  Each is asked once.']
    : []
  return {
    tcp: wanted.includes('tcp') ? portsIn(tcp) : [],
    udp: wanted.includes('udp') ? portsIn(udp) : [],
    warnings: [...unwanted(text, wanted), ...duplicates],
  }
}

/** One for each letter, in the order of their first mention, wherever that is, as in nmap. */
function unwanted(text: string, wanted: readonly Transport[]): readonly string[] {
  const letters = [...new Set([...text.matchAll(/([TUSP]):/g)].map(([, letter = '']) => letter))]
  return letters.flatMap((letter) => {
    const isWanted = { T: wanted.includes('tcp'), U: wanted.includes('udp'), S: false, P: false }
    if (!isSide(letter) || isWanted[letter]) return []
    return [`WARNING: Your ports include "${letter}:" but you haven't specified ${NOT_WANTED[letter]}.`]
  })
}

function portsIn(flags: Uint8Array): readonly number[] {
  const ports: number[] = []
  for (let port = flags.indexOf(1); port !== -1; port = flags.indexOf(1, port + 1)) ports.push(port)
  return ports
}
