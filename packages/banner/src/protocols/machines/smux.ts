import type { Protocol } from '../../model/protocol.ts'
import { hasAt } from '../../octets/octets.ts'

/** ClosePDU: application tag 1, an integer of one octet, which is the reason. */
const CLOSE = [0x41, 0x01]

/** The reasons of a ClosePDU, by their numbers. */
const REASONS = [
  'going down',
  'unsupported version',
  'packet format',
  'protocol error',
  'internal error',
  'authentication failure',
]

/**
 * SNMP multiplexing (RFC 1227): whatever is not an OpenPDU it answers with a ClosePDU (recorded from snmpd
 * 5.9).
 */
export const smux: Protocol = {
  name: 'smux',
  ports: { tcp: [199] },
  probe: () => new TextEncoder().encode('\r\n'),
  detect(octets, { sent, ended }) {
    if (sent.length === 0 || octets.length > 3 || hasAt(octets, 0, CLOSE) === false) return undefined
    if (octets.length === 3 && (octets[2] ?? 0) >= REASONS.length) return undefined
    if (!ended) return 'more'
    const reason = REASONS[octets[2] ?? REASONS.length]
    return reason === undefined ? undefined : { protocol: 'smux', info: `closes: ${reason}` }
  },
}
