import type { Protocol } from '../../model/protocol.ts'

const FIRST = 0x20
/** Printable ASCII, the blank included. */
const CHARACTERS = 95
/** Characters of a line, and octets with its end. */
const WIDTH = 72
const LINE = WIDTH + 2

/**
 * Character generator (RFC 864): lines of 72 characters, each begins one character later. One line is a
 * datagram's whole answer.
 */
export const chargen: Protocol = {
  name: 'chargen',
  ports: { tcp: [19], udp: [19] },
  // Over UDP any datagram is answered; over TCP what is sent may turn the end into a reset, which loses
  // the answer.
  probe: ({ transport }) => Uint8Array.from(transport === 'udp' ? [0x0a] : []),
  detect(octets, { transport, ended }) {
    const looked = Math.min(octets.length, 2 * LINE)
    const begin = (octets[0] ?? FIRST) - FIRST
    if (begin < 0 || begin >= CHARACTERS) return undefined
    for (let at = 0; at < looked; at += 1) if (octets[at] !== expected(begin, at)) return undefined
    if (looked === 2 * LINE) return { protocol: 'chargen' }
    if (!ended) return 'more'
    return transport === 'udp' && looked >= LINE ? { protocol: 'chargen' } : undefined
  },
}

function expected(begin: number, at: number): number {
  const column = at % LINE
  if (column === WIDTH) return 0x0d
  if (column > WIDTH) return 0x0a
  return FIRST + ((begin + Math.floor(at / LINE) + column) % CHARACTERS)
}
