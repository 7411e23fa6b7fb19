import { ETHER_TYPE } from './ether-type.ts'
import { needField, needRoom, read16, readIpv4, readMac, write16, writeIpv4, writeMac } from './octets.ts'
import { type Carrier, carried, limitOf } from './span.ts'

/** One side of an ARP packet. */
export interface ArpParty {
  /** In hexadecimal with colons: `02:00:00:00:00:01`. */
  readonly hardware: string
  /** `10.0.0.2` when the protocol is IPv4, else in hexadecimal with colons. */
  readonly protocol: string
}

/** An ARP packet (RFC 826); RARP and the other operations have the same form (RFC 5494). */
export interface ArpHeader {
  /** 1 for Ethernet. */
  readonly hardwareType: number
  /** An EtherType: 0x0800 for IPv4. */
  readonly protocolType: number
  /** Lengths of the addresses in octets, 0 to 255: 6 and 4 for IPv4 on Ethernet. */
  readonly hardwareLength: number
  readonly protocolLength: number
  /** 1 request, 2 reply. */
  readonly operation: number
  readonly sender: ArpParty
  readonly target: ArpParty
}

/** What follows the packet is the padding of the frame. */
export interface Arp extends ArpHeader, Carrier {}

/** Offsets in octets. */
const AT = { hardwareType: 0, protocolType: 2, hardwareLength: 4, protocolLength: 5, operation: 6 } as const
const FIXED = 8

/** @returns undefined when the packet is not whole */
export function decodeArp(octets: Uint8Array, at = 0, end = octets.length): Arp | undefined {
  const limit = limitOf(octets, end)
  if (at + FIXED > limit) return undefined
  const hardwareLength = octets[at + AT.hardwareLength] ?? 0
  const protocolLength = octets[at + AT.protocolLength] ?? 0
  const to = at + FIXED + 2 * (hardwareLength + protocolLength)
  if (to > limit) return undefined
  const protocolType = read16(octets, at + AT.protocolType)
  const isIpv4 = saysIpv4({ protocolType, protocolLength })
  const party = (from: number): ArpParty => ({
    hardware: readMac(octets, from, hardwareLength),
    protocol: isIpv4
      ? readIpv4(octets, from + hardwareLength)
      : readMac(octets, from + hardwareLength, protocolLength),
  })
  return {
    hardwareType: read16(octets, at + AT.hardwareType),
    protocolType,
    hardwareLength,
    protocolLength,
    operation: read16(octets, at + AT.operation),
    sender: party(at + FIXED),
    target: party(at + FIXED + hardwareLength + protocolLength),
    ...carried(to, limit, limit),
  }
}

/**
 * Writes the packet: 28 octets for IPv4 on Ethernet.
 * @returns how many octets were written
 * @throws RangeError when a field is out of range, an address has not the length that is told, or the buffer is too
 * small
 */
export function encodeArp(header: ArpHeader, into: Uint8Array, at: number): number {
  const { hardwareLength, protocolLength } = header
  needField('hardware type', header.hardwareType, 0xffff)
  needField('protocol type', header.protocolType, 0xffff)
  needField('hardware length', hardwareLength, 0xff)
  needField('protocol length', protocolLength, 0xff)
  needField('operation', header.operation, 0xffff)
  const each = hardwareLength + protocolLength
  needRoom(into, at, FIXED + 2 * each)
  write16(into, at + AT.hardwareType, header.hardwareType)
  write16(into, at + AT.protocolType, header.protocolType)
  into[at + AT.hardwareLength] = hardwareLength
  into[at + AT.protocolLength] = protocolLength
  write16(into, at + AT.operation, header.operation)
  for (const [i, party] of [header.sender, header.target].entries()) {
    const from = at + FIXED + i * each
    writeMac(party.hardware, into, from, hardwareLength)
    if (saysIpv4(header)) writeIpv4(party.protocol, into, from + hardwareLength)
    else writeMac(party.protocol, into, from + hardwareLength, protocolLength)
  }
  return FIXED + 2 * each
}

function saysIpv4(header: Pick<ArpHeader, 'protocolType' | 'protocolLength'>): boolean {
  return header.protocolType === ETHER_TYPE.ipv4 && header.protocolLength === 4
}
