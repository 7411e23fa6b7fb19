import { decodeQuotation, type Quotation } from './icmp-extensions.ts'
import { needField, needRoom, read16, read32, readIpv4, write16, write32, writeIpv4 } from './octets.ts'
import { type Seal, sealPlain, sealWith } from './seal.ts'
import { bounds, type Carrier, type Span } from './span.ts'

interface Identified {
  readonly id: number
  readonly seq: number
}

/**
 * What a sender chooses of an ICMPv4 message in front of its payload (RFC 792, 950, 1191, 4884), by kind.
 * `quotedWords` is the length of the quote in 32-bit words, 0 without extensions; `unused` are the bits that are
 * zero by the book; `rest` are octets 4 to 7 of a type not known here. Time stamps: milliseconds since midnight UT.
 */
export type Icmp4Header = { readonly code: number } & (
  | ({ readonly kind: 'echo-request' | 'echo-reply' } & Identified)
  | ({
      readonly kind: 'timestamp-request' | 'timestamp-reply'
      readonly originate: number
      readonly receive: number
      readonly transmit: number
    } & Identified)
  | ({ readonly kind: 'mask-request' | 'mask-reply'; readonly mask: string } & Identified)
  | {
      readonly kind: 'destination-unreachable'
      /** 8 bits. */
      readonly unused: number
      readonly quotedWords: number
      /** With code 4 the octets that the next link takes (RFC 1191); 0 where the router does not say. */
      readonly nextHopMtu: number
    }
  | {
      readonly kind: 'time-exceeded'
      /** 24 bits: the 8 before `quotedWords` are the high ones. */
      readonly unused: number
      readonly quotedWords: number
    }
  | {
      readonly kind: 'parameter-problem'
      /** Which octet of the quote is wrong. */
      readonly pointer: number
      readonly quotedWords: number
      /** 16 bits. */
      readonly unused: number
    }
  | { readonly kind: 'redirect'; readonly gateway: string }
  | { readonly kind: 'source-quench'; readonly unused: number }
  | { readonly kind: 'unknown'; readonly type: number; readonly rest: number }
)

/** An ICMPv4 message as it was received. Of an error `quote` is the packet that it is about: see `quotedOf`. */
export type Icmp4 = Icmp4Header &
  Carrier & {
    readonly checksum: number
    readonly quote: Span | undefined
    readonly extensions: Quotation['extensions']
  }

/** Types of RFC 792 and 950. */
const TYPE = {
  'echo-reply': 0,
  'destination-unreachable': 3,
  'source-quench': 4,
  redirect: 5,
  'echo-request': 8,
  'time-exceeded': 11,
  'parameter-problem': 12,
  'timestamp-request': 13,
  'timestamp-reply': 14,
  'mask-request': 17,
  'mask-reply': 18,
} as const satisfies Record<Exclude<Icmp4Header['kind'], 'unknown'>, number>

/** Offsets in octets. */
const AT = { type: 0, code: 1, checksum: 2, id: 4, seq: 6, rest: 4, body: 8 } as const
const TIMESTAMP_LENGTH = 20
const MASK_LENGTH = 12

/**
 * The message at `at`; undefined when its header (8 octets, 20 for time stamps, 12 for masks) is not whole.
 * `length` is what the IP header leaves for it, by default all octets before `end`.
 */
export function decodeIcmp4(
  octets: Uint8Array,
  at = 0,
  end: number = octets.length,
  length?: number,
): Icmp4 | undefined {
  const packet = bounds(octets, at, end, length)
  if (at + AT.body > packet.end) return undefined
  const type = octets[at + AT.type] ?? 0
  const from = at + lengthOfType(type)
  if (from > packet.end) return undefined
  const header = decodeHeader(octets, at, type)
  const payload = { from, to: packet.end }
  const truncated = at + packet.length > packet.end
  const checksum = read16(octets, at + AT.checksum)
  const { quote, extensions } = quotationOf(header, octets, payload, truncated)
  // Ten times as fast as a spread: errors may come in by the hundred thousand a second.
  return Object.assign(header, { checksum, payload, truncated, quote, extensions })
}

function lengthOfType(type: number): number {
  if (type === TYPE['timestamp-request'] || type === TYPE['timestamp-reply']) return TIMESTAMP_LENGTH
  if (type === TYPE['mask-request'] || type === TYPE['mask-reply']) return MASK_LENGTH
  return AT.body
}

