import { latin1 } from '../../dialogue/readers.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { bigEndian } from '../../octets/big-endian.ts'
import { concat, hasAt } from '../../octets/octets.ts'

const VERSION = 'VERSION '
const NOT_ALLOWED = 'CLIENT_ERROR unauthenticated'
const MOST = 100
const FRAME_LENGTH = 8
const COMMAND = new TextEncoder().encode('version\r\n')

/** Memcached's protocol of lines (its protocol.txt); over UDP with a frame of eight octets in front of each datagram. */
export const memcached: Protocol = {
  name: 'memcached',
  ports: { tcp: [11_211], udp: [11_211] },
  probe({ transport, random }) {
    return transport === 'udp' ? concat(frame(random() & 0xffff), COMMAND) : COMMAND
  },
  detect(octets, { transport, ended }) {
    if (transport === 'tcp') return fromText(octets, ended)
    if (octets.length <= FRAME_LENGTH) return ended ? undefined : 'more'
    // The first and only datagram of an answer, to whichever question.
    const isFrame = hasAt(octets, 2, [0, 0, 0, 1, 0, 0]) === true
    return isFrame ? fromText(octets.subarray(FRAME_LENGTH), ended) : undefined
  },
}

/** The number of the question, of the datagram, how many there are, and nothing. */
function frame(id: number): Uint8Array {
  return bigEndian([
    [id, 2],
    [0, 2],
    [1, 2],
    [0, 2],
  ])
}

function fromText(octets: Uint8Array, ended: boolean): Service | 'more' | undefined {
  const text = latin1(octets.subarray(0, MOST))
  const begins = [VERSION, NOT_ALLOWED].some((word) => word.startsWith(text) || text.startsWith(word))
  if (!begins) return undefined
  const end = text.indexOf('\n')
  if (end < 0) return ended || octets.length >= MOST ? undefined : 'more'
  const line = text.slice(0, end).trimEnd()
  if (line === NOT_ALLOWED) return { protocol: 'memcached', info: 'needs a password' }
  const [, version] = /^VERSION (\d[\w.+~-]{0,60})$/.exec(line) ?? []
  return version === undefined ? undefined : { protocol: 'memcached', product: 'Memcached', version }
}
