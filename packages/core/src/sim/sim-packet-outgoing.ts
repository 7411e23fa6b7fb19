import { localFault } from '../io/local-fault.ts'
import type { OutgoingPacket } from '../io/packets.ts'
import type { LocalFault } from '../model/errors.ts'
import { LINK_TYPE } from '../wire/link.ts'
import { addressOctets, readIpv6, readMac, write16 } from '../wire/octets.ts'
import { sealIpv4 } from './sim-packet-answer.ts'
import { arpRequest, BROADCAST_MAC, framed, icmp6Packet } from './sim-packet-make.ts'
import { type Parcel, readParcel } from './sim-packet-read.ts'
import { isLinkLocal, type Links } from './sim-packet-route.ts'

/** A packet that leaves. */
export interface Outgoing {
  readonly linkType: number
  readonly octets: Uint8Array
  /** Undefined for ARP. */
  readonly parcel: Parcel | undefined
  /** It goes by the loopback interface. */
  readonly home: boolean
}

const MTU = 1500
const IPV4_LENGTH = 20

/** The packet as the kernel lets it out, copied: with the right length and checksum in an IPv4 header (raw(7)). */
export function outgoing(
  packet: OutgoingPacket,
  link: Links,
  staysHome: (address: string) => boolean,
): Outgoing | LocalFault {
  const octets = packet.octets.slice(0, packet.length)
  const version = (octets[0] ?? 0) >>> 4
  if (version === 0 && octets.length > 0) return outgoingArp(packet, octets, link)
  const parcel = octets.length < packet.length ? undefined : sealedParcel(octets, version)
  if (parcel === undefined) return localFault('EINVAL', 'send', 'send')
  const { destination } = parcel
  const home = staysHome(destination)
  if (!home && octets.length > MTU) return localFault('EMSGSIZE', `send to ${destination}`, 'send')
  if (isLinkLocal(destination) && packet.interfaceIndex === 0) {
    return localFault('EINVAL', `send to ${destination} by no interface`, 'send')
  }
  return { linkType: LINK_TYPE.raw, octets, parcel, home }
}

/** Seals the IPv4 header in place. */
function sealedParcel(octets: Uint8Array, version: number): Parcel | undefined {
  if (version === 6) return readParcel(octets)
  if (version !== 4 || octets.length < IPV4_LENGTH) return undefined
  write16(octets, 2, octets.length)
  sealIpv4(octets)
  return readParcel(octets)
}

function outgoingArp(
  { hardwareDestination, interfaceIndex }: OutgoingPacket,
  message: Uint8Array,
  link: Links,
): Outgoing | LocalFault {
  if (interfaceIndex !== link.index) return localFault('ENODEV', 'send', 'send')
  const to = hardwareDestination === undefined ? BROADCAST_MAC : readMac(hardwareDestination, 0)
  const octets = framed(message, link.mac, to)
  return { linkType: LINK_TYPE.ethernet, octets, parcel: undefined, home: false }
}

const QUESTIONS = 3

/** What the kernel asks on the link for an address that it has packets for. */
export function neighbourQuestions(
  address: string,
  mac: string,
  own: readonly string[],
): readonly Outgoing[] {
  const isSix = address.includes(':')
  const source = own.find((each) => each.includes(':') === isSix)
  if (source === undefined) return []
  const question = isSix ? solicitation(address, mac, source) : arpRequest({ mac, address: source }, address)
  const linkType = isSix ? LINK_TYPE.raw : LINK_TYPE.ethernet
  return Array(QUESTIONS).fill({ linkType, octets: question, parcel: undefined, home: false })
}

/** RFC 4861 section 7.2.2; the group of RFC 4291 section 2.7.1. */
function solicitation(target: string, mac: string, source: string): Uint8Array {
  const group = addressOctets('ff02::1:ff00:0')
  group.set(addressOctets(target).subarray(13), 13)
  return icmp6Packet(
    { source, destination: readIpv6(group, 0), ttl: 255 },
    {
      kind: 'neighbour-solicitation',
      code: 0,
      reserved: 0,
      target,
      options: [{ kind: 'source-link-layer', mac }],
    },
  )
}
