import { latin1 } from '../../dialogue/readers.ts'
import { told } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import { lowFirst, readLow32 } from '../../octets/little-endian.ts'
import { concat, hasAt } from '../../octets/octets.ts'

/** `ZBXD`, the flag of the plain protocol, the length in the lowest octets first and four reserved ones. */
const START = [0x5a, 0x42, 0x58, 0x44, 0x01]
const HEADER = 13
const LONGEST = 1000

const NOT_SUPPORTED = 'ZBX_NOTSUPPORTED'

/** A Zabbix agent (Zabbix manual, "Header" and "Passive and active agent checks"): asked for its version. */
export const zabbix: Protocol = {
  name: 'zabbix',
  ports: { tcp: [10_050] },
  probe() {
    const key = new TextEncoder().encode('agent.version')
    return concat(Uint8Array.from(START), lowFirst(key.length, 0), key)
  },
  detect(octets, { ended }) {
    if (hasAt(octets, 0, START) === false) return undefined
    if (octets.length < HEADER) return ended ? undefined : 'more'
    const length = readLow32(octets, START.length)
    if (readLow32(octets, START.length + 4) !== 0) return undefined
    if (length > LONGEST) return { protocol: 'zabbix' }
    if (octets.length < HEADER + length) return ended ? undefined : 'more'
    const text = latin1(octets.subarray(HEADER, HEADER + length))
    if (/^\d{1,4}\.\d{1,4}\.[\w.-]{1,40}$/.test(text))
      return { protocol: 'zabbix', product: 'Zabbix agent', version: text }
    const error = text.startsWith(NOT_SUPPORTED) ? told(text.slice(NOT_SUPPORTED.length + 1)) : undefined
    return error === undefined ? { protocol: 'zabbix' } : { protocol: 'zabbix', details: { error } }
  },
}
