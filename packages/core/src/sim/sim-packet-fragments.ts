import { decodeIpv4, encodeIpv4 } from '../wire/ipv4.ts'
import { decodeIpv6, encodeIpv6 } from '../wire/ipv6.ts'
import { type Fragment, type Parcel, readParcel } from './sim-packet-read.ts'

interface Piece {
  readonly fragment: Fragment
  readonly octets: Uint8Array
}

/** Packets that wait for their missing pieces; the oldest is forgotten beyond. */
const MOST_WAITING = 64
const LONGEST_HEADERS = 40 + 60
const LONGEST_DATA = 65_535 - LONGEST_HEADERS

/** Puts the fragments of a packet together (RFC 791 section 3.2, RFC 8200 section 4.5): undefined until it is whole. */
export function reassembly(): (parcel: Parcel) => Parcel | undefined {
  const waiting = new Map<string, Piece[]>()
  return ({ source, destination, family, fragment, octets }) => {
    if (fragment === undefined) return undefined
    const name = `${source} ${destination} ${fragment.id}`
    const pieces = [...(waiting.get(name) ?? []), { fragment, octets }]
    waiting.set(name, pieces)
    const data = joined(pieces)
    if (data === undefined) return void forget(waiting)
    waiting.delete(name)
    const whole = family === 4 ? wholeIpv4(pieces, data) : wholeIpv6(pieces, data)
    return whole && readParcel(whole)
  }
}

function forget(waiting: Map<string, Piece[]>): void {
  const [oldest] = waiting.keys()
  if (waiting.size > MOST_WAITING && oldest !== undefined) waiting.delete(oldest)
}

function firstOf(pieces: readonly Piece[]): Uint8Array {
  return pieces.find(({ fragment }) => fragment.offset === 0)?.octets ?? new Uint8Array()
}

/** The data of all pieces; undefined while some are missing. */
function joined(pieces: readonly Piece[]): Uint8Array | undefined {
  const sorted = pieces.toSorted((one, other) => one.fragment.offset - other.fragment.offset)
  if (sorted.at(-1)?.fragment.isLast !== true) return undefined
  const data: number[] = []
  for (const { fragment, octets } of sorted) {
    if (fragment.offset !== data.length || data.length > LONGEST_DATA) return undefined
    data.push(...octets.subarray(fragment.from, fragment.to))
  }
  return data.length > LONGEST_DATA ? undefined : Uint8Array.from(data)
}

function wholeIpv4(pieces: readonly Piece[], data: Uint8Array): Uint8Array | undefined {
  const header = decodeIpv4(firstOf(pieces))
  if (header === undefined) return undefined
  const { totalLength, checksum, ...rest } = header
  return withData(data, (into) =>
    encodeIpv4({ ...rest, moreFragments: false, fragmentOffset: 0 }, into, 0, data.length),
  )
}

function wholeIpv6(pieces: readonly Piece[], data: Uint8Array): Uint8Array | undefined {
  const header = decodeIpv6(firstOf(pieces))
  if (header === undefined) return undefined
  const { payloadLength, ...rest } = header
  return withData(data, (into) => encodeIpv6({ ...rest, extensions: [] }, into, 0, data.length))
}

function withData(data: Uint8Array, encode: (into: Uint8Array) => number): Uint8Array {
  const into = new Uint8Array(LONGEST_HEADERS + data.length)
  const length = encode(into)
  into.set(data, length)
  return into.slice(0, length + data.length)
}
