import { latin1 } from '../../dialogue/readers.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'

const VERSION = 'Zookeeper version: '
/** What it says instead, where it may not tell or does not work; whole lines. */
const REFUSALS: Readonly<Record<string, string>> = {
  'srvr is not executed because it is not in the whitelist.': 'command not allowed',
  'This ZooKeeper instance is not currently serving requests': 'not serving requests',
}
const BEGINNINGS = [VERSION, ...Object.keys(REFUSALS)]
const MOST = 1024

/** ZooKeeper's commands of four letters (its administrator's guide): `srvr` tells version and mode, then it hangs up. */
export const zookeeper: Protocol = {
  name: 'zookeeper',
  ports: { tcp: [2181] },
  probe: () => new TextEncoder().encode('srvr'),
  detect(octets, { ended }) {
    const text = latin1(octets.subarray(0, MOST))
    if (!BEGINNINGS.some((begin) => begin.startsWith(text) || text.startsWith(begin))) return undefined
    const more = ended || octets.length >= MOST ? undefined : 'more'
    const end = text.indexOf('\n')
    if (end < 0) return more
    if (text.startsWith(VERSION)) return fromStatus(text, more)
    const info = REFUSALS[text.slice(0, end).trimEnd()]
    return info === undefined ? undefined : { protocol: 'zookeeper', product: 'ZooKeeper', info }
  },
}

/** `Zookeeper version: 3.8.0-5a02…, built on …`, and further down `Mode: standalone`. */
function fromStatus(text: string, more: 'more' | undefined): Service | 'more' | undefined {
  const [, version] = /^Zookeeper version: (\d[\w.]{0,40})[-, \n]/.exec(text) ?? []
  if (version === undefined) return undefined
  const [, mode] = /\nMode: ([a-z-]{1,20})\r?\n/.exec(text) ?? []
  if (mode === undefined && more !== undefined) return more
  const details = mode === undefined ? {} : { details: { mode } }
  return { protocol: 'zookeeper', product: 'ZooKeeper', version, ...details }
}
