import { needField, readMac, writeMac } from './octets.ts'
import { listLength, type OptionCodec, writeList } from './option-list.ts'

/**
 * An option of neighbour discovery (RFC 4861 section 4.6). `octets` are views into the array that was decoded, not
 * copies: of an unknown option what follows type and length, of `unreadable` the rest of a list that contradicts
 * itself or was cut. A link-layer address that does not have the 6 octets of Ethernet is `unknown`, too.
 */
export type NdOption =
  | { readonly kind: 'source-link-layer' | 'target-link-layer'; readonly mac: string }
  | { readonly kind: 'unknown'; readonly number: number; readonly octets: Uint8Array }
  | { readonly kind: 'unreadable'; readonly octets: Uint8Array }

const NUMBER = { 'source-link-layer': 1, 'target-link-layer': 2 } as const
/** Lengths are counted in units of 8 octets, type and length included. */
const UNIT = 8
const LONGEST = 0xff * UNIT

/** The options between two offsets; what cannot be read stands last as `unreadable`. Never throws. */
export function decodeNdOptions(octets: Uint8Array, from: number, to: number): readonly NdOption[] {
  const options: NdOption[] = []
  let at = from
  while (at < to) {
    const length = at + 1 < to ? (octets[at + 1] ?? 0) * UNIT : 0
    if (length === 0 || at + length > to) {
      options.push({ kind: 'unreadable', octets: octets.subarray(at, to) })
      break
    }
    options.push(decodeOption(octets, at, length))
    at += length
  }
  return options
}

function decodeOption(octets: Uint8Array, at: number, length: number): NdOption {
  const number = octets[at] ?? 0
  if (length === UNIT && number === NUMBER['source-link-layer']) {
    return { kind: 'source-link-layer', mac: readMac(octets, at + 2) }
  }
  if (length === UNIT && number === NUMBER['target-link-layer']) {
    return { kind: 'target-link-layer', mac: readMac(octets, at + 2) }
  }
  return { kind: 'unknown', number, octets: octets.subarray(at + 2, at + length) }
}

const CODEC: OptionCodec<NdOption> = { lengthOf: optionLength, write: encodeOption }

/** How many octets the options take. */
export function ndOptionsLength(options: readonly NdOption[]): number {
  return listLength(options, CODEC)
}

function optionLength(option: NdOption): number {
  switch (option.kind) {
    case 'source-link-layer':
    case 'target-link-layer':
      return UNIT
    case 'unknown':
      return 2 + option.octets.length
    case 'unreadable':
      return option.octets.length
  }
}

/**
 * Writes options one after the other; gives how many octets, always `ndOptionsLength`.
 * @throws RangeError when the array is too small, a field out of range or the octets of an unknown option do not make
 * up 8 or a multiple of it together with type and length
 */
export function encodeNdOptions(options: readonly NdOption[], into: Uint8Array, at: number): number {
  return writeList(options, CODEC, into, at)
}

function encodeOption(option: NdOption, into: Uint8Array, at: number): void {
  switch (option.kind) {
    case 'source-link-layer':
    case 'target-link-layer':
      into[at] = NUMBER[option.kind]
      into[at + 1] = 1
      writeMac(option.mac, into, at + 2)
      return
    case 'unknown':
      encodeUnknown(option.number, option.octets, into, at)
      return
    case 'unreadable':
      into.set(option.octets, at)
  }
}

function encodeUnknown(number: number, octets: Uint8Array, into: Uint8Array, at: number): void {
  const length = 2 + octets.length
  needField('option type', number, 0xff)
  if (length % UNIT !== 0 || length > LONGEST) {
    throw new RangeError(`an option of neighbour discovery cannot have ${length} octets`)
  }
  into[at] = number
  into[at + 1] = length / UNIT
  into.set(octets, at + 2)
}
