import { latin1 } from '../../dialogue/readers.ts'
import { told } from '../../model/peer-text.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { lowFirst, readLow32 } from '../../octets/little-endian.ts'
import { concat } from '../../octets/octets.ts'

/** Octets of a header: command, two arguments, length, sum and the command's bits turned round. */
const HEADER = 24
const COMMANDS = ['CNXN', 'AUTH', 'STLS']
const VERSION = 0x0100_0000
const LARGEST_DATA = 4096
/** Octets of a banner at most. */
const LONGEST = 2000

/** `ro.product.model=Pixel 7;` in a banner, and what it is called here. */
const PROPERTIES = { 'ro.product.name': 'name', 'ro.product.model': 'model', 'ro.product.device': 'device' }

/**
 * Android debug bridge (its protocol.txt): a connect message is answered by one, or by a demand for keys
 * or TLS.
 */
export const adb: Protocol = {
  name: 'adb',
  ports: { tcp: [5555] },
  probe() {
    const banner = new TextEncoder().encode('host::\0')
    const sum = banner.reduce((total, octet) => total + octet, 0)
    const command = 0x4e58_4e43
    return concat(lowFirst(command, VERSION, LARGEST_DATA, banner.length, sum, ~command), banner)
  },
  detect(octets, { ended }) {
    const command = latin1(octets.subarray(0, 4))
    if (!COMMANDS.some((known) => known.startsWith(command))) return undefined
    if (octets.length < HEADER) return ended ? undefined : 'more'
    if (readLow32(octets, 0) + readLow32(octets, 20) !== 0xffff_ffff) return undefined
    if (command === 'AUTH') return { protocol: 'adb', info: 'needs authorization' }
    if (command === 'STLS') return { protocol: 'adb', info: 'needs TLS' }
    const length = Math.min(readLow32(octets, 12), LONGEST)
    if (octets.length < HEADER + length) return ended ? undefined : 'more'
    return connected(latin1(octets.subarray(HEADER, HEADER + length)))
  },
}

/** `device::ro.product.name=x;ro.product.model=y;…` */
function connected(banner: string): Service {
  const details: Record<string, string> = {}
  for (const property of banner.slice(banner.indexOf('::') + 2).split(';')) {
    const at = property.indexOf('=')
    const value = told(property.slice(at + 1))
    for (const [name, called] of Object.entries(PROPERTIES))
      if (at > 0 && property.slice(0, at) === name && value !== undefined) details[called] = value
  }
  const service = { protocol: 'adb', info: 'open to everyone' }
  return Object.keys(details).length === 0 ? service : { ...service, details }
}
