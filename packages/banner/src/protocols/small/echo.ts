import type { Protocol } from '../../model/protocol.ts'

const BLANK = 0x20

/** Echo (RFC 862): what was sent comes back. */
export const echo: Protocol = {
  name: 'echo',
  ports: { tcp: [7], udp: [7] },
  probe: () => new TextEncoder().encode('portkit\r\n'),
  detect(octets, { sent, ended }) {
    // Empty lines come back from terminals and prompts as well.
    if (!sent.some((octet) => octet > BLANK)) return undefined
    const length = Math.min(octets.length, sent.length)
    for (let i = 0; i < length; i += 1) if (octets[i] !== sent[i]) return undefined
    if (length === sent.length) return { protocol: 'echo' }
    return ended ? undefined : 'more'
  },
}
