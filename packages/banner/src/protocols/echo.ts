import type { Protocol } from '../model/protocol.ts'

/** Echo (RFC 862): what was sent comes back. */
export const echo: Protocol = {
  name: 'echo',
  ports: { tcp: [7], udp: [7] },
  // Two lines that nothing else would say by chance, and that a server of lines understands as nothing.
  probe: () => new TextEncoder().encode('\r\n\r\n'),
  detect(octets, { sent, ended }) {
    if (sent.length === 0) return undefined
    const length = Math.min(octets.length, sent.length)
    for (let i = 0; i < length; i += 1) if (octets[i] !== sent[i]) return undefined
    if (length === sent.length) return { protocol: 'echo' }
    return ended ? undefined : 'more'
  },
}
