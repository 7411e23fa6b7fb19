import { read16 } from '../../wire/octets.ts'
import type { Interest, PortRange } from '../packets.ts'

/** Numbers of the protocols that are listened for (IANA, protocol-numbers). */
export const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const
export type Listened = keyof typeof PROTOCOL

/** The most that TCP's and UDP's ports take. */
const PORTS_LENGTH = 4

/**
 * ICMP types that may be answers (RFC 792, RFC 4443, RFC 4861): errors, echo and timestamp replies for everybody, and
 * replies of other kinds for those who ask for ICMP.
 */
const TYPES = {
  icmp: { any: new Set([0, 3, 4, 5, 11, 12, 14]), asked: new Set([9, 16, 18]) },
  icmp6: { any: new Set([1, 2, 3, 4, 129]), asked: new Set([134, 136, 140]) },
} as const satisfies Record<string, Readonly<Record<'any' | 'asked', ReadonlySet<number>>>>

/** What to listen for: a socket hears one protocol of one family. */
export function listenedFor(family: 4 | 6, interests: readonly Interest[]): readonly Listened[] {
  const heard = interests.flatMap(({ protocol }) => (protocol === 'arp' ? [] : [protocol]))
  if (heard.length === 0) return []
  const ports = (['tcp', 'udp'] as const).filter((protocol) => heard.includes(protocol))
  return [...ports, family === 4 ? 'icmp' : 'icmp6']
}

/** Whether a message of that protocol at `at` may be an answer by the interests. */
export function mayAnswer(
  listened: Listened,
  octets: Uint8Array,
  at: number,
  interests: readonly Interest[],
): boolean {
  switch (listened) {
    case 'icmp':
    case 'icmp6':
      return isReply(TYPES[listened], octets[at], interests)
    case 'tcp':
    case 'udp':
      if (at + PORTS_LENGTH > octets.length) return false
      return interests.some(
        ({ protocol, localPorts, remotePorts }) =>
          protocol === listened &&
          isWithin(read16(octets, at), remotePorts) &&
          isWithin(read16(octets, at + 2), localPorts),
      )
  }
}

function isReply(
  { any, asked }: (typeof TYPES)[keyof typeof TYPES],
  type: number | undefined,
  interests: readonly Interest[],
): boolean {
  if (type === undefined) return false
  return any.has(type) || (asked.has(type) && interests.some(({ protocol }) => protocol === 'icmp'))
}

function isWithin(port: number, range: PortRange | undefined): boolean {
  return range === undefined || (port >= range[0] && port <= range[1])
}
