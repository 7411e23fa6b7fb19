import type { Family } from '../../model/target.ts'
import { ETHER_TYPE } from '../../wire/ether-type.ts'
import type { Interest, PacketRequest, PortRange } from '../packets.ts'
import { end, type Instruction, load, MOST_INSTRUCTIONS, type Step, test, when } from './bpf.ts'
import { PACKET_TYPE } from './layout.ts'

/** What the kernel knows of a packet besides its octets (linux/filter.h, SKF_AD_OFF). */
const KNOWN = { etherType: 0xfffff000, packetType: 0xfffff004 } as const

/** All octets: how many are copied is said when they are fetched, which also tells how many there were. */
const WHOLE = 0xffffffff
const ACCEPT = end(WHOLE)
const REJECT = end(0)

const PROTOCOL = { icmp: 1, tcp: 6, udp: 17, icmp6: 58 } as const
/** Offsets in octets, of transport headers from their start (RFC 791, 8200, 9293, 768, 826). */
const AT = {
  fragment4: 6,
  protocol4: 9,
  nextHeader6: 6,
  payload6: 40,
  sourcePort: 0,
  destinationPort: 2,
  tcpFlags: 13,
  type: 0,
  arpOperation: 6,
} as const
const LATER_FRAGMENT = 0x1fff
const ARP_REQUEST = 1

/** ICMP types that are let in: errors and replies with any interest, the others for those who ask for ICMP. */
const TYPES: Readonly<Record<Family, { readonly any: readonly number[]; readonly icmp: readonly number[] }>> =
  {
    4: { any: [3, 11, 12, 4, 5, 0, 14], icmp: [9, 16, 18] },
    6: { any: [1, 2, 3, 4, 129], icmp: [134, 136, 140] },
  }

/** IPv6 headers that stand in front of another one (RFC 8200, 4302, 6275, 7401, 5533, 3692). */
const EXTENSIONS = [0, 43, 44, 51, 60, 135, 139, 140, 253, 254]

type Side = 'in' | 'out'
type Wish = Pick<PacketRequest, 'families' | 'interests' | 'departures'>

/**
 * A program for a packet socket whose data begins at the network header: lets in what may be an answer of interest,
 * and of what leaves this machine what may be a probe. Later fragments never pass, packets with IPv6 extension headers
 * always do. Where there are more interests than a program can hold, ports and flags are not looked at.
 */
export function packetFilter(wish: Wish): readonly Instruction[] {
  const program = build(wish)
  if (program.length <= MOST_INSTRUCTIONS) return program
  const protocols = [...new Set(wish.interests.map(({ protocol }) => protocol))]
  return build({ ...wish, interests: protocols.map((protocol) => ({ protocol })) })
}

function build({ families, interests, departures }: Wish): readonly Instruction[] {
  const side = (way: Side): readonly Instruction[] => [
    ...(families.includes(4) ? ipv4(interests, way) : []),
    ...(families.includes(6) ? ipv6(interests, way) : []),
    ...(interests.some(({ protocol }) => protocol === 'arp') ? arp(way) : []),
    REJECT,
  ]
  const type = load('word', KNOWN.packetType)
  return [
    ...when([type, test('equal', PACKET_TYPE.outgoing)], departures ? side('out') : [REJECT]),
    ...when([type, test('equal', PACKET_TYPE.otherHost)], [REJECT]),
    ...side('in'),
  ]
}

const isOf = (etherType: number): readonly Step[] => [load('word', KNOWN.etherType), test('equal', etherType)]

function ipv4(interests: readonly Interest[], way: Side): readonly Instruction[] {
  return when(isOf(ETHER_TYPE.ipv4), [
    ...when([load('half', AT.fragment4), test('anyBit', LATER_FRAGMENT)], [REJECT]),
    ...when([load('pointPastIpv4', 0)], transports(4, interests, way)),
    REJECT,
  ])
}

function ipv6(interests: readonly Interest[], way: Side): readonly Instruction[] {
  if (interests.every(({ protocol }) => protocol === 'arp')) return []
  return when(isOf(ETHER_TYPE.ipv6), [
    ...when([load('point', AT.payload6)], transports(6, interests, way)),
    ...EXTENSIONS.flatMap((next) => when([load('octet', AT.nextHeader6), test('equal', next)], [ACCEPT])),
    REJECT,
  ])
}

function arp(way: Side): readonly Instruction[] {
  const isAnswer = [load('half', AT.arpOperation), test('equal', ARP_REQUEST, false)]
  return when(isOf(ETHER_TYPE.arp), way === 'in' ? [...when(isAnswer, [ACCEPT]), REJECT] : [ACCEPT])
}

function transports(family: Family, interests: readonly Interest[], way: Side): readonly Instruction[] {
  const protocolAt = family === 4 ? AT.protocol4 : AT.nextHeader6
  const of = (protocol: number): readonly Step[] => [load('octet', protocolAt), test('equal', protocol)]
  const flows = (name: 'tcp' | 'udp'): readonly Instruction[] => {
    const wanted = interests.filter(({ protocol }) => protocol === name)
    if (wanted.length === 0) return []
    return when(of(PROTOCOL[name]), [...wanted.flatMap((interest) => flow(interest, way)), REJECT])
  }
  return [
    ...flows('tcp'),
    ...flows('udp'),
    ...when(of(family === 4 ? PROTOCOL.icmp : PROTOCOL.icmp6), [...icmp(family, interests, way), REJECT]),
  ]
}

function flow(interest: Interest, way: Side): readonly Instruction[] {
  const { localPorts, remotePorts } = interest
  const [source, destination] = way === 'out' ? [localPorts, remotePorts] : [remotePorts, localPorts]
  const flags = way === 'out' ? leaving(interest) : coming(interest)
  const steps = [...within(AT.sourcePort, source), ...within(AT.destinationPort, destination), ...flags]
  return when(steps, [ACCEPT])
}

function leaving({ departingFlags }: Interest): readonly Step[] {
  if (departingFlags === undefined) return []
  return [load('octetBehind', AT.tcpFlags), test('equal', departingFlags & 0xff)]
}

function coming({ arrivingFlags }: Interest): readonly Step[] {
  if (arrivingFlags === undefined) return []
  return [load('octetBehind', AT.tcpFlags), test('anyBit', arrivingFlags & 0xff)]
}

function within(at: number, range: PortRange | undefined): readonly Step[] {
  if (range === undefined) return []
  const [least, most] = range
  return [load('halfBehind', at), test('atLeast', least), test('above', most, false)]
}

/** Whoever asks for ICMP may send any type of it. */
function icmp(family: Family, interests: readonly Interest[], way: Side): readonly Instruction[] {
  const isAsked = interests.some(({ protocol }) => protocol === 'icmp')
  if (way === 'out') return isAsked ? [ACCEPT] : []
  if (interests.every(({ protocol }) => protocol === 'arp')) return []
  const types = [...TYPES[family].any, ...(isAsked ? TYPES[family].icmp : [])]
  return types.flatMap((type) => when([load('octetBehind', AT.type), test('equal', type)], [ACCEPT]))
}
