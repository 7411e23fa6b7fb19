import { peerText } from '../../model/peer-text.ts'
import { lowFirst, readLow32 } from '../../octets/little-endian.ts'
import { concat } from '../../octets/octets.ts'

/** BSON (bsonspec.org, version 1.1), as far as small documents need it. Values of other types are undefined. */
export type BsonValue = string | number | boolean | BsonDocument | undefined
export type BsonDocument = ReadonlyMap<string, BsonValue>

const TYPE = { double: 1, string: 2, document: 3, array: 4, boolean: 8, int32: 16, int64: 18 } as const

/** Octets of values that are passed over, by their type: object id, date, null and so on. */
const PASSED: Readonly<Record<number, number>> = { 6: 0, 7: 12, 9: 8, 10: 0, 17: 8, 19: 16, 127: 0, 255: 0 }
const BINARY = 5

const LENGTH = 4
const DEEPEST = 8
const MOST_ELEMENTS = 500

/** What is left to read: a document may have so many elements, all those within it counted. */
interface Limits {
  elements: number
}

/** The document that the octets are, with nothing left over; undefined when they are not one that can be read. */
export function readBson(octets: Uint8Array): BsonDocument | undefined {
  return readDocument(octets, 0, { elements: MOST_ELEMENTS })
}

function readDocument(octets: Uint8Array, depth: number, limits: Limits): BsonDocument | undefined {
  const isWhole = octets.length > LENGTH && readLow32(octets, 0) === octets.length && octets.at(-1) === 0
  if (!isWhole || depth > DEEPEST) return undefined
  const values = new Map<string, BsonValue>()
  const end = octets.length - 1
  for (let at = LENGTH; at < end; ) {
    limits.elements -= 1
    const zero = octets.indexOf(0, at + 1)
    if (limits.elements < 0 || zero < 0 || zero >= end) return undefined
    const name = peerText(octets.subarray(at + 1, zero))
    const type = octets[at] ?? 0
    const from = zero + 1
    const size = sizeOf(type, octets.subarray(from, end))
    if (size === undefined || from + size > end) return undefined
    values.set(name, readValue(type, octets.subarray(from, from + size), depth, limits))
    at = from + size
  }
  return values
}

/** The octets that the value takes which begins these. */
function sizeOf(type: number, octets: Uint8Array): number | undefined {
  switch (type) {
    case TYPE.double:
    case TYPE.int64:
      return 8
    case TYPE.int32:
      return 4
    case TYPE.boolean:
      return 1
    case TYPE.string:
      return LENGTH + readLow32(octets, 0)
    case TYPE.document:
    case TYPE.array:
      return readLow32(octets, 0)
    case BINARY:
      return LENGTH + 1 + readLow32(octets, 0)
    default:
      return PASSED[type]
  }
}

function readValue(type: number, octets: Uint8Array, depth: number, limits: Limits): BsonValue {
  const view = new DataView(octets.buffer, octets.byteOffset, octets.length)
  switch (type) {
    case TYPE.double:
      return view.getFloat64(0, true)
    case TYPE.int64:
      return Number(view.getBigInt64(0, true))
    case TYPE.int32:
      return view.getInt32(0, true)
    case TYPE.boolean:
      return octets[0] === 1
    case TYPE.string:
      return peerText(octets.subarray(LENGTH, -1))
    case TYPE.document:
    case TYPE.array:
      return readDocument(octets, depth + 1, limits)
    default:
      return undefined
  }
}

/** A document of texts and of numbers that have 32 bits. */
export function bson(values: Readonly<Record<string, string | number>>): Uint8Array {
  const elements = Object.entries(values).map(([name, value]) => element(name, value))
  const body = concat(...elements, Uint8Array.of(0))
  return concat(lowFirst(LENGTH + body.length), body)
}

function element(name: string, value: string | number): Uint8Array {
  const type = typeof value === 'number' ? TYPE.int32 : TYPE.string
  return concat(
    Uint8Array.of(type),
    zeroEnded(name),
    typeof value === 'number' ? lowFirst(value) : text(value),
  )
}

function text(value: string): Uint8Array {
  const octets = zeroEnded(value)
  return concat(lowFirst(octets.length), octets)
}

const zeroEnded = (value: string): Uint8Array => new TextEncoder().encode(`${value}\0`)
