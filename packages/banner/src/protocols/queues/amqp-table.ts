import { peerText } from '../../model/peer-text.ts'
import { read16, read32 } from '../../octets/big-endian.ts'

/** Sizes of values in octets, by their type (AMQP 0-9-1 section 4.2.1, with the types that RabbitMQ's errata list). */
const SIZES: Readonly<Record<string, number>> = {
  t: 1,
  b: 1,
  B: 1,
  U: 2,
  s: 2,
  u: 2,
  I: 4,
  i: 4,
  L: 8,
  l: 8,
  f: 4,
  d: 8,
  D: 5,
  T: 8,
  V: 0,
}
/** Types whose value has its length in four octets in front: long text, array, table, octets. */
const LONG = 'SAFx'

const MOST_FIELDS = 100

/**
 * The long texts in a field table, by their names; other values are passed over. The octets begin behind the table's
 * length. undefined when they are no table.
 */
export function readTable(octets: Uint8Array): ReadonlyMap<string, string> | undefined {
  const texts = new Map<string, string>()
  let fields = 0
  for (let at = 0; at < octets.length; ) {
    const nameEnd = at + 1 + (octets[at] ?? 0)
    const type = String.fromCharCode(octets[nameEnd] ?? 0)
    const from = nameEnd + 1
    const size = SIZES[type] ?? (LONG.includes(type) ? 4 + read32(octets, from) : undefined)
    fields += 1
    if (size === undefined || from + size > octets.length || fields > MOST_FIELDS) return undefined
    const name = peerText(octets.subarray(at + 1, nameEnd))
    if (type === 'S') texts.set(name, peerText(octets.subarray(from + 4, from + size)))
    at = from + size
  }
  return texts
}

/** Connection.Start (class 10, method 10): what the server is, and how one may authenticate. */
export interface ConnectionStart {
  readonly version: string
  readonly properties: ReadonlyMap<string, string>
  readonly mechanisms: readonly string[]
}

/** From the payload of a method frame. */
export function readStart(payload: Uint8Array): ConnectionStart | undefined {
  const tableAt = 10
  if (read16(payload, 0) !== 10 || read16(payload, 2) !== 10) return undefined
  const tableEnd = tableAt + read32(payload, 6)
  const mechanismsEnd = tableEnd + 4 + read32(payload, tableEnd)
  if (mechanismsEnd > payload.length) return undefined
  const properties = readTable(payload.subarray(tableAt, tableEnd))
  const mechanisms = peerText(payload.subarray(tableEnd + 4, mechanismsEnd))
  return properties === undefined
    ? undefined
    : {
        version: `${payload[4] ?? 0}-${payload[5] ?? 0}`,
        properties,
        mechanisms: mechanisms.split(' ', 20).filter((name) => /^[A-Z0-9_-]{1,40}$/.test(name)),
      }
}
