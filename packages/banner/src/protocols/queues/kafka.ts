import type { Protocol } from '../../model/protocol.ts'
import { bigEndian, read16, read32 } from '../../octets/big-endian.ts'
import { concat, hasAt } from '../../octets/octets.ts'

/** Kafka's protocol guide: requests have a length, a key, a version, a number that comes back, and a name. */
const API_VERSIONS = 18
const AT = { number: 4, error: 8, count: 10, apis: 14 } as const
/** Where the number is in what was asked. */
const ASKED_NUMBER_AT = 8
const API_LENGTH = 6
const MOST_APIS = 500
const UNSUPPORTED_VERSION = 35

/** The request for the versions of all requests, which brokers answer before any login; a broker's own is not among them. */
export const kafka: Protocol = {
  name: 'kafka',
  ports: { tcp: [9092] },
  probe({ random }) {
    const client = new TextEncoder().encode('portkit')
    const head = bigEndian([
      [10 + client.length, 4],
      [API_VERSIONS, 2],
      [0, 2],
      [random(), 4],
      [client.length, 2],
    ])
    return concat(head, client)
  },
  detect(octets, { asked, sent, ended }) {
    if (asked !== 'kafka' || sent.length < ASKED_NUMBER_AT + 4) return undefined
    const isOurs = hasAt(octets, AT.number, sent.subarray(ASKED_NUMBER_AT, ASKED_NUMBER_AT + 4)) !== false
    if (!isOurs || (octets[0] ?? 0) !== 0 || (octets[1] ?? 0) !== 0) return undefined
    const length = 4 + read32(octets, 0)
    if (octets.length < AT.apis || octets.length < length) return ended ? undefined : 'more'
    const isAnswer = isList(octets, length)
    return isAnswer ? { protocol: 'kafka', details: { requests: read32(octets, AT.count) } } : undefined
  },
}

/** A list as long as it says, of requests with a lowest and a highest version. */
function isList(octets: Uint8Array, length: number): boolean {
  const [error, count] = [read16(octets, AT.error), read32(octets, AT.count)]
  const isKnown = error === 0 || error === UNSUPPORTED_VERSION
  if (!isKnown || count > MOST_APIS || length !== AT.apis + count * API_LENGTH) return false
  for (let at = AT.apis; at < length; at += API_LENGTH)
    if (read16(octets, at + 2) > read16(octets, at + 4)) return false
  return true
}
