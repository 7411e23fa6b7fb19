import type { Protocol } from '../../model/protocol.ts'

/** To connect to port 0 of 0.0.0.0, as nobody: there is nothing to connect to. */
const REQUEST = [4, 1, 0, 0, 0, 0, 0, 0, 0]
const LENGTH = 8

/** The second octet of the answer. */
const ANSWERS: Readonly<Record<number, string>> = {
  90: 'granted',
  91: 'rejected or failed',
  92: 'no ident at the client',
  93: 'other user by ident',
}

/**
 * SOCKS 4 (Ying-Da Lee, "SOCKS: A protocol for TCP proxy across firewalls"): eight octets, if nothing else
 * came and was asked.
 */
export const socks4: Protocol = {
  name: 'socks4',
  ports: { tcp: [1080] },
  probe: () => Uint8Array.from(REQUEST),
  detect(octets, { asked, ended }) {
    if (asked !== 'socks4' || octets.length > LENGTH || (octets[0] ?? 0) !== 0) return undefined
    const answer = ANSWERS[octets[1] ?? 0x5a]
    if (answer === undefined) return undefined
    if (!ended) return 'more'
    return octets.length < LENGTH ? undefined : { protocol: 'socks4', details: { 'request was': answer } }
  },
}
