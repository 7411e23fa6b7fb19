import type { Clock } from '../io/io.ts'

/** Octets as Python's repr() shows them, without the leading b: the form of the recorded peers' logs. */
export function pythonRepr(octets: Uint8Array): string {
  const quote = octets.includes(0x27) && !octets.includes(0x22) ? '"' : "'"
  let shown = ''
  for (const octet of octets) shown += pythonChar(octet, quote)
  return quote + shown + quote
}

const ESCAPES: Readonly<Record<number, string>> = { 9: '\\t', 10: '\\n', 13: '\\r', 92: '\\\\' }

function pythonChar(octet: number, quote: string): string {
  const named = ESCAPES[octet]
  if (named !== undefined) return named
  const char = String.fromCharCode(octet)
  if (char === quote) return `\\${char}`
  return octet >= 0x20 && octet < 0x7f ? char : `\\x${octet.toString(16).padStart(2, '0')}`
}

/** `05 01 00`. */
export function hexOctets(octets: Uint8Array): string {
  return Array.from(octets, (octet) => octet.toString(16).padStart(2, '0')).join(' ')
}

/** What the simulated peers saw, line by line, for each of the names they go by. */
export interface PeerLogs {
  /** Adds a line to the log of that peer. */
  add(peer: string, line: string): void
  /** The log of that peer, each line ended by a newline. */
  text(peer: string): string
}

export function peerLogs(): PeerLogs {
  const lines = new Map<string, string>()
  return {
    add: (peer, line) => void lines.set(peer, `${lines.get(peer) ?? ''}${line}\n`),
    text: (peer) => lines.get(peer) ?? '',
  }
}

/** Adds lines that begin with the seconds since now: ` 0.5 sent RST`. */
export function stamped(clock: Clock, add: (line: string) => void): (event: string) => void {
  const startNs = clock.nowNs()
  return (event) => add(`${((clock.nowNs() - startNs) / 1e9).toFixed(1).padStart(4)} ${event}`)
}
