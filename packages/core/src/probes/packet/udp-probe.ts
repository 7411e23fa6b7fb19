import type { Route } from '../../io/packets.ts'
import { finish } from '../../wire/checksum.ts'
import { encodeUdp, UDP_HEADER_LENGTH } from '../../wire/udp.ts'
import { createIds } from './ids.ts'
import { type IpFields, LONGEST_IP_HEADER } from './ip-header.ts'
import { observeSighting } from './observe.ts'
import type { PacketProbe, Shot } from './packet-probe.ts'
import { commonPayload, type ProbePayload, seriesOf, writePayload } from './probe-payload.ts'
import { createSourcePorts, type SourcePort } from './source-ports.ts'
import { createTemplate, createTemplates, put16, spoilt, stamp, type Template } from './template.ts'
import { udpClaim } from './udp-claims.ts'
import { MOST_UDP_PAYLOAD, udpPayload } from './udp-payloads.ts'

export interface UdpProbeOptions extends IpFields {
  readonly sourcePort: SourcePort
  /** What to send; `questions` is the usual question of the port's service (`udpPayload`), nothing where there is none. */
  readonly payload?: ProbePayload | 'questions' | undefined
  /** Send a wrong UDP checksum. */
  readonly badSum?: boolean | undefined
  /** 32 random bits that nobody can guess. */
  readonly random: () => number
}

const PROTOCOL = 17
/** Offsets in octets (RFC 768). */
const AT = { ownPort: 0, port: 2, checksum: 6 } as const
const NOTHING = new Uint8Array()

/**
 * One datagram (RFC 768). An answer brings no number back, hence belongs to any probe of its ports, unless the source
 * port rises; an ICMP error also brings IPv4's identification, where that is not fixed.
 * @throws RangeError for a source port that is none; from `build` for what does not fit into a packet
 */
export function udpProbe(options: UdpProbeOptions): PacketProbe {
  const { payload = NOTHING, badSum = false, random } = options
  const ports = createSourcePorts(options.sourcePort)
  const ids = createIds(options, random)
  const series = payload === 'questions' ? undefined : seriesOf(payload)
  const common = payload === 'questions' ? undefined : commonPayload(payload)
  const payloadOf = (port: number): Uint8Array => common ?? udpPayload(port) ?? NOTHING
  const own = { ports, ids, payloadOf, isSeries: series !== undefined }
  const templatesOf = new Map<Uint8Array, (route: Route) => Template>()

  function templateOf(route: Route, octets: Uint8Array): Template {
    const known = templatesOf.get(octets)
    const templates = known ?? createTemplates((each) => template(options, each, octets))
    if (known === undefined) templatesOf.set(octets, templates)
    return templates(route)
  }

  function build({ index, route, port, ttl }: Shot, into: Uint8Array): number {
    const made = templateOf(route, payloadOf(port))
    const { upper, octets } = made
    const ownPort = ports.of(index)
    stamp(made, into, ttl, ids.of(index))
    put16(into, upper + AT.ownPort, ownPort)
    put16(into, upper + AT.port, port)
    let sum = made.upperSum + ownPort + port
    if (series !== undefined) sum += writePayload(series, index, into, upper + UDP_HEADER_LENGTH)
    // RFC 768: a sum of zero is sent as all ones, for zero says that there is none.
    const checksum = finish(sum) || 0xffff
    put16(into, upper + AT.checksum, badSum ? spoilt(checksum) : checksum)
    return octets.length
  }
  return {
    method: 'udp',
    interest: { protocol: 'udp', localPorts: ports.range },
    hasTokens: ports.areTokens,
    mostOctets: LONGEST_IP_HEADER + UDP_HEADER_LENGTH + (common?.length ?? MOST_UDP_PAYLOAD),
    build,
    claim: (sighting) => udpClaim(sighting, own),
    observe: observeSighting,
  }
}

function template(fields: IpFields, route: Route, payload: Uint8Array): Template {
  const length = UDP_HEADER_LENGTH + payload.length
  const upper = new Uint8Array(length)
  encodeUdp({ sourcePort: 0, destinationPort: 0, length }, upper, 0, 0)
  upper.set(payload, UDP_HEADER_LENGTH)
  return createTemplate(route, fields, PROTOCOL, upper)
}
