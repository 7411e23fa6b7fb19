import { clipped } from '../../model/clip.ts'
import type { Protocol } from '../../model/protocol.ts'
import type { Service } from '../../model/service.ts'
import { read32 } from '../../octets/big-endian.ts'
import { hasAt } from '../../octets/octets.ts'
import { type ConnectionStart, readStart } from './amqp-table.ts'

const HEADER_0_9_1 = Uint8Array.of(0x41, 0x4d, 0x51, 0x50, 0, 0, 9, 1)
const HEADER_LENGTH = 8
const FRAME = { head: 7, end: 0xce } as const
/** A method frame on channel 0. */
const METHOD = [1, 0, 0]
const MOST = 16_384

/** AMQP 0-9-1: the server tells what it is. One that speaks other versions only answers with the header of one of them. */
export const amqp: Protocol = {
  name: 'amqp',
  ports: { tcp: [5672] },
  tlsPorts: [5671],
  probe: () => HEADER_0_9_1.slice(),
  detect(octets, { ended }) {
    if (octets[0] === METHOD[0]) return fromFrame(octets, ended)
    if (hasAt(octets, 0, HEADER_0_9_1.subarray(0, 4)) === false) return undefined
    if (octets.length < HEADER_LENGTH) return ended ? undefined : 'more'
    return fromHeader(octets)
  },
}

/** The kind of header (AMQP 1.0 section 2.2 and 5.3.2: 2 is TLS, 3 is SASL), then major, minor and revision. */
function fromHeader(octets: Uint8Array): Service | undefined {
  const [, , , , kind = 0, major = 0, minor = 0, revision = 0] = octets
  if (kind === 0 && major === 0 && minor === 9) return { protocol: 'amqp', info: `AMQP ${minor}-${revision}` }
  const isKnown = kind <= 3 && major <= 1 && minor <= 10
  return isKnown ? { protocol: 'amqp', info: `AMQP ${major}.${minor}` } : undefined
}

function fromFrame(octets: Uint8Array, ended: boolean): Service | 'more' | undefined {
  if (hasAt(octets, 0, METHOD) === false) return undefined
  const more = ended ? undefined : 'more'
  if (octets.length < FRAME.head) return more
  const size = read32(octets, 3)
  if (size > MOST || hasAt(octets, FRAME.head, [0, 10, 0, 10]) === false) return undefined
  if (octets.length <= FRAME.head + size) return more
  if (octets[FRAME.head + size] !== FRAME.end) return undefined
  const start = readStart(octets.subarray(FRAME.head, FRAME.head + size))
  return start === undefined ? undefined : fromStart(start)
}

function fromStart({ version: protocol, properties, mechanisms }: ConnectionStart): Service {
  const told = (name: string): string | undefined => clipped(properties.get(name))
  const [product, version, platform, cluster] = ['product', 'version', 'platform', 'cluster_name'].map(told)
  return {
    protocol: 'amqp',
    ...(product === undefined ? {} : { product }),
    ...(version === undefined ? {} : { version }),
    info: `AMQP ${protocol}`,
    details: {
      ...(mechanisms.length === 0 ? {} : { authentication: mechanisms }),
      ...(platform === undefined ? {} : { platform }),
      ...(cluster === undefined ? {} : { cluster }),
    },
  }
}
