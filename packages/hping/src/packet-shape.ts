import type { Mode, Settings } from './settings.ts'

/** In octets: RFC 9293 section 3.1, RFC 768, RFC 792. */
const HEADER = { tcp: 20, udp: 8, icmp: 8 } as const satisfies Record<Mode, number>
/** Three times of 32 bits (RFC 792). */
const ICMP_TIMES = 12
/** With what fills them up to units of 4 (RFC 9293 section 3.1, RFC 7323 section 3.2). */
const TCP_OPTIONS = { mss: 4, timestamps: 12 } as const

/** A recorded route takes all the room that the options of IPv4 have (RFC 791 section 3.1). */
export const RECORD_ROUTE = 40

/** Octets of the header behind that of IP. */
export function upperHeaderLength({ mode, icmp, tcp }: Pick<Settings, 'mode' | 'icmp' | 'tcp'>): number {
  const times = mode === 'icmp' && icmp === 'timestamp' ? ICMP_TIMES : 0
  const mss = mode === 'tcp' && tcp.mss !== undefined ? TCP_OPTIONS.mss : 0
  const timestamps = mode === 'tcp' && tcp.timestamp ? TCP_OPTIONS.timestamps : 0
  return HEADER[mode] + times + mss + timestamps
}

/** The user made it a single fragment of a packet. */
export function isFragment({ moreFragments, fragmentOffset }: Settings['ip']): boolean {
  return moreFragments || fragmentOffset > 0
}
