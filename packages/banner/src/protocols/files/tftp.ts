import { latin1 } from '../../dialogue/readers.ts'
import { toldOctets } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import { read16 } from '../../octets/big-endian.ts'
import { hasAt } from '../../octets/octets.ts'

/** Operations (RFC 1350 section 5). */
const READ = 1
const OPERATION = { data: 3, error: 5 } as const

/** Error codes up to RFC 2347. */
const MOST_ERROR = 8

/** Texts of errors are short; more is no TFTP. */
const MOST_TEXT = 512

/** TFTP (RFC 1350): asks for a file that is not there. Its answer comes from a port of its own (section 4). */
export const tftp: Protocol = {
  name: 'tftp',
  ports: { udp: [69] },
  probe: ({ random }) =>
    Uint8Array.from(Buffer.from(`\0\x01no-such-file-${random().toString(16)}\0octet\0`, 'latin1')),
  answersFromAnyPort: true,
  detect(octets, { sent, ended, transport }) {
    if (transport !== 'udp' || !isRequest(sent)) return undefined
    if (hasAt(octets, 0, [0]) === false) return undefined
    const operation = octets[1]
    if (operation === OPERATION.error) return errorOf(octets, ended)
    // The first block of a file, against all odds.
    if (hasAt(octets, 1, [OPERATION.data, 0, 1]) === false) return undefined
    if (octets.length < 4) return ended ? undefined : 'more'
    return { protocol: 'tftp' }
  },
}

/** A file's name and the mode follow: others' questions begin with the same two octets. */
function isRequest(sent: Uint8Array): boolean {
  const [, mode = ''] = latin1(sent.subarray(2)).split('\0', 2)
  return hasAt(sent, 0, [0, READ]) === true && /^(?:octet|netascii)$/i.test(mode)
}

function errorOf(octets: Uint8Array, ended: boolean): ReturnType<Protocol['detect']> {
  if (octets.length >= 4 && read16(octets, 2) > MOST_ERROR) return undefined
  const end = octets.indexOf(0, 4)
  if (end > MOST_TEXT || (end < 0 && octets.length > MOST_TEXT)) return undefined
  if (end < 0) return ended ? undefined : 'more'
  return { protocol: 'tftp', info: toldOctets(octets.subarray(4, end)) }
}
