import { latin1 } from '../../dialogue/readers.ts'
import { toldOctets } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import { lowFirst, readLow32 } from '../../octets/little-endian.ts'
import { concat, hasAt } from '../../octets/octets.ts'

/** The main network's. */
const MAGIC = [0xf9, 0xbe, 0xb4, 0xd9]
const COMMAND = Uint8Array.from('version\0\0\0\0\0', (c) => c.charCodeAt(0))
const HEADER = 24
/**
 * Where the user agent's length is in a version message; of all that is before it, only the protocol's
 * version is told.
 */
const AGENT = HEADER + 80
const LARGEST = 1000

/** Version 70015, no services, time 0, two addresses of no meaning, no nonce, no user agent, no blocks, no relaying. */
const MESSAGE = concat(lowFirst(70_015, 0, 0, 0, 0), new Uint8Array(66))
/** The beginning of its SHA-256 taken twice. */
const SUM = Uint8Array.of(0x76, 0x75, 0xfe, 0x12)

/** Bitcoin (its developer reference, "P2P Network"): nodes answer a version message with theirs. */
export const bitcoin: Protocol = {
  name: 'bitcoin',
  ports: { tcp: [8333] },
  // Always the same: the nonce is for nodes that might be talking to themselves.
  probe: () => concat(Uint8Array.from(MAGIC), COMMAND, lowFirst(MESSAGE.length), SUM, MESSAGE),
  detect(octets, { ended }) {
    if (hasAt(octets, 0, MAGIC) === false || hasAt(octets, 4, COMMAND) === false) return undefined
    if (octets.length < AGENT + 1) return ended ? undefined : 'more'
    const length = readLow32(octets, 16)
    const agentLength = octets[AGENT] ?? 0
    if (length > LARGEST || agentLength > 250 || AGENT + 1 + agentLength > HEADER + length) return undefined
    if (octets.length < AGENT + 1 + agentLength) return ended ? undefined : 'more'
    const agent = octets.subarray(AGENT + 1, AGENT + 1 + agentLength)
    const info = `protocol ${readLow32(octets, HEADER)}`
    return { protocol: 'bitcoin', info, ...productOf(agent) }
  },
}

/** BIP 14: `/Satoshi:25.0.0/`, with more such behind. */
function productOf(agent: Uint8Array): {
  product?: string
  version?: string
  details?: { 'user agent': string }
} {
  const [, product, version] = /^\/([\w .-]{1,40}):(\d[\w.+-]{0,40})[/(]/.exec(latin1(agent)) ?? []
  const text = toldOctets(agent)
  return {
    ...(product === undefined || version === undefined ? {} : { product, version }),
    ...(text === undefined ? {} : { details: { 'user agent': text } }),
  }
}
