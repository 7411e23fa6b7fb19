import { decodeQuotation, type Quotation } from './icmp-extensions.ts'
import { decodeNdOptions, encodeNdOptions, type NdOption, ndOptionsLength } from './nd-options.ts'
import { needField, needRoom, read16, read32, readIpv6, write16, write32, writeIpv6 } from './octets.ts'
import { SEALED, type Seal, sealTransport } from './seal.ts'
import { bounds, type Carrier, type Span } from './span.ts'

/**
 * What a sender chooses of an ICMPv6 message in front of its payload (RFC 4443, 4861, 4884), by kind.
 * `quotedUnits` is the length of the quote in units of 64 bits, 0 without extensions; `unused` and `reserved` are
 * bits that are zero by the book; `rest` are octets 4 to 7 of a type not known here, router messages among them.
 */
export type Icmp6Header = { readonly code: number } & (
  | { readonly kind: 'echo-request' | 'echo-reply'; readonly id: number; readonly seq: number }
  | {
      readonly kind: 'destination-unreachable' | 'time-exceeded'
      readonly quotedUnits: number
      /** 24 bits. */
      readonly unused: number
    }
  | { readonly kind: 'packet-too-big'; readonly mtu: number }
  | {
      readonly kind: 'parameter-problem'
      /** Which octet of the quote is wrong; may lie beyond it. */
      readonly pointer: number
    }
  | {
      readonly kind: 'neighbour-solicitation'
      readonly reserved: number
      readonly target: string
      readonly options: readonly NdOption[]
    }
  | {
      readonly kind: 'neighbour-advertisement'
      readonly isRouter: boolean
      readonly isSolicited: boolean
      readonly isOverride: boolean
      /** 29 bits. */
      readonly reserved: number
      readonly target: string
      readonly options: readonly NdOption[]
    }
  | { readonly kind: 'unknown'; readonly type: number; readonly rest: number }
)

/** An ICMPv6 message as it was received. Of an error `quote` is the packet that it is about: see `quotedOf`. */
export type Icmp6 = Icmp6Header &
  Carrier & {
    readonly checksum: number
    /** The options contradict themselves: they hold what was readable and then the rest. False when they were cut. */
    readonly malformed: boolean
    readonly quote: Span | undefined
    readonly extensions: Quotation['extensions']
  }

/** Types of RFC 4443 and RFC 4861. */
const TYPE = {
  'destination-unreachable': 1,
  'packet-too-big': 2,
  'time-exceeded': 3,
  'parameter-problem': 4,
  'echo-request': 128,
  'echo-reply': 129,
  'neighbour-solicitation': 135,
  'neighbour-advertisement': 136,
} as const satisfies Record<Exclude<Icmp6Header['kind'], 'unknown'>, number>
/** RFC 4443 section 2.1: types below are errors, also those that nobody knows yet. */
const FIRST_INFORMATIONAL = 128

/** Offsets in octets. */
const AT = { type: 0, code: 1, checksum: SEALED.icmp6.field, rest: 4, body: 8, options: 24 } as const
const FLAG = { router: 0x80000000, solicited: 0x40000000, override: 0x20000000 } as const

/**
 * The message at `at`; undefined when its header (8 octets, 24 with a neighbour's address) is not whole.
 * `length` is what the IP header leaves for it, by default all octets before `end`. The options of neighbour
 * discovery belong to the header: such a message has no payload.
 */
export function decodeIcmp6(
  octets: Uint8Array,
  at = 0,
  end: number = octets.length,
  length?: number,
): Icmp6 | undefined {
  const packet = bounds(octets, at, end, length)
  if (at + AT.body > packet.end) return undefined
  const type = octets[at + AT.type] ?? 0
  const isNeighbour = type === TYPE['neighbour-solicitation'] || type === TYPE['neighbour-advertisement']
  const fixed = at + (isNeighbour ? AT.options : AT.body)
  if (fixed > packet.end) return undefined
  const header = decodeHeader(octets, at, type, packet.end)
  const payload = { from: isNeighbour ? packet.end : fixed, to: packet.end }
  const truncated = at + packet.length > packet.end
  const { quote, extensions } = quotationOf(header, type, octets, payload, truncated)
  const malformed = 'options' in header && header.options.at(-1)?.kind === 'unreadable' && !truncated
  const checksum = read16(octets, at + AT.checksum)
  // Ten times as fast as a spread: errors may come in by the hundred thousand a second.
  return Object.assign(header, { checksum, malformed, payload, truncated, quote, extensions })
}

