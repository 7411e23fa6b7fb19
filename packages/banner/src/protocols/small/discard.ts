import type { Protocol } from '../../model/protocol.ts'

/** Discard (RFC 863): nothing ever comes back, so nothing is ever it. */
export const discard: Protocol = {
  name: 'discard',
  ports: { tcp: [9], udp: [9] },
  detect: () => undefined,
  silence: 'discard takes everything and never answers',
}
