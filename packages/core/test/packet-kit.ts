import type { Interest, OutgoingPacket, PacketChannel, SeenPacket } from '../src/io/packets.ts'
import type { Family } from '../src/model/target.ts'
import { encodeIcmp4 } from '../src/wire/icmp4.ts'
import { encodeIcmp6 } from '../src/wire/icmp6.ts'
import { encodeIpv4 } from '../src/wire/ipv4.ts'
import { encodeIpv6 } from '../src/wire/ipv6.ts'
import { decodeLink } from '../src/wire/link.ts'
import { addressOctets, read16 } from '../src/wire/octets.ts'
import { quotedOf } from '../src/wire/quoted-packet.ts'
import { decodeTcp, encodeTcp } from '../src/wire/tcp.ts'
import { flagsOf, lettersOf } from '../src/wire/tcp-flags.ts'
import { PLAIN4 } from './plain-header.ts'

/** Both ends of the packets that a test sends. */
export interface Pair {
  readonly local: string
  readonly remote: string
}

const PROTOCOL = { icmp: 1, tcp: 6, icmp6: 58 } as const

/** A SYN with that much data behind it. */
export function synTo(
  { local, remote }: Pair,
  sourcePort: number,
  destinationPort: number,
  dataLength = 0,
): OutgoingPacket {
  return packetOf({ local, remote }, PROTOCOL.tcp, 20 + dataLength, (octets, at) => {
    const ends = {
      source: addressOctets(local),
      destination: addressOctets(remote),
      payloadLength: dataLength,
    }
    const header = { sourcePort, destinationPort, seq: sourcePort * 7, ack: 0, reserved: 0, urgent: 0 }
    encodeTcp({ ...header, flags: flagsOf('S'), window: 1024, options: [] }, octets, at, ends)
  })
}

/** An echo request with that much data. */
export function echoTo({ local, remote }: Pair, id: number, seq: number, dataLength = 0): OutgoingPacket {
  const header = { kind: 'echo-request', code: 0, id, seq } as const
  const isIpv4 = !local.includes(':')
  const protocol = isIpv4 ? PROTOCOL.icmp : PROTOCOL.icmp6
  return packetOf({ local, remote }, protocol, 8 + dataLength, (octets, at) => {
    const ends = {
      source: addressOctets(local),
      destination: addressOctets(remote),
      payloadLength: dataLength,
    }
    if (isIpv4) encodeIcmp4(header, octets, at, ends)
    else encodeIcmp6(header, octets, at, ends)
  })
}

function packetOf(
  { local, remote }: Pair,
  protocol: number,
  length: number,
  write: (octets: Uint8Array, at: number) => void,
): OutgoingPacket {
  const octets = new Uint8Array(40 + length)
  const ends = { source: local, destination: remote }
  const headerLength = local.includes(':')
    ? encodeIpv6(
        { ...ends, trafficClass: 0, flowLabel: 0, hopLimit: 64, extensions: [], protocol },
        octets,
        0,
        length,
      )
    : encodeIpv4({ ...ends, ...PLAIN4, id: 1, protocol }, octets, 0, length)
  write(octets, headerLength)
  return { octets, length: headerLength + length, interfaceIndex: 0 }
}

/** A packet that was seen, copied and in words. */
export interface Sight extends Omit<SeenPacket, 'octets'> {
  readonly octets: Uint8Array
  readonly source: string
  readonly destination: string
  /** `SA 22>40000`, `error about 40000>7`, `icmp 0`, `arp`. */
  readonly what: string
}

/** Has to be called while the packet is valid. */
export function sightOf(seen: SeenPacket): Sight {
  const octets = seen.octets.slice(seen.from, seen.to)
  const network = decodeLink(seen.linkType, octets)?.network
  const copy = { ...seen, octets, from: 0, to: octets.length }
  if (network === undefined || network.kind === 'arp' || network.kind === 'other') {
    return { ...copy, source: '', destination: '', what: network?.kind ?? 'unreadable' }
  }
  const { source, destination, protocol, payload } = network.header
  return { ...copy, source, destination, what: inWords(protocol, octets, payload.from) }
}

function inWords(protocol: number, octets: Uint8Array, at: number): string {
  const tcp = protocol === PROTOCOL.tcp ? decodeTcp(octets, at) : undefined
  if (tcp !== undefined) return `${lettersOf(tcp.flags)} ${tcp.sourcePort}>${tcp.destinationPort}`
  const type = octets[at] ?? -1
  const isError = protocol === PROTOCOL.icmp ? [3, 11].includes(type) : type < 128
  if (!isError) return `icmp ${type} ${read16(octets, at + 4)} ${read16(octets, at + 6)}`
  const quoted = quotedOf(octets, { from: at + 8, to: octets.length })?.transport
  return quoted?.kind === 'tcp' ? `error about ${quoted.sourcePort}>${quoted.destinationPort}` : 'error'
}

/** What systems tell their link by themselves (RFC 4861, RFC 3810): a filter lets what has extension headers pass. */
const CHATTER = /^icmp (13[0-7]|143) /

/** Drains until something that was seen fits, or a time that nothing in the test needs is over. Leaves chatter out. */
export async function gather(
  channel: PacketChannel,
  isEnough: (sights: readonly Sight[]) => boolean,
  sights: Sight[] = [],
): Promise<readonly Sight[]> {
  const signal = AbortSignal.timeout(5000)
  while (!signal.aborted) {
    channel.drain((seen) => {
      const sight = sightOf(seen)
      if (!CHATTER.test(sight.what)) sights.push(sight)
    })
    if (isEnough(sights)) break
    await channel.ready(signal)
  }
  return sights
}

export const incoming = (sights: readonly Sight[]): readonly Sight[] =>
  sights.filter(({ direction }) => direction === 'in')

export const wordsOf = (sights: readonly Sight[]): readonly string[] => sights.map(({ what }) => what)

/** TCP between those of our ports and any of the others. */
export function tcpInterest(from: number, to: number): Interest {
  return { protocol: 'tcp', localPorts: [from, to], departingFlags: flagsOf('S') }
}

export function familyOf({ local }: Pair): Family {
  return local.includes(':') ? 6 : 4
}
