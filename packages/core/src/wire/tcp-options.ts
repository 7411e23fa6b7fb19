import { needField, read16, read32, write16, write32 } from './octets.ts'
import { listLength, type OptionCodec, writeList } from './option-list.ts'

/** A stretch of octets that arrived although a later one is missing (RFC 2018 section 3). */
export interface SackBlock {
  readonly left: number
  readonly right: number
}

/**
 * An option of a TCP header. `octets` are views into the array that was decoded, not copies.
 * `end` carries what follows the end of the list; `unreadable` the rest of a list that contradicts itself or was cut.
 * An option of a kind known here but with a strange length is `unknown`, too.
 */
export type TcpOption =
  | { readonly kind: 'mss'; readonly value: number }
  | { readonly kind: 'window-scale'; readonly shift: number }
  | { readonly kind: 'sack-permitted' }
  | { readonly kind: 'sack'; readonly blocks: readonly SackBlock[] }
  | { readonly kind: 'timestamps'; readonly value: number; readonly echo: number }
  | { readonly kind: 'nop' }
  | { readonly kind: 'end'; readonly octets: Uint8Array }
  | { readonly kind: 'unknown'; readonly number: number; readonly octets: Uint8Array }
  | { readonly kind: 'unreadable'; readonly octets: Uint8Array }

/** Option kinds (RFC 9293 section 3.2, RFC 7323, RFC 2018). */
const NUMBER = { end: 0, nop: 1, mss: 2, windowScale: 3, sackPermitted: 4, sack: 5, timestamps: 8 } as const

/** What the four bits of the data offset leave for options. */
export const MOST_OPTION_OCTETS = 40
const MOST_UNKNOWN = MOST_OPTION_OCTETS - 2
const NONE: readonly TcpOption[] = []

/** The options between two offsets; what cannot be read stands last as `unreadable`. Never throws. */
export function decodeTcpOptions(octets: Uint8Array, from: number, to: number): readonly TcpOption[] {
  if (from >= to) return NONE
  const options: TcpOption[] = []
  let at = from
  while (at < to) {
    const length = lengthAt(octets, at, to)
    options.push(decodeOption(octets, at, length, to))
    if (length === 0) break
    at += length
  }
  return options
}

/** The length of the option at `at`; 0 when no other can follow it. */
function lengthAt(octets: Uint8Array, at: number, to: number): number {
  const number = octets[at]
  if (number === NUMBER.end) return 0
  if (number === NUMBER.nop) return 1
  const length = at + 1 < to ? (octets[at + 1] ?? 0) : 0
  return length < 2 || at + length > to ? 0 : length
}

function decodeOption(octets: Uint8Array, at: number, length: number, to: number): TcpOption {
  const number = octets[at] ?? 0
  if (number === NUMBER.nop) return { kind: 'nop' }
  if (number === NUMBER.end) return { kind: 'end', octets: octets.subarray(at + 1, to) }
  if (length === 0) return { kind: 'unreadable', octets: octets.subarray(at, to) }
  return decodeFull(octets, at, number, length)
}

function decodeFull(octets: Uint8Array, at: number, number: number, length: number): TcpOption {
  if (number === NUMBER.mss && length === 4) return { kind: 'mss', value: read16(octets, at + 2) }
  if (number === NUMBER.windowScale && length === 3)
    return { kind: 'window-scale', shift: octets[at + 2] ?? 0 }
  if (number === NUMBER.sackPermitted && length === 2) return { kind: 'sack-permitted' }
  if (number === NUMBER.sack && length > 2 && length % 8 === 2) {
    const blocks = Array.from({ length: (length - 2) / 8 }, (_, i) => ({
      left: read32(octets, at + 2 + 8 * i),
      right: read32(octets, at + 6 + 8 * i),
    }))
    return { kind: 'sack', blocks }
  }
  if (number === NUMBER.timestamps && length === 10) {
    return { kind: 'timestamps', value: read32(octets, at + 2), echo: read32(octets, at + 6) }
  }
  return { kind: 'unknown', number, octets: octets.subarray(at + 2, at + length) }
}

const CODEC: OptionCodec<TcpOption> = { lengthOf: optionLength, write: encodeOption }

/** How many octets the options take, without padding. */
export function tcpOptionsLength(options: readonly TcpOption[]): number {
  return listLength(options, CODEC)
}

function optionLength(option: TcpOption): number {
  switch (option.kind) {
    case 'mss':
      return 4
    case 'window-scale':
      return 3
    case 'sack-permitted':
      return 2
    case 'sack':
      return 2 + 8 * option.blocks.length
    case 'timestamps':
      return 10
    case 'nop':
      return 1
    case 'end':
      return 1 + option.octets.length
    case 'unknown':
      return 2 + option.octets.length
    case 'unreadable':
      return option.octets.length
  }
}

/**
 * Writes options one after the other; gives how many octets, always `tcpOptionsLength`.
 * @throws RangeError when the array is too small or a field out of range
 */
export function encodeTcpOptions(options: readonly TcpOption[], into: Uint8Array, at: number): number {
  return writeList(options, CODEC, into, at)
}

function encodeOption(option: TcpOption, into: Uint8Array, at: number): void {
  switch (option.kind) {
    case 'mss':
      needField('mss', option.value, 0xffff)
      begin(into, at, NUMBER.mss, 4)
      write16(into, at + 2, option.value)
      return
    case 'window-scale':
      needField('window scale', option.shift, 0xff)
      begin(into, at, NUMBER.windowScale, 3)
      into[at + 2] = option.shift
      return
    case 'sack-permitted':
      begin(into, at, NUMBER.sackPermitted, 2)
      return
    case 'sack':
      encodeSack(option.blocks, into, at)
      return
    case 'timestamps':
      begin(into, at, NUMBER.timestamps, 10)
      writeNumber('time stamp', option.value, into, at + 2)
      writeNumber('echoed time stamp', option.echo, into, at + 6)
      return
    case 'nop':
      into[at] = NUMBER.nop
      return
    case 'end':
      into[at] = NUMBER.end
      into.set(option.octets, at + 1)
      return
    case 'unknown':
      encodeUnknown(option.number, option.octets, into, at)
      return
    case 'unreadable':
      into.set(option.octets, at)
      return
  }
}

function encodeSack(blocks: readonly SackBlock[], into: Uint8Array, at: number): void {
  if (blocks.length === 0 || blocks.length > 4)
    throw new RangeError(`SACK has 1 to 4 blocks: ${blocks.length}`)
  begin(into, at, NUMBER.sack, 2 + 8 * blocks.length)
  for (const [i, { left, right }] of blocks.entries()) {
    writeNumber('left edge', left, into, at + 2 + 8 * i)
    writeNumber('right edge', right, into, at + 6 + 8 * i)
  }
}

function encodeUnknown(number: number, octets: Uint8Array, into: Uint8Array, at: number): void {
  needField('option kind', number, 0xff)
  if (number <= NUMBER.nop) throw new RangeError(`option kind ${number} has no length`)
  if (octets.length > MOST_UNKNOWN) throw new RangeError(`an option has at most ${MOST_OPTION_OCTETS} octets`)
  begin(into, at, number, 2 + octets.length)
  into.set(octets, at + 2)
}

function begin(into: Uint8Array, at: number, number: number, length: number): void {
  into[at] = number
  into[at + 1] = length
}

function writeNumber(name: string, value: number, into: Uint8Array, at: number): void {
  needField(name, value, 0xffffffff)
  write32(into, at, value)
}
