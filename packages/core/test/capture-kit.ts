import type { CapturedPacket, CaptureEnd } from '../src/io/capture/captured-packet.ts'
import { readCapture } from '../src/io/capture/read-capture.ts'

/** What a capture was read as. */
export interface Read {
  readonly packets: readonly CapturedPacket[]
  /** undefined when it ended with an error. */
  readonly end: CaptureEnd | undefined
  readonly error: { readonly name: string; readonly code: string; readonly message: string } | undefined
}

/** A file in pieces of so many octets. */
export async function* pieces(octets: Uint8Array, size = 65_536): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < octets.length; at += size) yield octets.slice(at, at + size)
}

/** Reads a whole capture, called `it` in messages. */
export async function readAll(source: Uint8Array | AsyncIterable<Uint8Array>): Promise<Read> {
  const packets: CapturedPacket[] = []
  const captured = readCapture(source instanceof Uint8Array ? pieces(source) : source, 'it')
  try {
    for (;;) {
      const { done, value } = await captured.next()
      if (done === true) return { packets, end: value, error: undefined }
      packets.push(value)
    }
  } catch (error) {
    return { packets, end: undefined, error: error as NonNullable<Read['error']> }
  }
}

/** How a classic capture is to be written. */
export interface PcapShape {
  readonly magic?: number
  readonly isLittleEndian?: boolean
  readonly version?: readonly [number, number]
  /** The whole field, with its upper bits. */
  readonly network?: number
  /** Octets that stand between a record's header and its packet. */
  readonly surplus?: number
}

export interface PcapRecord {
  readonly seconds?: number
  readonly fraction?: number
  readonly octets: Uint8Array
  readonly captured?: number
  readonly length?: number
}

/** A classic capture, also one that cannot be true. */
export function pcapFile(records: readonly PcapRecord[], shape: PcapShape = {}): Uint8Array {
  const { magic = 0xa1b2c3d4, isLittleEndian = true, version = [2, 4], network = 1, surplus = 0 } = shape
  const numbers = fields(isLittleEndian)
  const head = [numbers(4, magic), numbers(2, ...version), numbers(4, 0, 0, 262_144, network)]
  const body = records.flatMap(({ seconds = 0, fraction = 0, octets, captured = octets.length, length }) => [
    numbers(4, seconds, fraction, captured, length ?? captured),
    new Uint8Array(surplus).fill(0xa5),
    octets,
  ])
  return Uint8Array.from(Buffer.concat([...head, ...body]))
}

/** Makes whole numbers of 2, 4 or 8 octets into octets. */
function fields(
  isLittleEndian: boolean,
): (size: 2 | 4 | 8, ...values: readonly (number | bigint)[]) => Uint8Array {
  return (size, ...values) => {
    const octets = new Uint8Array(size * values.length)
    const view = new DataView(octets.buffer)
    for (const [i, value] of values.entries()) {
      if (size === 2) view.setUint16(2 * i, Number(value), isLittleEndian)
      if (size === 4) view.setUint32(4 * i, Number(value), isLittleEndian)
      if (size === 8) view.setBigInt64(8 * i, BigInt(value), isLittleEndian)
    }
    return octets
  }
}

/** An option of a pcapng block. */
export type Option = readonly [code: number, value: Uint8Array]

/** Writes blocks of pcapng, all in one byte order. */
export function pcapngBlocks(isLittleEndian: boolean) {
  const numbers = fields(isLittleEndian)
  const padding = (octets: Uint8Array): Uint8Array => new Uint8Array(-octets.length & 3)
  const block = (type: number, ...body: readonly Uint8Array[]): Uint8Array => {
    const length = 12 + body.reduce((sum, part) => sum + part.length, 0)
    return Uint8Array.from(Buffer.concat([numbers(4, type, length), ...body, numbers(4, length)]))
  }
  const options = (list: readonly Option[]): Uint8Array[] =>
    list.length === 0
      ? []
      : [...list, [0, new Uint8Array()] as const].flatMap(([code, value]) => [
          numbers(2, code, value.length),
          value,
          padding(value),
        ])
  const stamped = (ticks: bigint): Uint8Array => numbers(4, ticks >> 32n, ticks & 0xffffffffn)
  return {
    block,
    section: (list: readonly Option[] = [], major = 1) =>
      block(0x0a0d0d0a, numbers(4, 0x1a2b3c4d), numbers(2, major, 0), numbers(8, -1), ...options(list)),
    interface: (linkType: number, snapLength = 0, list: readonly Option[] = []) =>
      block(1, numbers(2, linkType, 0), numbers(4, snapLength), ...options(list)),
    enhanced: (
      id: number,
      ticks: bigint,
      octets: Uint8Array,
      length = octets.length,
      list: readonly Option[] = [],
    ) =>
      block(
        6,
        numbers(4, id),
        stamped(ticks),
        numbers(4, octets.length, length),
        octets,
        padding(octets),
        ...options(list),
      ),
    simple: (octets: Uint8Array, length = octets.length) =>
      block(3, numbers(4, length), octets, padding(octets)),
    obsolete: (id: number, ticks: bigint, octets: Uint8Array, length = octets.length) =>
      block(2, numbers(2, id, 7), stamped(ticks), numbers(4, octets.length, length), octets, padding(octets)),
  }
}

/** Files and parts of files one behind the other. */
export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  return Uint8Array.from(Buffer.concat(parts))
}
