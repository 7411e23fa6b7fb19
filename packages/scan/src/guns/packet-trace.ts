import { LINK_TYPE, type OutgoingPacket, type SeenPacket, type Sighting, sight } from '@portkit/core'
import { decodeTcp, nmapLettersOf, read32, readIpv4, type TcpOption } from '@portkit/core/wire'
import { icmpErrorText } from './icmp-error-text.ts'

/** Where the lines of --packet-trace go. */
export interface PacketTrace {
  /** When the run began, on the clock. */
  readonly startNs: number
  /** A line without its end. */
  say(text: string): void
}

/** Tells of each packet as nmap 7.93 does. */
export interface Tracer {
  sent(packet: OutgoingPacket, atNs: number): void
  received(packet: SeenPacket): void
}

export function createTracer({ startNs, say }: PacketTrace): Tracer {
  const tell = (what: 'SENT' | 'RCVD', timeNs: number, text: string | undefined): void => {
    if (text !== undefined) say(`${what} (${((timeNs - startNs) / 1e9).toFixed(4)}s) ${text}`)
  }
  return {
    sent: (packet, atNs) => tell('SENT', atNs, sentText(packet, atNs)),
    received: (packet) => tell('RCVD', packet.timeNs, packetText(packet)),
  }
}

/** Offsets of protocol addresses (RFC 826). */
const ARP = { sender: 14, target: 24 } as const

function sentText({ octets, length }: OutgoingPacket, timeNs: number): string | undefined {
  const isArp = (octets[0] ?? 0) >>> 4 === 0
  if (isArp) return `ARP who-has ${readIpv4(octets, ARP.target)} tell ${readIpv4(octets, ARP.sender)}`
  const place = { linkType: LINK_TYPE.raw, octets, from: 0, to: length, length } as const
  return packetText({ ...place, direction: 'out', timeNs, era: 0, isHeaderRebuilt: false })
}

type IpSighting = Exclude<Sighting, { readonly kind: 'arp' }>

/** undefined for what is neither a probe nor an answer to one. */
function packetText(packet: SeenPacket): string | undefined {
  const sighting = sight(packet)
  if (sighting === undefined) return undefined
  switch (sighting.kind) {
    case 'tcp':
      return tcpText(sighting)
    case 'udp':
      return `UDP ${ends(sighting)} ${ipText(sighting)}`
    case 'icmp':
      return sighting.family === 6 ? icmp6Text(sighting) : icmpText(sighting)
    case 'icmp-error': {
      if (sighting.family === 6) return icmp6Text(sighting)
      const { source, destination, type, code } = sighting
      const what = `${icmpErrorText(sighting)} (type=${type}/code=${code}) `
      return `ICMP [${source} > ${destination} ${what}] IP [${ipText(sighting)}]`
    }
    case 'neighbour': {
      if (sighting.what === 'solicitation' || sighting.hardwareAddress === undefined)
        return icmp6Text(sighting)
      const { source, destination, target, hardwareAddress } = sighting
      return `neighbor advertisement ${source} > ${destination} ${target} is at ${hardwareAddress}`
    }
    case 'arp':
      return `ARP reply ${sighting.source} is-at ${sighting.hardwareAddress.toUpperCase()}`
  }
}

function ends(s: Extract<Sighting, { readonly kind: 'tcp' | 'udp' }>): string {
  return `${s.source}:${s.sourcePort} > ${s.destination}:${s.destinationPort}`
}

const HEADER6 = 40

function ipText({ family, ttl = 0, id = 0, length, octets, network }: IpSighting): string {
  if (family === 4) return `ttl=${ttl} id=${id} iplen=${length} `
  const flow = (read32(octets, network) & 0xf_ffff).toString(16)
  return `hopl=${ttl} flow=${flow} payloadlen=${length - HEADER6}`
}

function tcpText(s: Extract<Sighting, { readonly kind: 'tcp' }>): string {
  const options = decodeTcp(s.octets, s.upper, s.to)?.options ?? []
  return `TCP ${ends(s)} ${nmapLettersOf(s.flags)} ${ipText(s)} seq=${s.seq} win=${s.window} ${optionsText(options)}`
}

function optionsText(options: readonly TcpOption[]): string {
  return options.length === 0 ? '' : `<${options.map(optionText).join(',')}>`
}

function optionText(option: TcpOption): string {
  switch (option.kind) {
    case 'mss':
      return `mss ${option.value}`
    case 'sack-permitted':
      return 'sackOK'
    case 'window-scale':
      return `wscale ${option.shift}`
    case 'timestamps':
      return `timestamp ${option.value} ${option.echo}`
    default:
      return option.kind
  }
}

const ICMP_TYPES = {
  'echo-request': ['Echo request', 8],
  'echo-reply': ['Echo reply', 0],
  'timestamp-request': ['Timestamp request', 13],
  'timestamp-reply': ['Timestamp reply', 14],
  'mask-request': ['Address mask request', 17],
  'mask-reply': ['Address mask reply', 18],
} as const satisfies Record<Extract<Sighting, { readonly kind: 'icmp' }>['what'], readonly [string, number]>

function icmpText(s: Extract<Sighting, { readonly kind: 'icmp' }>): string {
  const [name, type] = ICMP_TYPES[s.what]
  const numbers = `id=${s.icmpId} seq=${s.icmpSeq}${stampsText(s)}`
  return `ICMP [${s.source} > ${s.destination} ${name} (type=${type}/code=0) ${numbers}] IP [${ipText(s)}]`
}

function stampsText({ what, octets, upper, to }: Extract<Sighting, { readonly kind: 'icmp' }>): string {
  if (!what.startsWith('timestamp') || to < upper + 20) return ''
  const at = (offset: number): number => read32(octets, upper + offset)
  return ` orig=${at(8)} recv=${at(12)} trans=${at(16)}`
}

function icmp6Text(s: IpSighting): string {
  const { source, destination, octets, upper } = s
  const kind = `(type=${octets[upper] ?? 0}/code=${octets[upper + 1] ?? 0})`
  return `ICMPv6 (58) ${source} > ${destination} ${kind} ${ipText(s)}`
}
