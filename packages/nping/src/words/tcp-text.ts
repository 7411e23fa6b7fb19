import { decodeTcp, nmapLettersOf, read16, read32, type Span, type Tcp } from '@portkit/core/wire'
import { bracketed, type Carriage, type Detail, upperHex } from './packet-text.ts'
import { tcpOptionText } from './tcp-option-text.ts'

const FIXED = 20

/** What a line says of a segment at `span`; `length` is what the IP header leaves for it. */
export function tcpText(
  octets: Uint8Array,
  span: Span,
  length: number,
  carriage: Carriage,
  detail: Detail,
): string {
  const tcp = decodeTcp(octets, span.from, span.to, length) ?? incoherent(octets, span)
  if (tcp === undefined) return incompleteText(octets, span, carriage, detail)
  const { source, destination, fields } = carriage
  const ends = `${source}:${tcp.sourcePort} > ${destination}:${tcp.destinationPort}`
  const options = optionsOf(tcp, span)
  const flags = nmapLettersOf(tcp.flags)
  if (detail === 0) {
    return `TCP ${ends} ${flags} ${fields} seq=${tcp.seq} win=${tcp.window} ${options}`
  }
  const tail = options === '' ? '' : ` ${options}`
  const checksum = `csum=0x${upperHex(tcp.checksum)}`
  if (detail === 1) {
    return bracketed('TCP', `${ends} ${flags} seq=${tcp.seq} win=${tcp.window} ${checksum}${tail}`, carriage)
  }
  // The ninth flag is to nping, from before RFC 9768, the lowest of four reserved bits.
  const reserved = (tcp.reserved << 1) | (tcp.flags >>> 8)
  const numbers = `seq=${tcp.seq} ack=${tcp.ack} off=${tcp.headerLength / 4} res=${reserved}`
  const rest = `win=${tcp.window} ${checksum} urp=${tcp.urgent}${tail}`
  return bracketed('TCP', `${ends} ${flags} ${numbers} ${rest}`, carriage)
}

function optionsOf(tcp: Pick<Tcp, 'headerLength' | 'options'>, { from, to }: Span): string {
  const isCut = tcp.headerLength > to - from
  if (isCut) return 'option incomplete'
  return tcpOptionText(tcp.options)
}

type Shown = Omit<Tcp, 'payload' | 'truncated' | 'malformed'>

/** A header whose data offset is too small or beyond the segment: all else in it can still be told. */
function incoherent(octets: Uint8Array, { from, to }: Span): Shown | undefined {
  if (from + FIXED > to) return undefined
  const word = read16(octets, from + 12)
  return {
    sourcePort: read16(octets, from),
    destinationPort: read16(octets, from + 2),
    seq: read32(octets, from + 4),
    ack: read32(octets, from + 8),
    headerLength: (word >>> 12) * 4,
    reserved: (word >>> 9) & 7,
    flags: word & 0x1ff,
    window: read16(octets, from + 14),
    checksum: read16(octets, from + 16),
    urgent: read16(octets, from + 18),
    options: [],
  }
}

function incompleteText(octets: Uint8Array, { from, to }: Span, carriage: Carriage, detail: Detail): string {
  const has = (length: number): boolean => from + length <= to
  const port = (at: number): string => (has(at + 2) ? `${read16(octets, from + at)}` : '??')
  const ends = `${carriage.source}:${port(0)} > ${carriage.destination}:${port(2)}`
  const word = has(14) ? read16(octets, from + 12) : undefined
  const flags = word === undefined ? '??' : nmapLettersOf(word)
  const offset = word === undefined || detail < 2 ? [] : [`off=${word >>> 12} res=${(word >>> 8) & 15}`]
  const parts = [
    ...(has(8) ? [`seq=${read32(octets, from + 4)}`] : []),
    ...(has(12) && detail > 0 ? [`ack=${read32(octets, from + 8)}`] : []),
    ...offset,
    ...(has(16) ? [`win=${read16(octets, from + 14)}`] : []),
    '(incomplete)',
  ].join(' ')
  if (detail === 0) return `TCP ${ends} ${flags} ${carriage.fields} ${parts}`
  return bracketed('TCP', `${ends} ${flags} ${parts}`, carriage)
}
