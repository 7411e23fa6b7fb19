import type { Transport } from '@portkit/core'
import type { Protocol } from '../../model/protocol.ts'
import { bigEndian, read16 } from '../../octets/big-endian.ts'
import { concat, hasAt, randomOctets } from '../../octets/octets.ts'

/** Operations, in the first five bits of a packet; a key's number 0 behind (doc/doxygen/doc_protocol_overview.h). */
const RESET = { client: 7 << 3, server: 8 << 3 } as const
const SESSION_LENGTH = 8

/** Behind the operation: its own session, how many packets it acknowledges, and whose. Octets. */
const AT = { session: 1, count: 9, remote: 14 } as const
const LENGTH = 26

/** OpenVPN: the first packet of a client. Servers with tls-auth or tls-crypt leave strangers without an answer. */
export const openvpn: Protocol = {
  name: 'openvpn',
  ports: { tcp: [1194], udp: [1194] },
  silence: 'OpenVPN with tls-auth or tls-crypt answers only those who have its key',
  probe({ random, transport }) {
    const session = randomOctets(SESSION_LENGTH, random)
    const packet = concat(
      bigEndian([[RESET.client, 1]]),
      session,
      bigEndian([
        [0, 1],
        [0, 4],
      ]),
    )
    return transport === 'tcp' ? concat(bigEndian([[packet.length, 2]]), packet) : packet
  },
  detect(octets, { sent, ended, transport }) {
    const head = headOf(transport)
    if (sent.length < head + AT.count || sent[head] !== RESET.client) return undefined
    const answer = octets.subarray(head)
    if (hasAt(answer, 0, [RESET.server]) === false) return undefined
    // It acknowledges packet 0 of our session.
    if (hasAt(answer, AT.count, [1, 0, 0, 0, 0]) === false) return undefined
    const session = sent.subarray(head + AT.session, head + AT.count)
    if (hasAt(answer, AT.remote, session) === false) return undefined
    if (head > 0 && octets.length >= head && read16(octets, 0) !== LENGTH) return undefined
    if (answer.length >= LENGTH) return { protocol: 'openvpn' }
    return ended ? undefined : 'more'
  },
}

/** Over TCP the packet's length comes first. */
const headOf = (transport: Transport): number => (transport === 'tcp' ? 2 : 0)
