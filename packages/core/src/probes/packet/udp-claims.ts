import { UDP_HEADER_LENGTH } from '../../wire/udp.ts'
import type { Ids } from './ids.ts'
import type { Claim } from './packet-probe.ts'
import type { IcmpErrorSighting, Sighting, UdpSighting } from './sighting.ts'
import type { SourcePorts } from './source-ports.ts'

export interface UdpOwn {
  readonly ports: SourcePorts
  readonly ids: Ids
  /** What is sent to a port. */
  readonly payloadOf: (port: number) => Uint8Array
  /** Of that only the length is sure. */
  readonly isSeries: boolean
}

/** What a packet says about the datagrams of a probe; undefined when it has nothing to do with them. */
export function udpClaim(sighting: Sighting, own: UdpOwn): Claim | undefined {
  if (sighting.kind === 'udp') {
    return isOwn(sighting, own) ? claimOfOwn(sighting, own) : claimOfAnswer(sighting, own)
  }
  return sighting.kind === 'icmp-error' ? claimOfError(sighting, own) : undefined
}

/** Where a file does not tell the direction and both ports may be ours, what was sent tells question from answer. */
function isOwn(s: UdpSighting, { ports, payloadOf, isSeries }: UdpOwn): boolean {
  if (s.direction === 'in' || !ports.has(s.sourcePort)) return false
  if (s.direction === 'out' || !ports.has(s.destinationPort)) return true
  const sent = payloadOf(s.destinationPort)
  const from = s.upper + UDP_HEADER_LENGTH
  const isSame = (octet: number, i: number): boolean => s.octets[from + i] === octet
  return s.payloadLength === sent.length && (isSeries || sent.every(isSame))
}

/** A port that names its packet does so better than an identification, which routers and cards may change. */
function claimOfOwn(s: UdpSighting, { ports, ids }: UdpOwn): Claim {
  return {
    role: 'probe',
    local: s.source,
    remote: s.destination,
    localPort: s.sourcePort,
    remotePort: s.destinationPort,
    index: ports.indexOf(s.sourcePort) ?? ids.indexOf(s.id, s.family),
    modulus: ids.modulus,
  }
}

function claimOfAnswer(s: UdpSighting, { ports, ids }: UdpOwn): Claim | undefined {
  if (s.direction === 'out' || !ports.has(s.destinationPort)) return undefined
  return {
    role: 'answer',
    local: s.destination,
    remote: s.source,
    localPort: s.destinationPort,
    remotePort: s.sourcePort,
    index: ports.indexOf(s.destinationPort),
    modulus: ids.modulus,
  }
}

function claimOfError(s: IcmpErrorSighting, { ports, ids }: UdpOwn): Claim | undefined {
  const { quoted, direction } = s
  const { transport, source, destination, id, family } = quoted
  const isOurs = transport?.kind === 'udp' && ports.has(transport.sourcePort)
  // RFC 1122 section 3.2.2: an error goes to the sender of the packet that it is about.
  if (!isOurs || direction === 'out' || source !== s.destination) return undefined
  return {
    role: 'error',
    local: source,
    remote: destination,
    localPort: transport.sourcePort,
    remotePort: transport.destinationPort,
    index: ports.indexOf(transport.sourcePort) ?? ids.indexOf(id, family),
    modulus: ids.modulus,
  }
}
