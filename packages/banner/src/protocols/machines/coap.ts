import type { Protocol } from '../../model/protocol.ts'
import { bigEndian } from '../../octets/big-endian.ts'
import { hasAt } from '../../octets/octets.ts'

/** Version 1, no token, no code; a message to be confirmed, and the refusal of one (RFC 7252 section 3). */
const PING = [0x40, 0]
const RESET = [0x70, 0]
const LENGTH = 4

/** CoAP (RFC 7252): an empty message, which is a ping (section 4.3). */
export const coap: Protocol = {
  name: 'coap',
  ports: { udp: [5683] },
  probe: ({ random }) =>
    bigEndian([
      [PING[0] ?? 0, 1],
      [PING[1] ?? 0, 1],
      [random() >>> 16, 2],
    ]),
  detect(octets, { sent, ended, transport }) {
    if (transport !== 'udp' || sent.length !== LENGTH || !hasAt(sent, 0, PING)) return undefined
    const isReset = hasAt(octets, 0, [...RESET, ...sent.subarray(2)])
    if (isReset === undefined) return ended ? undefined : 'more'
    return isReset ? { protocol: 'coap' } : undefined
  },
}
