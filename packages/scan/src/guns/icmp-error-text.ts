import type { Sighting } from '@portkit/core'

type IcmpError = Extract<Sighting, { readonly kind: 'icmp-error' }>

/** What a type and code of ICMP for IPv4 say, as nmap 7.93 traces them. */
export function icmpErrorText({ type, code, quoted }: IcmpError): string {
  const { destination, protocol, transport } = quoted
  const port = transport !== undefined && 'destinationPort' in transport ? transport.destinationPort : 0
  switch (type) {
    case 3:
      return unreachable(code, { destination, protocol, port })
    case 4:
      return 'Source quench'
    case 5:
      return 'Redirect'
    case 11:
      return code === 0 ? 'TTL=0 during transit' : 'TTL=0 during reassembly'
    case 12:
      return 'Parameter problem'
    default:
      return `Unknown type ${type}`
  }
}

interface Quoted {
  readonly destination: string
  readonly protocol: number
  readonly port: number
}

/** RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1. */
function unreachable(code: number, { destination, protocol, port }: Quoted): string {
  const texts: Readonly<Record<number, string>> = {
    0: `Network ${destination} unreachable`,
    1: `Host ${destination} unreachable`,
    2: `Protocol ${protocol} unreachable`,
    3: `Port ${port} unreachable`,
    4: 'Fragmentation required',
    5: 'Source route failed',
    6: `Destination network ${destination} unknown`,
    7: `Destination host ${destination} unknown`,
    8: 'Source host isolated',
    9: `Destination network ${destination} administratively prohibited`,
    10: `Destination host ${destination} administratively prohibited`,
    11: `Network ${destination} unreachable for TOS`,
    12: `Host ${destination} unreachable for TOS`,
    13: 'Communication administratively prohibited by filtering',
  }
  return texts[code] ?? 'Destination unreachable'
}
