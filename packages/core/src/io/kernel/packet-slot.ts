import type { Family } from '../../model/target.ts'
import { ETHER_TYPE } from '../../wire/ether-type.ts'
import type { OutgoingPacket } from '../packets.ts'
import { AF, CMSG, IOVEC, MSGHDR, PACKET_INFO, SOCKADDR_IN, SOCKADDR_IN6, SOCKADDR_LL } from './layout.ts'
import type { Arena } from './packet-arena.ts'

/** Packets that go by one socket. */
export type PacketKind = Family | 'arp'

const LONGEST = 65535
const SHORTEST: Readonly<Record<PacketKind, number>> = { 4: 20, 6: 40, arp: 8 }
/** Where IP headers have the destination, in octets (RFC 791, 8200). */
export const DESTINATION_AT = { 4: 16, 6: 24 } as const
/** Control data is padded to 8 octets. */
const PACKET_INFO_ROOM = CMSG.data + 16

/** undefined for what is no packet: its length cannot be, or nobody knows the protocol. */
export function kindOf({ octets, length, hardwareDestination }: OutgoingPacket): PacketKind | undefined {
  const kind = hardwareDestination === undefined ? versionOf(octets) : 'arp'
  if (kind === undefined || !(length >= SHORTEST[kind])) return undefined
  return length <= Math.min(octets.length, LONGEST) ? kind : undefined
}

function versionOf(octets: Uint8Array): Family | undefined {
  const version = (octets[0] ?? 0) >>> 4
  return version === 4 || version === 6 ? version : undefined
}

/** Writes a packet and where it goes into the arena. ARP without an interface of its own goes by `boundIndex`. */
export function fillSlot(
  arena: Arena,
  slot: number,
  packet: OutgoingPacket,
  kind: PacketKind,
  boundIndex: number,
): void {
  const { view } = arena
  const header = slot * arena.header.stride
  const name = arena.name.base + slot * arena.name.stride
  copy(packet, arena.octets, arena.data.base + slot * arena.data.stride)
  view.setUint32(arena.iovec.base + slot * arena.iovec.stride + IOVEC.size, packet.length, true)
  view.setUint32(header + MSGHDR.nameLength, writeName(arena, name, packet, kind, boundIndex), true)
  const needsInfo = kind === 4 && packet.interfaceIndex !== 0
  if (needsInfo) writePacketInfo(arena, slot, packet.interfaceIndex)
  view.setUint32(header + MSGHDR.controlLength, needsInfo ? PACKET_INFO_ROOM : 0, true)
}

/** A loop is quicker than a view for packets as short as probes are. */
function copy({ octets, length }: OutgoingPacket, into: Uint8Array, at: number): void {
  if (length > 256) into.set(octets.subarray(0, length), at)
  else for (let i = 0; i < length; i++) into[at + i] = octets[i] ?? 0
}

/** Gives the address's length. */
function writeName(
  arena: Arena,
  at: number,
  packet: OutgoingPacket,
  kind: PacketKind,
  boundIndex: number,
): number {
  if (kind === 'arp') return writeLinkName(arena, at, packet, boundIndex)
  const { view, octets } = arena
  const from = DESTINATION_AT[kind]
  if (kind === 4) {
    view.setUint32(at + SOCKADDR_IN.family, AF.inet, true)
    for (let i = 0; i < 4; i++) octets[at + SOCKADDR_IN.address + i] = packet.octets[from + i] ?? 0
    return SOCKADDR_IN.length
  }
  view.setUint32(at + SOCKADDR_IN6.family, AF.inet6, true)
  view.setUint32(at + SOCKADDR_IN6.family + 4, 0)
  for (let i = 0; i < 16; i++) octets[at + SOCKADDR_IN6.address + i] = packet.octets[from + i] ?? 0
  view.setUint32(at + SOCKADDR_IN6.scope, packet.interfaceIndex, true)
  return SOCKADDR_IN6.length
}

function writeLinkName(
  { view, octets }: Arena,
  at: number,
  packet: OutgoingPacket,
  boundIndex: number,
): number {
  const hardware = packet.hardwareDestination ?? new Uint8Array()
  view.setUint16(at + SOCKADDR_LL.family, AF.packet, true)
  view.setUint16(at + SOCKADDR_LL.protocol, ETHER_TYPE.arp)
  view.setUint32(at + SOCKADDR_LL.index, packet.interfaceIndex || boundIndex, true)
  view.setUint32(at + SOCKADDR_LL.index + 4, 0)
  view.setUint8(at + SOCKADDR_LL.addressLength, Math.min(hardware.length, 8))
  for (let i = 0; i < 8; i++) octets[at + SOCKADDR_LL.address + i] = hardware[i] ?? 0
  return SOCKADDR_LL.length
}

function writePacketInfo({ view, control }: Arena, slot: number, interfaceIndex: number): void {
  const at = control.base + slot * control.stride
  view.setBigUint64(at + CMSG.itemLength, BigInt(CMSG.data + PACKET_INFO.length), true)
  view.setInt32(at + CMSG.level, PACKET_INFO.level, true)
  view.setInt32(at + CMSG.type, PACKET_INFO.type, true)
  view.setUint32(at + CMSG.data + PACKET_INFO.index, interfaceIndex, true)
  view.setBigUint64(at + CMSG.data + PACKET_INFO.index + 4, 0n)
}
