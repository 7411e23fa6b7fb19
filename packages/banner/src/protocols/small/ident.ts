import { latin1 } from '../../dialogue/readers.ts'
import { told } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'

/** The longest beginning of an answer: ports of five digits, and blanks. */
const MOST = 60
const ANSWER =
  /^ {0,4}\d{1,5} {0,4}, {0,4}\d{1,5} {0,4}: {0,4}(ERROR|USERID) {0,4}: {0,4}([^\r\n]{1,200})\r?\n/

/** Identification protocol (RFC 1413). */
export const ident: Protocol = {
  name: 'ident',
  ports: { tcp: [113] },
  // Whose is the connection from our port 1 to its own? Nobody's.
  probe: ({ port }) => new TextEncoder().encode(`${port}, 1\r\n`),
  detect(octets, { ended }) {
    const text = latin1(octets.subarray(0, MOST + 202))
    const [, kind, said = ''] = ANSWER.exec(text) ?? []
    if (kind === undefined) return !ended && mayBecome(text) ? 'more' : undefined
    const error = kind === 'ERROR' ? told(said) : undefined
    return error === undefined ? { protocol: 'ident' } : { protocol: 'ident', details: { error } }
  },
}

/** So far there are only ports, then the word, then anything in one line. */
function mayBecome(text: string): boolean {
  if (/^[\d ,]*$/.test(text)) return text.length <= 30
  const [, after] = /^[\d ,]{3,30}:([^\n]*)$/.exec(text) ?? []
  return after !== undefined && /^ *(?:E|U|$)/.test(after) && text.length < MOST + 202
}
