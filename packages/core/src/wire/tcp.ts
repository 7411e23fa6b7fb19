import { needField, needRoom, read16, read32, write16, write32 } from './octets.ts'
import { SEALED, type Seal, sealTransport } from './seal.ts'
import { bounds, type Carrier } from './span.ts'
import {
  decodeTcpOptions,
  encodeTcpOptions,
  MOST_OPTION_OCTETS,
  type TcpOption,
  tcpOptionsLength,
} from './tcp-options.ts'

/** What a sender chooses of a TCP header (RFC 9293 section 3.1); the data offset follows from the options. */
export interface TcpHeader {
  readonly sourcePort: number
  readonly destinationPort: number
  readonly seq: number
  readonly ack: number
  /** The three bits before the flags, sent as zero. */
  readonly reserved: number
  /** A mask of `TCP_FLAG`s; see `flagsOf`. */
  readonly flags: number
  readonly window: number
  readonly urgent: number
  readonly options: readonly TcpOption[]
}

/** A TCP header as it was received. */
export interface Tcp extends TcpHeader, Carrier {
  readonly checksum: number
  /** In octets, by the data offset: 20 to 60. */
  readonly headerLength: number
  /** The options contradict themselves: they hold what was readable and then the rest. False for a cut header. */
  readonly malformed: boolean
}

/** RFC 9293 section 3.1. Offsets in octets. */
const AT = {
  sourcePort: 0,
  destinationPort: 2,
  seq: 4,
  ack: 8,
  offsetAndFlags: 12,
  window: 14,
  checksum: SEALED.tcp.field,
  urgent: 18,
  options: 20,
} as const

/**
 * The segment at `at`; undefined when its header is not whole or says fewer than 20 octets.
 * TCP has no length of its own: `length` is what the IP header leaves for the segment, by default all octets before
 * `end`. With it a header that the capture cut within its options is read, too: `truncated`, options as far as they go.
 */
export function decodeTcp(
  octets: Uint8Array,
  at = 0,
  end: number = octets.length,
  length?: number,
): Tcp | undefined {
  const segment = bounds(octets, at, end, length)
  if (at + AT.options > segment.end) return undefined
  const word = read16(octets, at + AT.offsetAndFlags)
  const headerLength = (word >>> 12) * 4
  if (headerLength < AT.options || headerLength > segment.length) return undefined
  const from = Math.min(at + headerLength, segment.end)
  const options = decodeTcpOptions(octets, at + AT.options, from)
  return {
    sourcePort: read16(octets, at + AT.sourcePort),
    destinationPort: read16(octets, at + AT.destinationPort),
    seq: read32(octets, at + AT.seq),
    ack: read32(octets, at + AT.ack),
    reserved: (word >>> 9) & 7,
    flags: word & 0x1ff,
    window: read16(octets, at + AT.window),
    checksum: read16(octets, at + AT.checksum),
    urgent: read16(octets, at + AT.urgent),
    options,
    headerLength,
    malformed: from === at + headerLength && options.at(-1)?.kind === 'unreadable',
    payload: { from, to: segment.end },
    truncated: at + segment.length > segment.end,
  }
}

/** How many octets the header takes, options padded to 32 bits. */
export function tcpHeaderLength({ options }: Pick<TcpHeader, 'options'>): number {
  return AT.options + Math.ceil(tcpOptionsLength(options) / 4) * 4
}

/**
 * Writes the header at `at`, options padded with zeros; gives its length in octets. The payload must stand behind it
 * already when the checksum is to be computed.
 * @throws RangeError when the array is too small, a field out of range or the options exceed 40 octets
 */
export function encodeTcp(header: TcpHeader, into: Uint8Array, at: number, seal: Seal): number {
  const length = tcpHeaderLength(header)
  if (length > AT.options + MOST_OPTION_OCTETS) throw new RangeError('TCP options exceed 40 octets')
  needFields(header)
  needRoom(into, at, length)
  write16(into, at + AT.sourcePort, header.sourcePort)
  write16(into, at + AT.destinationPort, header.destinationPort)
  write32(into, at + AT.seq, header.seq)
  write32(into, at + AT.ack, header.ack)
  write16(into, at + AT.offsetAndFlags, ((length / 4) << 12) | (header.reserved << 9) | header.flags)
  write16(into, at + AT.window, header.window)
  write16(into, at + AT.urgent, header.urgent)
  const written = encodeTcpOptions(header.options, into, at + AT.options)
  into.fill(0, at + AT.options + written, at + length)
  sealTransport('tcp', into, at, length, seal)
  return length
}

function needFields(header: TcpHeader): void {
  needField('source port', header.sourcePort, 0xffff)
  needField('destination port', header.destinationPort, 0xffff)
  needField('sequence number', header.seq, 0xffffffff)
  needField('acknowledgment number', header.ack, 0xffffffff)
  needField('reserved bits', header.reserved, 7)
  needField('flags', header.flags, 0x1ff)
  needField('window', header.window, 0xffff)
  needField('urgent pointer', header.urgent, 0xffff)
}
