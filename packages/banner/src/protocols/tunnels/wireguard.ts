import type { Protocol } from '../../model/protocol.ts'
import { hasAt } from '../../octets/octets.ts'

/** The WireGuard paper, section 5.4: kind, three zeros, and who is meant. Offsets and lengths in octets. */
const INITIATION = { kind: [1, 0, 0, 0], length: 148, sender: 4 } as const
const RESPONSE = { kind: [2, 0, 0, 0], length: 92, receiver: 8 } as const
const COOKIE = { kind: [3, 0, 0, 0], length: 64, receiver: 4 } as const

/** WireGuard answers nothing that is not from a peer: it can only be told by the answer to a peer's own handshake. */
export const wireguard: Protocol = {
  name: 'wireguard',
  ports: { udp: [51820] },
  silence: 'WireGuard answers only its peers',
  detect(octets, { sent, ended, transport }) {
    if (transport !== 'udp' || sent.length !== INITIATION.length || !hasAt(sent, 0, INITIATION.kind))
      return undefined
    const sender = sent.subarray(INITIATION.sender, INITIATION.sender + 4)
    const kinds = [RESPONSE, COOKIE].filter(
      ({ kind, receiver }) => hasAt(octets, 0, kind) !== false && hasAt(octets, receiver, sender) !== false,
    )
    if (kinds.some(({ length }) => octets.length >= length)) return { protocol: 'wireguard' }
    return ended || kinds.length === 0 ? undefined : 'more'
  },
}
