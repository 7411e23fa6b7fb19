import { decodeIcmp4, type Icmp4, quotedOf, type Span } from '@portkit/core/wire'
import { bracketed, type Carriage, type Detail } from './packet-text.ts'

/** What a message is called, and the fields that belong to its type. */
interface Said {
  readonly text: string
  readonly extra: string
}

/** Types that say no more than their name here. */
const NAMES: Readonly<Record<number, string>> = {
  10: 'Router solicitation',
  30: 'Traceroute',
  37: 'Domain name request',
  38: 'Domain name reply',
  40: 'Security failures',
}
/** RFC 792 and RFC 1122 section 3.2.2.2: nping knows the first two only. */
const REDIRECTS = ['Network redirect', 'Host redirect', 'Network redirect for TOS', 'Host redirect for TOS']
const TIMES = ['TTL=0 during transit', 'TTL=0 during reassembly']
const PROBLEMS = ['(pointer indicates error)', '(option missing)', '(bad length)']
const UNKNOWN_CODE = '(unknown code)'
const PROTOCOL_TCP = 6

/** What a line says of an ICMP message at `span`; `length` is what the IP header leaves for it. */
export function icmp4Text(
  octets: Uint8Array,
  span: Span,
  length: number,
  carriage: Carriage,
  detail: Detail,
): string {
  const { source, destination, fields } = carriage
  const type = octets[span.from] ?? 0
  const icmp = decodeIcmp4(octets, span.from, span.to, length)
  if (icmp === undefined) return bracketed('ICMP', `${source} > ${destination} (incomplete)`, carriage)
  const number = `(type=${type}/code=${icmp.code})`
  const said = saidBy(icmp, type, octets)
  if (said !== undefined) {
    return bracketed('ICMP', `${source} > ${destination} ${said.text} ${number} ${said.extra}`, carriage)
  }
  const why = detail === 0 ? '' : ' (original datagram missing)'
  return `ICMP ${source} > ${destination} Destination unreachable${why} ${number} ${fields}`
}

/** undefined for an unreachable message that does not quote what was unreachable. */
function saidBy(icmp: Icmp4, type: number, octets: Uint8Array): Said | undefined {
  switch (icmp.kind) {
    case 'echo-request':
      return { text: 'Echo request', extra: idAndSeq(icmp) }
    case 'echo-reply':
      return { text: 'Echo reply', extra: idAndSeq(icmp) }
    case 'timestamp-request':
    case 'timestamp-reply': {
      const text = `Timestamp ${icmp.kind === 'timestamp-request' ? 'request' : 'reply'}`
      const times = `orig=${icmp.originate} recv=${icmp.receive} trans=${icmp.transmit}`
      return { text, extra: `${idAndSeq(icmp)} ${times}` }
    }
    case 'mask-request':
      return { text: 'Address mask request', extra: `${idAndSeq(icmp)} mask=${icmp.mask}` }
    case 'mask-reply':
      return { text: 'Address mask reply', extra: `${idAndSeq(icmp)} mask=${icmp.mask}` }
    case 'destination-unreachable':
      return unreachable(icmp, octets)
    case 'time-exceeded':
      return { text: TIMES[icmp.code] ?? `TTL exceeded ${UNKNOWN_CODE}`, extra: '' }
    case 'parameter-problem': {
      const text = `Parameter problem ${PROBLEMS[icmp.code] ?? UNKNOWN_CODE}`
      return { text, extra: `pointer=${icmp.pointer}` }
    }
    case 'redirect':
      return { text: REDIRECTS[icmp.code] ?? `Redirect ${UNKNOWN_CODE}`, extra: `addr=${icmp.gateway}` }
    case 'source-quench':
      return { text: 'Source quench', extra: '' }
    case 'unknown':
      return otherType(type, icmp.code, icmp.rest)
  }
}

function idAndSeq({ id, seq }: { readonly id: number; readonly seq: number }): string {
  return `id=${id} seq=${seq}`
}

function otherType(type: number, code: number, rest: number): Said {
  if (type === 9) {
    const text = `Router advertisement${code === 16 ? ' (Mobile Agent Only)' : ''}`
    const lengths = `addrs=${rest >>> 24} addrlen=${(rest >>> 16) & 0xff}`
    return { text, extra: `${lengths} lifetime=${rest & 0xffff}` }
  }
  if (type === 15 || type === 16) {
    const text = `Information ${type === 15 ? 'request' : 'reply'}`
    return { text, extra: idAndSeq({ id: rest >>> 16, seq: rest & 0xffff }) }
  }
  return { text: NAMES[type] ?? 'Unknown type', extra: '' }
}

/** Codes of RFC 792, RFC 1122 section 3.2.2.1 and RFC 1812 section 5.2.7.1. `to` is whom the quoted packet was for. */
const UNREACHABLE: readonly ((to: string) => string)[] = [
  (to) => `Network ${to} unreachable`,
  (to) => `Host ${to} unreachable`,
  () => 'Protocol unreachable',
  () => 'Port unreachable',
  () => 'Fragmentation required',
  () => 'Source route failed',
  (to) => `Destination network ${to} unknown`,
  (to) => `Destination host ${to} unknown`,
  () => 'Source host isolated',
  (to) => `Destination network ${to} administratively prohibited`,
  (to) => `Destination host ${to} administratively prohibited`,
  (to) => `Network ${to} unreachable for TOS`,
  (to) => `Host ${to} unreachable for TOS`,
  () => 'Communication administratively prohibited by filtering',
  () => 'Host precedence violation',
  () => 'Precedence cutoff in effect',
]

function unreachable(
  icmp: Icmp4 & { readonly kind: 'destination-unreachable' },
  octets: Uint8Array,
): Said | undefined {
  const quoted = icmp.quote && quotedOf(octets, icmp.quote)
  if (quoted === undefined) return undefined
  const extra = icmp.code === 4 ? `Next-Hop-MTU=${icmp.nextHopMtu}` : ''
  if (icmp.code === 2) return { text: `Protocol ${quoted.protocol} unreachable`, extra }
  const { transport } = quoted
  // nping names the port of a segment, never that of a datagram.
  if (icmp.code === 3 && quoted.protocol === PROTOCOL_TCP && transport?.kind === 'tcp') {
    return { text: `Port ${transport.destinationPort} unreachable`, extra }
  }
  const words = UNREACHABLE[icmp.code]
  return { text: words?.(quoted.destination) ?? `Destination unreachable ${UNKNOWN_CODE}`, extra }
}
