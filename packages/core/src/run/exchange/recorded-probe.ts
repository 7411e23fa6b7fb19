import type { SeenPacket } from '../../io/packets.ts'
import { arpProbe } from '../../probes/packet/arp-probe.ts'
import { icmpProbe } from '../../probes/packet/icmp-probe.ts'
import { neighbourProbe } from '../../probes/packet/neighbour-probe.ts'
import type { PacketProbe } from '../../probes/packet/packet-probe.ts'
import type { IcmpSighting, Sighting, TcpSighting, UdpSighting } from '../../probes/packet/sighting.ts'
import { tcpProbe } from '../../probes/packet/tcp-probe.ts'
import { udpProbe } from '../../probes/packet/udp-probe.ts'
import { TCP_FLAG } from '../../wire/tcp-flags.ts'
import { UDP_HEADER_LENGTH } from '../../wire/udp.ts'

const SYN_ACK = TCP_FLAG.syn | TCP_FLAG.ack

/** A packet of a capture as the probe that it may have been. */
export interface RecordedProbe {
  readonly probe: PacketProbe
  readonly source: string
  readonly destination: string
  /** The destination's; 0 where the protocol has none. */
  readonly port: number
  readonly ttl: number
}

/** The two ends that a packet is between, in one order whichever way it goes: packets of one key belong together. */
export function flowKey(sighting: Sighting): string {
  switch (sighting.kind) {
    case 'tcp':
    case 'udp': {
      const { kind, source, destination, sourcePort, destinationPort } = sighting
      return keyOf(kind, `${source} ${sourcePort}`, `${destination} ${destinationPort}`)
    }
    case 'icmp':
      return keyOf('icmp', sighting.source, sighting.destination)
    case 'icmp-error': {
      const { source, destination, transport } = sighting.quoted
      if (transport === undefined || transport.kind === 'icmp') return keyOf('icmp', source, destination)
      const { kind, sourcePort, destinationPort } = transport
      return keyOf(kind, `${source} ${sourcePort}`, `${destination} ${destinationPort}`)
    }
    case 'arp':
      return keyOf('arp', sighting.source, sighting.destination)
    case 'neighbour':
      // Both carry the address that is looked for; a solicitation goes to a group of hosts.
      return keyOf('neighbour', askerOf(sighting), sighting.target)
  }
}

function askerOf({ what, source, destination }: Extract<Sighting, { kind: 'neighbour' }>): string {
  return what === 'solicitation' ? source : destination
}

function keyOf(kind: string, one: string, other: string): string {
  return one < other ? `${kind} ${one} ${other}` : `${kind} ${other} ${one}`
}

/**
 * The probe that a packet of a capture was, taken by itself; undefined for what only answers. Its numbers are fixed, so
 * that it recognises the answers to this packet and its repetitions, as a live probe would.
 */
export function recordedProbe(sighting: Sighting, { direction }: SeenPacket): RecordedProbe | undefined {
  if (direction === 'in') return undefined
  const { source, destination } = sighting
  switch (sighting.kind) {
    case 'tcp':
      return { probe: ofSegment(sighting), source, destination, ...portAndTtl(sighting) }
    case 'udp': {
      const probe = ofDatagram(sighting)
      return { probe, source, destination, ...portAndTtl(sighting) }
    }
    case 'icmp': {
      const { what, icmpId, icmpSeq, ttl = 0 } = sighting
      const ask = ASKED[what]
      if (ask === undefined) return undefined
      return { probe: icmpProbe({ ask, icmpId, icmpSeq, random: none }), source, destination, port: 0, ttl }
    }
    case 'arp':
      if (sighting.operation === 'reply') return undefined
      return { probe: arpProbe(), source, destination, port: 0, ttl: 0 }
    case 'neighbour': {
      const { what, target, ttl = 0 } = sighting
      if (what === 'advertisement') return undefined
      return { probe: neighbourProbe(), source, destination: target, port: 0, ttl }
    }
    case 'icmp-error':
      return undefined
  }
}

/** Whether a packet whose flow begins with it is more likely a probe than an answer to something before the capture. */
export function isLikelyProbe(sighting: Sighting): boolean {
  if (sighting.kind !== 'tcp') return true
  const { flags } = sighting
  return (flags & TCP_FLAG.rst) === 0 && (flags & SYN_ACK) !== SYN_ACK
}

/**
 * Whether a segment of a flow that is known already may be a probe of its own: not what follows a handshake, which always
 * has ACK (RFC 9293 section 3.1), nor a reset.
 */
export function isFreshProbe(sighting: Sighting): boolean {
  return sighting.kind === 'tcp' && (sighting.flags & (TCP_FLAG.ack | TCP_FLAG.rst)) === 0
}

function ofSegment({
  flags,
  sourcePort,
  seq,
  ack,
  window,
  id,
  length,
  payload,
  network,
}: TcpSighting): PacketProbe {
  const carried = network + length - payload
  const octets = carried > 0 ? new Uint8Array(carried) : undefined
  return tcpProbe({ flags, sourcePort, seq, ack, window, id, payload: octets, random: none })
}

/** The payload is what tells a question from its answer where both ports are alike. */
function ofDatagram({ sourcePort, id, octets, upper, to }: UdpSighting): PacketProbe {
  return udpProbe({ sourcePort, id, payload: octets.slice(upper + UDP_HEADER_LENGTH, to), random: none })
}

function portAndTtl({
  destinationPort,
  ttl = 0,
}: {
  readonly destinationPort: number
  readonly ttl: number | undefined
}) {
  return { port: destinationPort, ttl }
}

/** What a request asks for; replies ask for nothing. */
const ASKED: Readonly<Partial<Record<IcmpSighting['what'], 'echo' | 'timestamp' | 'mask'>>> = {
  'echo-request': 'echo',
  'timestamp-request': 'timestamp',
  'mask-request': 'mask',
}

/** Fixed numbers need no random ones. */
const none = (): number => 0
