import fc from 'fast-check'
import type { Route, SeenPacket } from '../src/io/packets.ts'
import type { PacketProbe, Shot } from '../src/probes/packet/packet-probe.ts'
import { sight } from '../src/probes/packet/sight.ts'
import type { Sighting } from '../src/probes/packet/sighting.ts'
import { type ChecksumState, internetChecksum } from '../src/wire/checksum.ts'
import { encodeIcmp4, icmp4HeaderLength } from '../src/wire/icmp4.ts'
import { encodeIcmp6 } from '../src/wire/icmp6.ts'
import { decodeIpv4, encodeIpv4 } from '../src/wire/ipv4.ts'
import { decodeIpv6, encodeIpv6 } from '../src/wire/ipv6.ts'
import { LINK_TYPE } from '../src/wire/link.ts'
import { addressOctets } from '../src/wire/octets.ts'
import { verifyTransport } from '../src/wire/seal.ts'
import { PLAIN4 } from './plain-header.ts'

/** A packet as the channel hands it over. */
export function seen(octets: Uint8Array, more: Partial<SeenPacket> = {}): SeenPacket {
  return {
    linkType: LINK_TYPE.raw,
    octets,
    from: 0,
    to: octets.length,
    length: octets.length,
    direction: 'in',
    timeNs: 1_000,
    era: 0,
    isHeaderRebuilt: false,
    ...more,
  }
}

const WAY = {
  interfaceName: 'veth0',
  interfaceIndex: 2,
  gateway: undefined,
  hardwareAddress: Uint8Array.of(2, 0x77, 0, 0, 0, 1),
  mtu: 1500,
}

export const ROUTE = {
  4: { ...WAY, family: 4, source: '10.77.0.1', destination: '10.77.0.2' },
  6: { ...WAY, family: 6, source: 'fd77::1', destination: 'fd77::2' },
} as const satisfies Record<4 | 6, Route>

/** Random numbers that are the same each time (xorshift). */
export function seeded(seed = 1): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

export function shotOf(index: number, more: Partial<Shot> = {}): Shot {
  return { index, route: ROUTE[4], port: 22, ttl: 64, ...more }
}

/** The packet of a shot, built in the midst of octets that must not matter. */
export function built(probe: PacketProbe, shot: Shot): Uint8Array {
  const into = new Uint8Array(probe.mostOctets).fill(0xa5)
  return into.slice(0, probe.build(shot, into))
}

/** A shot of any index, route, port and time to live. */
export const anyShot: fc.Arbitrary<Shot> = fc.record({
  index: fc.oneof(fc.nat(100), fc.integer({ min: 0, max: 2 ** 31 })),
  route: fc.constantFrom<Route>(ROUTE[4], ROUTE[6]),
  port: fc.integer({ min: 0, max: 0xffff }),
  ttl: fc.integer({ min: 1, max: 255 }),
})

/** What is seen of a packet that has to be of use. */
export function sightOf(octets: Uint8Array, more: Partial<SeenPacket> = {}): Sighting {
  const found = sight(seen(octets, more))
  if (found === undefined) throw new Error('nothing was seen')
  return found
}

const PROTOCOL = { 1: 'icmp', 6: 'tcp', 17: 'udp', 58: 'icmp6' } as const

/** Judges the transport checksum of a whole IP packet, or of a fragment as if it were one. */
export function checksumOf(octets: Uint8Array): ChecksumState {
  const header = (octets[0] ?? 0) >>> 4 === 4 ? decodeIpv4(octets) : decodeIpv6(octets)
  const kind = PROTOCOL[header?.protocol as keyof typeof PROTOCOL]
  if (header === undefined || kind === undefined) throw new Error('no packet of ours')
  const { from } = header.payload
  if (kind === 'icmp') return internetChecksum(octets, from, octets.length) === 0 ? 'good' : 'bad'
  const ends = { source: addressOctets(header.source), destination: addressOctets(header.destination) }
  return verifyTransport(kind, octets, from, octets.length - from, ends)
}

const ERROR = { kind: 'destination-unreachable', unused: 0, quotedWords: 0, nextHopMtu: 0 } as const

/** A router's ICMP error about a packet: of IPv4 code 13, of IPv6 code 1, both "administratively prohibited". */
export function errorAbout(packet: Uint8Array, octetsQuoted = packet.length, to?: string): Sighting {
  const family = (packet[0] ?? 0) >>> 4 === 6 ? 6 : 4
  const quote = packet.subarray(0, octetsQuoted)
  const before = (family === 4 ? 20 : 40) + icmp4HeaderLength({ ...ERROR, code: 13 })
  const octets = new Uint8Array(before + quote.length)
  octets.set(quote, before)
  const payloadLength = quote.length
  const source = family === 4 ? '10.9.9.9' : 'fd09::9'
  const destination = to ?? ROUTE[family].source
  if (family === 4) {
    const header = { ...PLAIN4, source, destination, protocol: 1 }
    encodeIpv4(header, octets, 0, octets.length - 20)
    encodeIcmp4({ ...ERROR, code: 13 }, octets, 20, { payloadLength })
  } else {
    const header = { trafficClass: 0, flowLabel: 0, hopLimit: 64, source, destination, extensions: [] }
    encodeIpv6({ ...header, protocol: 58 }, octets, 0, octets.length - 40)
    const ends = { source: addressOctets(source), destination: addressOctets(destination) }
    encodeIcmp6({ kind: 'destination-unreachable', code: 1, unused: 0, quotedUnits: 0 }, octets, 40, {
      ...ends,
      payloadLength,
    })
  }
  return sightOf(octets)
}
