import { isoTime } from '@portkit/core'
import type { Protocol } from '../../model/protocol.ts'
import { read32 } from '../../octets/big-endian.ts'

/** Seconds from 1900 to 1970. */
const TO_1970 = 2_208_988_800

/** 2020-01-01 and 2035-07-28: what is told must lie between. Above, four octets may be Telnet's commands. */
const FIRST = 3_786_825_600
const LAST = 0xff00_0000

/**
 * Time (RFC 868): the seconds since 1900 in four octets, and the end; the inetd of GNU inetutils sends four zeros behind
 * them. Four octets alone say little: also its port must fit.
 */
export const time: Protocol = {
  name: 'time',
  ports: { tcp: [37], udp: [37] },
  // Over UDP any datagram is answered; over TCP what is sent may turn the end into a reset, which loses
  // the answer.
  probe: ({ transport }) => Uint8Array.from(transport === 'udp' ? [0x0a] : []),
  detect(octets, { asked, port, secure, ended }) {
    const fits = asked === 'time' || (asked === 'nothing' && port === 37)
    if (!fits || secure || octets.length > 8) return undefined
    if (octets.length > 0 && (octets[0] ?? 0) < 0xe1) return undefined
    if (octets.subarray(4).some((octet) => octet !== 0)) return undefined
    if (!ended) return 'more'
    const seconds = read32(octets, 0)
    if ((octets.length !== 4 && octets.length !== 8) || seconds < FIRST || seconds >= LAST) return undefined
    return { protocol: 'time', info: isoTime((seconds - TO_1970) * 1000) }
  },
}
