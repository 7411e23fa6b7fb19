import { decodeIcmp6, type Icmp6, quotedOf, type Span } from '@portkit/core/wire'
import { bracketed, type Carriage } from './packet-text.ts'

/** RFC 4443, RFC 2710, RFC 3810, RFC 4861: types that say no more than their name here. */
const NAMES: Readonly<Record<number, string>> = {
  130: 'Multicast listener query',
  131: 'Multicast listener report',
  132: 'Multicast listener done',
  133: 'Router solicitation',
  134: 'Router advertisement',
  137: 'Redirect',
  143: 'Multicast listener report (version 2)',
}
const TIMES = ['Hop limit=0 during transit', 'Hop limit=0 during reassembly']
/** RFC 4443 section 3.4. */
const PROBLEMS = ['(erroneous header field)', '(unknown next header)', '(unknown option)']
const UNKNOWN_CODE = '(unknown code)'

/** What a line says of an ICMPv6 message: nping prints none, these are in the style of its lines for ICMP. */
export function icmp6Text(octets: Uint8Array, span: Span, length: number, carriage: Carriage): string {
  const { source, destination } = carriage
  const icmp = decodeIcmp6(octets, span.from, span.to, length)
  if (icmp === undefined) return bracketed('ICMPv6', `${source} > ${destination} (incomplete)`, carriage)
  const type = octets[span.from] ?? 0
  const [text, extra] = saidBy(icmp, type, octets)
  return bracketed(
    'ICMPv6',
    `${source} > ${destination} ${text} (type=${type}/code=${icmp.code}) ${extra}`,
    carriage,
  )
}

function saidBy(icmp: Icmp6, type: number, octets: Uint8Array): readonly [text: string, extra: string] {
  switch (icmp.kind) {
    case 'echo-request':
      return ['Echo request', `id=${icmp.id} seq=${icmp.seq}`]
    case 'echo-reply':
      return ['Echo reply', `id=${icmp.id} seq=${icmp.seq}`]
    case 'destination-unreachable':
      return [unreachable(icmp, octets), '']
    case 'time-exceeded':
      return [TIMES[icmp.code] ?? `Hop limit exceeded ${UNKNOWN_CODE}`, '']
    case 'packet-too-big':
      return ['Packet too big', `MTU=${icmp.mtu}`]
    case 'parameter-problem':
      return [`Parameter problem ${PROBLEMS[icmp.code] ?? UNKNOWN_CODE}`, `pointer=${icmp.pointer}`]
    case 'neighbour-solicitation':
      return ['Neighbor solicitation', `who has ${icmp.target}?${linkAddress(icmp.options)}`]
    case 'neighbour-advertisement':
      return ['Neighbor advertisement', `${icmp.target}${linkAddress(icmp.options)}`]
    case 'unknown':
      return [NAMES[type] ?? 'Unknown type', '']
  }
}

type Neighbour = Icmp6 & { readonly kind: 'neighbour-advertisement' }

function linkAddress(options: Neighbour['options']): string {
  for (const option of options) {
    if (option.kind === 'source-link-layer') return ` Tell ${option.mac.toUpperCase()}`
    if (option.kind === 'target-link-layer') return ` is at ${option.mac.toUpperCase()}`
  }
  return ''
}

/** RFC 4443 section 3.1; `to` is whom the quoted packet was for. */
function unreachable(icmp: Icmp6, octets: Uint8Array): string {
  const quoted = icmp.quote && quotedOf(octets, icmp.quote)
  const to = quoted === undefined ? '' : ` ${quoted.destination}`
  const transport = quoted?.transport
  const port = transport?.kind === 'tcp' ? ` ${transport.destinationPort}` : ''
  const texts = [
    `No route to${to === '' ? ' destination' : to}`,
    'Communication administratively prohibited by filtering',
    'Beyond scope of source address',
    `Host${to} unreachable`,
    `Port${port} unreachable`,
    'Source address failed ingress/egress policy',
    'Reject route to destination',
  ]
  return texts[icmp.code] ?? `Destination unreachable ${UNKNOWN_CODE}`
}
