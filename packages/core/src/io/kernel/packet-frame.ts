import { ETHER_TYPE } from '../../wire/ether-type.ts'
import { write16 } from '../../wire/octets.ts'
import { PACKET_TYPE, SOCKADDR_LL } from './layout.ts'

export const ETHERNET_LENGTH = 14

const MAC_LENGTH = 6
const BROADCAST = 0xff
/** Offsets in octets: in an Ethernet header, and in an ARP message between Ethernet addresses (RFC 826). */
const AT = { destination: 0, source: 6, type: 12, operation: 6, targetHardware: 18 } as const
const ARP_REQUEST = 1

/**
 * Writes an Ethernet header in front of the ARP message at `from`, which the kernel took it off: the source is in the
 * socket address at `name`, the destination in the message; it is the broadcast address for requests and whatever
 * came as broadcast.
 */
export function writeEthernet(octets: Uint8Array, from: number, name: number): void {
  const at = from - ETHERNET_LENGTH
  const isBroadcast =
    octets[name + SOCKADDR_LL.packetType] === PACKET_TYPE.broadcast ||
    octets[from + AT.operation + 1] === ARP_REQUEST
  for (let i = 0; i < MAC_LENGTH; i++) {
    const target = octets[from + AT.targetHardware + i] ?? 0
    octets[at + AT.destination + i] = isBroadcast ? BROADCAST : target
    octets[at + AT.source + i] = octets[name + SOCKADDR_LL.address + i] ?? 0
  }
  write16(octets, at + AT.type, ETHER_TYPE.arp)
}
