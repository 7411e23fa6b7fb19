import type { Route } from '../../io/packets.ts'
import { finish } from '../../wire/checksum.ts'
import { encodeUdp, UDP_HEADER_LENGTH } from '../../wire/udp.ts'
import { observeSighting } from './observe.ts'
import type { Claim, PacketProbe, Shot } from './packet-probe.ts'
import type { IcmpErrorSighting, UdpSighting } from './sighting.ts'
import {
  createTemplate,
  createTemplates,
  type IpFields,
  put16,
  spoilt,
  stamp,
  type Template,
} from './template.ts'
import { createTokens, type Tokens } from './tokens.ts'
import { MOST_UDP_PAYLOAD, udpPayload } from './udp-payloads.ts'

export interface UdpProbeOptions extends IpFields {
  readonly sourcePort: number
  /** What to send; `questions` is the usual question of the port's service (`udpPayload`), nothing where there is none. */
  readonly payload?: Uint8Array | 'questions' | undefined
  /** Send a wrong UDP checksum. */
  readonly badSum?: boolean | undefined
  /** 32 random bits that nobody can guess. */
  readonly random: () => number
}

const PROTOCOL = 17
/** Offset in octets (RFC 768). */
const AT = { port: 2, checksum: 6 } as const
const LONGEST_HEADERS = 40 + UDP_HEADER_LENGTH
const NOTHING = new Uint8Array()
const MODULUS = 0x1_0000

/**
 * One datagram (RFC 768). An answer brings no number back, hence belongs to any probe of its ports; an ICMP error
 * brings IPv4's identification, where that is not fixed.
 */
export function udpProbe(options: UdpProbeOptions): PacketProbe {
  const { sourcePort, payload = NOTHING, badSum = false, random } = options
  const ids = options.id === undefined ? createTokens(random, 16) : undefined
  const payloadOf = (port: number): Uint8Array =>
    payload === 'questions' ? (udpPayload(port) ?? NOTHING) : payload
  const templatesOf = new Map<Uint8Array, (route: Route) => Template>()

  function templateOf(route: Route, octets: Uint8Array): Template {
    const known = templatesOf.get(octets)
    const templates = known ?? createTemplates((each) => template(options, each, octets))
    if (known === undefined) templatesOf.set(octets, templates)
    return templates(route)
  }

  function build({ index, route, port, ttl }: Shot, into: Uint8Array): number {
    const made = templateOf(route, payloadOf(port))
    stamp(made, into, ttl, options.id ?? ids?.of(index) ?? 0)
    put16(into, made.upper + AT.port, port)
    // RFC 768: a sum of zero is sent as all ones, for zero says that there is none.
    const checksum = finish(made.upperSum + port) || 0xffff
    put16(into, made.upper + AT.checksum, badSum ? spoilt(checksum) : checksum)
    return made.octets.length
  }
  return {
    method: 'udp',
    interest: { protocol: 'udp', localPorts: [sourcePort, sourcePort] },
    hasTokens: false,
    mostOctets: LONGEST_HEADERS + (payload === 'questions' ? MOST_UDP_PAYLOAD : payload.length),
    build,
    claim: (sighting) => {
      if (sighting.kind === 'udp') {
        return isOwn(sighting, sourcePort, payloadOf)
          ? claimOfOwn(sighting, ids)
          : claimOfAnswer(sighting, sourcePort)
      }
      return sighting.kind === 'icmp-error' ? claimOfError(sighting, sourcePort, ids) : undefined
    },
    observe: observeSighting,
  }
}

function template(options: UdpProbeOptions, route: Route, payload: Uint8Array): Template {
  const length = UDP_HEADER_LENGTH + payload.length
  const upper = new Uint8Array(length)
  encodeUdp({ sourcePort: options.sourcePort, destinationPort: 0, length }, upper, 0, 0)
  upper.set(payload, UDP_HEADER_LENGTH)
  return createTemplate(route, options, PROTOCOL, upper)
}

/** Where a file does not tell the direction and both ports are the same, what was sent tells question from answer. */
function isOwn(s: UdpSighting, ownPort: number, payloadOf: (port: number) => Uint8Array): boolean {
  if (s.direction === 'in' || s.sourcePort !== ownPort) return false
  if (s.direction === 'out' || s.destinationPort !== ownPort) return true
  const sent = payloadOf(s.destinationPort)
  const from = s.upper + UDP_HEADER_LENGTH
  return s.payloadLength === sent.length && sent.every((octet, i) => s.octets[from + i] === octet)
}

function claimOfOwn(s: UdpSighting, ids: Tokens | undefined): Claim {
  return {
    role: 'probe',
    local: s.source,
    remote: s.destination,
    localPort: s.sourcePort,
    remotePort: s.destinationPort,
    index: s.id === undefined ? undefined : ids?.indexOf(s.id),
    modulus: MODULUS,
  }
}

function claimOfAnswer(s: UdpSighting, ownPort: number): Claim | undefined {
  if (s.direction === 'out' || s.destinationPort !== ownPort) return undefined
  return {
    role: 'answer',
    local: s.destination,
    remote: s.source,
    localPort: ownPort,
    remotePort: s.sourcePort,
    index: undefined,
    modulus: MODULUS,
  }
}

function claimOfError(s: IcmpErrorSighting, ownPort: number, ids: Tokens | undefined): Claim | undefined {
  const { quoted, direction } = s
  const { transport, source, destination, id } = quoted
  const isOurs = transport?.kind === 'udp' && transport.sourcePort === ownPort
  // RFC 1122 section 3.2.2: an error goes to the sender of the packet that it is about.
  if (!isOurs || direction === 'out' || source !== s.destination) return undefined
  return {
    role: 'error',
    local: source,
    remote: destination,
    localPort: ownPort,
    remotePort: transport.destinationPort,
    index: id === undefined ? undefined : ids?.indexOf(id),
    modulus: MODULUS,
  }
}
