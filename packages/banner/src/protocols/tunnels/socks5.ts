import type { Protocol } from '../../model/protocol.ts'

/** RFC 1928 section 3: the methods that we offer, and the answers to that. */
const OFFER = [5, 2, 0, 2]
const METHODS: Readonly<Record<number, string>> = {
  0: 'no authentication',
  2: 'user name and password',
  255: 'no acceptable method',
}

/**
 * SOCKS 5 (RFC 1928): its answer has only two octets, so it counts only if nothing else came, and nothing
 * else was asked.
 */
export const socks5: Protocol = {
  name: 'socks5',
  ports: { tcp: [1080, 9050, 9150] },
  probe: () => Uint8Array.from(OFFER),
  detect(octets, { asked, ended }) {
    if (asked !== 'socks5' || octets.length > 2 || (octets[0] ?? 5) !== 5) return undefined
    const method = METHODS[octets[1] ?? 0]
    if (method === undefined) return undefined
    if (!ended) return 'more'
    return octets.length < 2 ? undefined : { protocol: 'socks5', details: { 'chosen method': method } }
  },
}
