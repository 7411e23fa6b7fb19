import type { Interest, OutgoingPacket, PacketChannel, PacketRequest } from '../src/io/packets.ts'
import { type SimIo, simIo, tcpPacket, type World } from '../src/sim/sim.ts'
import { decodeLink } from '../src/wire/link.ts'
import { decodeTcp, type Tcp } from '../src/wire/tcp.ts'
import { flagsOf } from '../src/wire/tcp-flags.ts'
import { type Sight, sightOf } from './packet-kit.ts'

export const OPEN = { does: 'accept', afterMs: 0.2 } as const
export const HERE = '10.0.0.1'
export const THERE = '10.0.0.2'

export function world(more: Partial<World> = {}): SimIo {
  return simIo({ ports: { '10.0.0.2:22': OPEN }, ...more })
}

/** All that may come by TCP, UDP and ICMP, without own packets. */
export function openChannel(io: SimIo, more: Partial<PacketRequest> = {}): Promise<PacketChannel> {
  const interests: Interest[] = [{ protocol: 'tcp', departingFlags: flagsOf('S') }, { protocol: 'udp' }]
  const request = { backend: 'auto', families: [4, 6], departures: false, snapLength: 65_535 } as const
  return io.packets.open({ interests, ...request, ...more })
}

export function sending(octets: Uint8Array, interfaceIndex = 2): OutgoingPacket {
  return { octets, length: octets.length, interfaceIndex }
}

export interface Segment {
  readonly flags?: string
  readonly port?: number
  readonly seq?: number
  readonly ack?: number
  readonly ttl?: number
  readonly to?: string
}

/** A segment from port 40000. */
export function segment({ flags = 'S', port = 22, seq = 1000, ack = 0, ttl = 64, to = THERE }: Segment = {}) {
  const source = to.includes(':') ? 'fd00::1' : HERE
  const ports = { sourcePort: 40_000, destinationPort: port }
  return sending(tcpPacket({ source, destination: to, ttl }, { ...ports, seq, ack, flags: flagsOf(flags) }))
}

/** What a channel saw when the world had come to rest. */
export async function seenBy(io: SimIo, channel: PacketChannel): Promise<readonly Sight[]> {
  await io.runUntilIdle(new Promise(() => {}))
  const sights: Sight[] = []
  channel.drain((seen) => void sights.push(sightOf(seen)))
  return sights
}

/** Sends, and tells what came of it. */
export async function exchange(
  more: Partial<World>,
  packets: readonly OutgoingPacket[],
  request: Partial<PacketRequest> = {},
): Promise<readonly Sight[]> {
  const io = world(more)
  const channel = await openChannel(io, request)
  await channel.send(packets)
  return seenBy(io, channel)
}

/** The TCP header of a raw IP packet. @throws Error when it has none */
export function tcpOf({ octets }: { readonly octets: Uint8Array }): Tcp {
  const network = decodeLink(101, octets)?.network
  const at = network?.kind === 'ipv4' || network?.kind === 'ipv6' ? network.header.payload : undefined
  const header = at && decodeTcp(octets, at.from, at.to)
  if (header === undefined) throw new Error('no TCP segment')
  return header
}