function decodeHeader(octets: Uint8Array, at: number, type: number): Icmp4Header {
  const code = octets[at + AT.code] ?? 0
  const rest = read32(octets, at + AT.rest)
  const [id, seq] = [read16(octets, at + AT.id), read16(octets, at + AT.seq)]
  const quotedWords = id & 0xff
  switch (type) {
    case TYPE['echo-request']:
      return { kind: 'echo-request', code, id, seq }
    case TYPE['echo-reply']:
      return { kind: 'echo-reply', code, id, seq }
    case TYPE['timestamp-request']:
      return { kind: 'timestamp-request', code, id, seq, ...decodeTimes(octets, at) }
    case TYPE['timestamp-reply']:
      return { kind: 'timestamp-reply', code, id, seq, ...decodeTimes(octets, at) }
    case TYPE['mask-request']:
      return { kind: 'mask-request', code, id, seq, mask: readIpv4(octets, at + AT.body) }
    case TYPE['mask-reply']:
      return { kind: 'mask-reply', code, id, seq, mask: readIpv4(octets, at + AT.body) }
    case TYPE['destination-unreachable']:
      return {
        kind: 'destination-unreachable',
        code,
        unused: id >>> 8,
        quotedWords,
        nextHopMtu: seq,
      }
    case TYPE['time-exceeded']:
      return { kind: 'time-exceeded', code, unused: ((id >>> 8) << 16) | seq, quotedWords }
    case TYPE['parameter-problem']:
      return { kind: 'parameter-problem', code, pointer: id >>> 8, quotedWords, unused: seq }
    case TYPE.redirect:
      return { kind: 'redirect', code, gateway: readIpv4(octets, at + AT.rest) }
    case TYPE['source-quench']:
      return { kind: 'source-quench', code, unused: rest }
    default:
      return { kind: 'unknown', code, type, rest }
  }
}

function decodeTimes(octets: Uint8Array, at: number) {
  return {
    originate: read32(octets, at + AT.body),
    receive: read32(octets, at + AT.body + 4),
    transmit: read32(octets, at + AT.body + 8),
  }
}

function quotationOf(
  header: Icmp4Header,
  octets: Uint8Array,
  payload: Span,
  truncated: boolean,
): Quotation | { readonly quote: undefined; readonly extensions: undefined } {
  switch (header.kind) {
    case 'destination-unreachable':
    case 'time-exceeded':
    case 'parameter-problem':
      return decodeQuotation(octets, payload, header.quotedWords * 4, truncated)
    case 'redirect':
    case 'source-quench':
      return { quote: payload, extensions: undefined }
    default:
      return { quote: undefined, extensions: undefined }
  }
}

/** How many octets the header takes: 8, 20 or 12. */
export function icmp4HeaderLength(header: Icmp4Header): number {
  return lengthOfType(typeOf(header))
}

function typeOf(header: Icmp4Header): number {
  return header.kind === 'unknown' ? header.type : TYPE[header.kind]
}

/**
 * Writes the header at `at`; gives its length in octets. The payload must stand behind it already when the checksum
 * is to be computed.
 * @throws RangeError when the array is too small or a field out of range
 */
export function encodeIcmp4(
  header: Icmp4Header,
  into: Uint8Array,
  at: number,
  seal: Seal<{ readonly payloadLength: number }>,
): number {
  const length = icmp4HeaderLength(header)
  const type = typeOf(header)
  needField('type', type, 0xff)
  needField('code', header.code, 0xff)
  needRoom(into, at, length)
  into[at + AT.type] = type
  into[at + AT.code] = header.code
  encodeRest(header, into, at)
  if (typeof seal === 'number') sealWith(into, at + AT.checksum, seal)
  else sealPlain(into, at, AT.checksum, length + seal.payloadLength)
  return length
}

/** Writes what follows type, code and checksum. */
function encodeRest(header: Icmp4Header, into: Uint8Array, at: number): void {
  switch (header.kind) {
    case 'echo-request':
    case 'echo-reply':
      encodeIdentified(header, into, at)
      return
    case 'timestamp-request':
    case 'timestamp-reply':
      encodeIdentified(header, into, at)
      put32('originate time stamp', header.originate, into, at + AT.body)
      put32('receive time stamp', header.receive, into, at + AT.body + 4)
      put32('transmit time stamp', header.transmit, into, at + AT.body + 8)
      return
    case 'mask-request':
    case 'mask-reply':
      encodeIdentified(header, into, at)
      writeIpv4(header.mask, into, at + AT.body)
      return
    case 'destination-unreachable':
      encodeWords(header.unused, header.quotedWords, header.nextHopMtu, into, at)
      return
    case 'time-exceeded':
      needField('unused bits', header.unused, 0xffffff)
      encodeWords(header.unused >>> 16, header.quotedWords, header.unused & 0xffff, into, at)
      return
    case 'parameter-problem':
      encodeWords(header.pointer, header.quotedWords, header.unused, into, at)
      return
    case 'redirect':
      writeIpv4(header.gateway, into, at + AT.rest)
      return
    case 'source-quench':
      put32('unused bits', header.unused, into, at + AT.rest)
      return
    case 'unknown':
      put32('rest of the header', header.rest, into, at + AT.rest)
  }
}

function encodeIdentified({ id, seq }: Identified, into: Uint8Array, at: number): void {
  needField('id', id, 0xffff)
  needField('sequence number', seq, 0xffff)
  write16(into, at + AT.id, id)
  write16(into, at + AT.seq, seq)
}

function encodeWords(first: number, quotedWords: number, low: number, into: Uint8Array, at: number): void {
  needField('octet 4', first, 0xff)
  needField('quoted words', quotedWords, 0xff)
  needField('octets 6 and 7', low, 0xffff)
  into[at + AT.rest] = first
  into[at + AT.rest + 1] = quotedWords
  write16(into, at + AT.rest + 2, low)
}

function put32(name: string, value: number, into: Uint8Array, at: number): void {
  needField(name, value, 0xffffffff)
  write32(into, at, value)
}