function decodeHeader(octets: Uint8Array, at: number, type: number, end: number): Icmp6Header {
  const code = octets[at + AT.code] ?? 0
  const rest = read32(octets, at + AT.rest)
  switch (type) {
    case TYPE['destination-unreachable']:
      return { kind: 'destination-unreachable', code, quotedUnits: rest >>> 24, unused: rest & 0xffffff }
    case TYPE['time-exceeded']:
      return { kind: 'time-exceeded', code, quotedUnits: rest >>> 24, unused: rest & 0xffffff }
    case TYPE['packet-too-big']:
      return { kind: 'packet-too-big', code, mtu: rest }
    case TYPE['parameter-problem']:
      return { kind: 'parameter-problem', code, pointer: rest }
    case TYPE['echo-request']:
      return { kind: 'echo-request', code, id: rest >>> 16, seq: rest & 0xffff }
    case TYPE['echo-reply']:
      return { kind: 'echo-reply', code, id: rest >>> 16, seq: rest & 0xffff }
    case TYPE['neighbour-solicitation']:
      return { kind: 'neighbour-solicitation', code, reserved: rest, ...decodeNeighbour(octets, at, end) }
    case TYPE['neighbour-advertisement']:
      return {
        kind: 'neighbour-advertisement',
        code,
        isRouter: (rest & FLAG.router) !== 0,
        isSolicited: (rest & FLAG.solicited) !== 0,
        isOverride: (rest & FLAG.override) !== 0,
        reserved: rest & 0x1fffffff,
        ...decodeNeighbour(octets, at, end),
      }
    default:
      return { kind: 'unknown', code, type, rest }
  }
}

function decodeNeighbour(octets: Uint8Array, at: number, end: number) {
  return { target: readIpv6(octets, at + AT.body), options: decodeNdOptions(octets, at + AT.options, end) }
}

function quotationOf(
  header: Icmp6Header,
  type: number,
  octets: Uint8Array,
  payload: Span,
  truncated: boolean,
): Quotation | { readonly quote: undefined; readonly extensions: undefined } {
  if (header.kind === 'destination-unreachable' || header.kind === 'time-exceeded') {
    return decodeQuotation(octets, payload, header.quotedUnits * 8, truncated)
  }
  return { quote: type < FIRST_INFORMATIONAL ? payload : undefined, extensions: undefined }
}

/** How many octets the header takes: 8, or 24 and the options of neighbour discovery. */
export function icmp6HeaderLength(header: Icmp6Header): number {
  return 'options' in header ? AT.options + ndOptionsLength(header.options) : AT.body
}

/**
 * Writes the header at `at`; gives its length in octets. The payload must stand behind it already when the checksum
 * is to be computed.
 * @throws RangeError when the array is too small or a field out of range
 */
export function encodeIcmp6(header: Icmp6Header, into: Uint8Array, at: number, seal: Seal): number {
  const length = icmp6HeaderLength(header)
  const type = header.kind === 'unknown' ? header.type : TYPE[header.kind]
  needField('type', type, 0xff)
  needField('code', header.code, 0xff)
  needRoom(into, at, length)
  into[at + AT.type] = type
  into[at + AT.code] = header.code
  encodeRest(header, into, at)
  sealTransport('icmp6', into, at, length, seal)
  return length
}

/** Writes what follows type, code and checksum. */
function encodeRest(header: Icmp6Header, into: Uint8Array, at: number): void {
  const rest = at + AT.rest
  switch (header.kind) {
    case 'echo-request':
    case 'echo-reply':
      needField('id', header.id, 0xffff)
      needField('sequence number', header.seq, 0xffff)
      write16(into, rest, header.id)
      write16(into, rest + 2, header.seq)
      return
    case 'destination-unreachable':
    case 'time-exceeded':
      needField('quoted units', header.quotedUnits, 0xff)
      put('unused bits', header.unused, 0xffffff, into, rest)
      into[rest] = header.quotedUnits
      return
    case 'packet-too-big':
      put('mtu', header.mtu, 0xffffffff, into, rest)
      return
    case 'parameter-problem':
      put('pointer', header.pointer, 0xffffffff, into, rest)
      return
    case 'neighbour-solicitation':
      put('reserved bits', header.reserved, 0xffffffff, into, rest)
      encodeNeighbour(header, into, at)
      return
    case 'neighbour-advertisement':
      put('reserved bits', header.reserved, 0x1fffffff, into, rest)
      into[rest] = flagOctet(header) | (header.reserved >>> 24)
      encodeNeighbour(header, into, at)
      return
    case 'unknown':
      put('rest of the header', header.rest, 0xffffffff, into, rest)
  }
}

function flagOctet(header: Extract<Icmp6Header, { readonly isRouter: boolean }>): number {
  const flags =
    (header.isRouter ? FLAG.router : 0) |
    (header.isSolicited ? FLAG.solicited : 0) |
    (header.isOverride ? FLAG.override : 0)
  return flags >>> 24
}

function encodeNeighbour(
  { target, options }: { readonly target: string; readonly options: readonly NdOption[] },
  into: Uint8Array,
  at: number,
): void {
  writeIpv6(target, into, at + AT.body)
  encodeNdOptions(options, into, at + AT.options)
}

function put(name: string, value: number, most: number, into: Uint8Array, at: number): void {
  needField(name, value, most)
  write32(into, at, value)
}
