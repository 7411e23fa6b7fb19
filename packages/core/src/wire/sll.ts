import { needField, needRoom, read16, read32, readMac, write16, write32, writeMac } from './octets.ts'
import { type Carrier, carried, limitOf } from './span.ts'

/** What `tcpdump -i any` puts before a packet: LINKTYPE_LINUX_SLL, the Linux cooked header in its first version. */
export interface SllHeader {
  /** 0 to us, 1 broadcast, 2 multicast, 3 to others, 4 sent by us (`sll_pkttype` of packet(7)). */
  readonly packetType: number
  /** ARPHRD_ of the interface: 1 Ethernet, 772 loopback, 824 netlink. */
  readonly hardwareType: number
  /** Length of the sender's address in octets; of one longer than 8 only the first 8 are here. */
  readonly addressLength: number
  /** The sender's address in hexadecimal with colons: `02:00:00:00:00:01`. */
  readonly address: string
  /** The rest of the 8 octets, written in the same way. */
  readonly padding: string
  /** EtherType, or another number by the kind of interface. */
  readonly protocol: number
}

/** LINKTYPE_LINUX_SLL2, the second version: with the interface's number. */
export interface Sll2Header extends SllHeader {
  readonly interfaceIndex: number
  /** Zero as the format has it. */
  readonly reserved: number
}

export interface Sll extends SllHeader, Carrier {}
export interface Sll2 extends Sll2Header, Carrier {}

/** Offsets in octets (www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL.html). */
const AT = { packetType: 0, hardwareType: 2, addressLength: 4, address: 6, protocol: 14 } as const
const LENGTH = 16
/** Offsets in octets (www.tcpdump.org/linktypes/LINKTYPE_LINUX_SLL2.html). */
const AT2 = {
  protocol: 0,
  reserved: 2,
  interfaceIndex: 4,
  hardwareType: 8,
  packetType: 10,
  addressLength: 11,
  address: 12,
} as const
const LENGTH2 = 20
const ADDRESS_ROOM = 8

/** @returns undefined when the header is not whole; the payload goes up to `end` */
export function decodeSll(octets: Uint8Array, at = 0, end = octets.length): Sll | undefined {
  const limit = limitOf(octets, end)
  if (at + LENGTH > limit) return undefined
  return {
    packetType: read16(octets, at + AT.packetType),
    hardwareType: read16(octets, at + AT.hardwareType),
    ...readAddress(octets, at + AT.address, read16(octets, at + AT.addressLength)),
    protocol: read16(octets, at + AT.protocol),
    ...carried(at + LENGTH, limit, limit),
  }
}

/** @returns undefined when the header is not whole; the payload goes up to `end` */
export function decodeSll2(octets: Uint8Array, at = 0, end = octets.length): Sll2 | undefined {
  const limit = limitOf(octets, end)
  if (at + LENGTH2 > limit) return undefined
  return {
    protocol: read16(octets, at + AT2.protocol),
    reserved: read16(octets, at + AT2.reserved),
    interfaceIndex: read32(octets, at + AT2.interfaceIndex),
    hardwareType: read16(octets, at + AT2.hardwareType),
    packetType: octets[at + AT2.packetType] ?? 0,
    ...readAddress(octets, at + AT2.address, octets[at + AT2.addressLength] ?? 0),
    ...carried(at + LENGTH2, limit, limit),
  }
}

/**
 * Writes the 16 octets of the header.
 * @returns how many octets were written
 * @throws RangeError when a field is out of range, address and padding are not 8 octets, or the buffer is too small
 */
export function encodeSll(header: SllHeader, into: Uint8Array, at: number): number {
  needRoom(into, at, LENGTH)
  needField('packet type', header.packetType, 0xffff)
  needField('hardware type', header.hardwareType, 0xffff)
  needField('address length', header.addressLength, 0xffff)
  needField('protocol', header.protocol, 0xffff)
  write16(into, at + AT.packetType, header.packetType)
  write16(into, at + AT.hardwareType, header.hardwareType)
  write16(into, at + AT.addressLength, header.addressLength)
  writeAddress(header, into, at + AT.address)
  write16(into, at + AT.protocol, header.protocol)
  return LENGTH
}

/**
 * Writes the 20 octets of the header.
 * @returns how many octets were written
 * @throws RangeError when a field is out of range, address and padding are not 8 octets, or the buffer is too small
 */
export function encodeSll2(header: Sll2Header, into: Uint8Array, at: number): number {
  needRoom(into, at, LENGTH2)
  needField('protocol', header.protocol, 0xffff)
  needField('reserved', header.reserved, 0xffff)
  needField('interface index', header.interfaceIndex, 0xffff_ffff)
  needField('hardware type', header.hardwareType, 0xffff)
  needField('packet type', header.packetType, 0xff)
  needField('address length', header.addressLength, 0xff)
  write16(into, at + AT2.protocol, header.protocol)
  write16(into, at + AT2.reserved, header.reserved)
  write32(into, at + AT2.interfaceIndex, header.interfaceIndex)
  write16(into, at + AT2.hardwareType, header.hardwareType)
  into[at + AT2.packetType] = header.packetType
  into[at + AT2.addressLength] = header.addressLength
  writeAddress(header, into, at + AT2.address)
  return LENGTH2
}

type LinkAddress = Pick<SllHeader, 'addressLength' | 'address' | 'padding'>

function readAddress(octets: Uint8Array, at: number, addressLength: number): LinkAddress {
  const used = Math.min(addressLength, ADDRESS_ROOM)
  const padding = readMac(octets, at + used, ADDRESS_ROOM - used)
  return { addressLength, address: readMac(octets, at, used), padding }
}

function writeAddress({ addressLength, address, padding }: LinkAddress, into: Uint8Array, at: number): void {
  const used = Math.min(addressLength, ADDRESS_ROOM)
  writeMac(address, into, at, used)
  writeMac(padding, into, at + used, ADDRESS_ROOM - used)
}
