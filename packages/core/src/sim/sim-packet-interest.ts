import type { Interest, PacketRequest, PortRange } from '../io/packets.ts'
import { decodeArp } from '../wire/arp.ts'
import type { Icmp4 } from '../wire/icmp4.ts'
import type { Icmp6 } from '../wire/icmp6.ts'
import { LINK_TYPE } from '../wire/link.ts'
import { ETHERNET_LENGTH } from './sim-packet-make.ts'
import { readParcel, type Upper } from './sim-packet-read.ts'
import type { WirePacket } from './sim-packet-world.ts'

const ARP_REQUEST = 1

/** Whether a channel that was opened so sees a packet, as the filters of the system decide it. */
export function isOfInterest(request: PacketRequest, packet: WirePacket): boolean {
  const { direction, octets, linkType } = packet
  if (request.sendOnly === true || (direction === 'out' && !request.departures)) return false
  if (linkType === LINK_TYPE.ethernet) {
    const isAsked = request.interests.some(({ protocol }) => protocol === 'arp')
    return isAsked && (direction === 'out' || decodeArp(octets, ETHERNET_LENGTH)?.operation !== ARP_REQUEST)
  }
  const parcel = readParcel(octets)
  if (parcel?.upper === undefined || !request.families.includes(parcel.family)) return false
  const { upper } = parcel
  return request.interests.some((interest) => admits(interest, upper, direction))
}

function admits(interest: Interest, upper: Upper, direction: 'in' | 'out'): boolean {
  switch (upper.kind) {
    case 'tcp':
    case 'udp':
      return upper.kind === interest.protocol && admitsPorts(interest, upper, direction)
    case 'icmp4':
    case 'icmp6':
      if (interest.protocol === 'arp') return false
      if (direction === 'out') return interest.protocol === 'icmp'
      return isAnswer(upper.header) || (interest.protocol === 'icmp' && isNeighbours(upper.header))
  }
}

function admitsPorts(
  { localPorts, remotePorts, departingFlags, arrivingFlags }: Interest,
  { kind, header }: Extract<Upper, { kind: 'tcp' | 'udp' }>,
  direction: 'in' | 'out',
): boolean {
  const { sourcePort, destinationPort } = header
  const [local, remote] = direction === 'in' ? [destinationPort, sourcePort] : [sourcePort, destinationPort]
  if (!within(localPorts, local) || !within(remotePorts, remote)) return false
  if (kind === 'udp') return true
  if (direction === 'in') return arrivingFlags === undefined || (header.flags & arrivingFlags) !== 0
  return departingFlags === undefined || header.flags === departingFlags
}

function within(range: PortRange | undefined, port: number): boolean {
  return range === undefined || (port >= range[0] && port <= range[1])
}

/** ICMP errors, which alone quote a packet, and the replies. */
function isAnswer({ kind, quote }: Icmp4 | Icmp6): boolean {
  return quote !== undefined || kind === 'echo-reply' || kind === 'timestamp-reply'
}

/** What else answers: not what others ask. */
function isNeighbours({ kind }: Icmp4 | Icmp6): boolean {
  return kind === 'neighbour-advertisement' || kind === 'mask-reply'
}
