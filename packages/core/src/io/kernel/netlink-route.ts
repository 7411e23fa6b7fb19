import { LocalFault } from '../../model/errors.ts'
import type { Address } from '../../model/target.ts'
import { addressOctets, readIpv4, readIpv6 } from '../../wire/octets.ts'
import { localFault } from '../local-fault.ts'
import type { Route, RouteWay } from '../packets.ts'
import { AF, IFREQ, MSG, RTN, SIOCGIFHWADDR, SIOCGIFMTU, SOCK, SOCKADDR_IN6 } from './layout.ts'
import { errnoName, type Libc } from './libc.ts'
import { type RouteReply, readRouteReply, writeRouteQuestion } from './netlink.ts'
import type { PacketCalls } from './packet-calls.ts'
import { writeSockaddr } from './sockaddr.ts'

export interface RouteParts {
  readonly libc: Libc
  readonly calls: PacketCalls
}

const MEMORY_OCTETS = 16384
const NAME_OCTETS = 16
const NETLINK_ROUTE = 0
const ARPHRD_ETHER = 1
const MAC_LENGTH = 6

/**
 * How the system sends to an address, by its routing tables and rules (rtnetlink(7)); needs no privilege.
 * @throws LocalFault ENETUNREACH, EHOSTUNREACH, EACCES, ENODEV, EADDRNOTAVAIL (`source`)
 */
export function findRoute(parts: RouteParts, destination: Address, way: RouteWay): Route {
  const { family } = destination
  const [literal = '', zone] = destination.address.split('%')
  const wanted = interfaceOf(parts, zone, way.interfaceName)
  const source = way.sourceAddress?.split('%')[0]
  if (source !== undefined) needOwn(parts, { address: source, family }, wanted)
  const reply = ask(parts, {
    family,
    destination: octetsOf(literal),
    source: source === undefined ? undefined : octetsOf(source),
    interfaceIndex: wanted,
  })
  if (reply.kind === 'error' || reply.type in FORBIDS) throw unroutable(reply, destination.address)
  const from = source ?? textOf(reply.source)
  if (from === undefined) {
    throw new LocalFault('ENETUNREACH', `${destination.address}: no own address to send from`)
  }
  const interfaceName = nameOf(parts, reply.interfaceIndex)
  const leaving = interfaceName === undefined ? UNKNOWN : interfaceFacts(parts, interfaceName)
  return {
    family,
    source: from,
    destination: textOf(octetsOf(literal)) ?? literal,
    interfaceName,
    // Of an own address the system says loopback, and yet takes it only on its own link.
    interfaceIndex: zone === undefined ? reply.interfaceIndex : wanted,
    gateway: textOf(reply.gateway),
    hardwareAddress: leaving.hardwareAddress,
    mtu: reply.mtu ?? leaving.mtu,
  }
}

/** 0 for any. @throws LocalFault ENODEV, or ENETUNREACH when zone and interface are not the same */
function interfaceOf({ calls }: RouteParts, zone: string | undefined, name: string | undefined): number {
  const find = (some: string): number => {
    const index = calls.indexOf(some) || (/^\d{1,9}$/.test(some) ? Number(some) : 0)
    if (index > 0) return index
    throw new LocalFault('ENODEV', `no network interface called ${some}`, 'interfaceName')
  }
  const byZone = zone === undefined ? 0 : find(zone)
  const byName = name === undefined ? 0 : find(name)
  if (byZone === 0 || byName === 0 || byZone === byName) return byZone || byName
  throw new LocalFault('ENETUNREACH', `an address of ${zone} cannot be reached by ${name}`, 'interfaceName')
}

function octetsOf(literal: string): Uint8Array {
  try {
    return addressOctets(literal)
  } catch {
    throw new LocalFault('ENETUNREACH', `${literal}: not an address`)
  }
}

function textOf(octets: Uint8Array | undefined): string | undefined {
  if (octets?.length === 4) return readIpv4(octets, 0)
  return octets?.length === 16 ? readIpv6(octets, 0) : undefined
}

/** Only an own address can be bound to. @throws LocalFault EADDRNOTAVAIL */
function needOwn({ libc }: RouteParts, source: Address, interfaceIndex: number): void {
  const { at, view } = memory(libc)
  const octets = writeSockaddr(view, 0, source, 0)
  if (source.family === 6) view.setUint32(SOCKADDR_IN6.scope, interfaceIndex, true)
  const fd = openSocket(libc, source.family === 4 ? AF.inet : AF.inet6, SOCK.datagram)
  const isOurs = libc.bind(fd, at, octets) === 0
  const errno = isOurs ? '' : libc.errno()
  libc.close(fd)
  if (!isOurs) throw localFault(errno, `source ${source.address}`, 'source')
}

function ask({ libc }: RouteParts, question: Parameters<typeof writeRouteQuestion>[1]): RouteReply {
  const { at, view } = memory(libc)
  const fd = openSocket(libc, AF.netlink, SOCK.raw, NETLINK_ROUTE)
  try {
    const length = writeRouteQuestion(view, question)
    // The kernel answers within the call that asks.
    const asked = libc.send(fd, new Uint8Array(view.buffer, view.byteOffset, length), length, MSG.noSignal)
    const got = asked < 0 ? -1 : libc.recvfrom(fd, at, MEMORY_OCTETS, MSG.dontWait, 0n, 0n)
    if (got < 0) throw localFault(libc.errno(), 'ask for a route')
    const reply = readRouteReply(view, got)
    if (reply === undefined) throw new LocalFault('EPROTO', 'the system gave no answer about a route')
    return reply
  } finally {
    libc.close(fd)
  }
}

/** @throws LocalFault */
function openSocket(libc: Libc, family: number, type: number, protocol = 0): number {
  const fd = libc.socket(family, type | SOCK.nonblock | SOCK.cloexec, protocol)
  if (fd < 0) throw localFault(libc.errno(), 'socket')
  return fd
}

/** What routes of these types do instead of carrying packets. */
const FORBIDS: Readonly<Record<number, string>> = {
  [RTN.blackhole]: 'EACCES',
  [RTN.unreachable]: 'EHOSTUNREACH',
  [RTN.prohibit]: 'EACCES',
}

function unroutable(reply: RouteReply, address: string): LocalFault {
  const errno = reply.kind === 'error' ? errnoName(reply.errno) : (FORBIDS[reply.type] ?? 'ENETUNREACH')
  // EINVAL is the system's answer for a route that swallows packets (blackhole).
  return localFault(errno === 'EINVAL' ? 'EACCES' : errno, `send to ${address}`)
}

function nameOf({ libc, calls }: RouteParts, index: number): string | undefined {
  const { at, view } = memory(libc)
  if (index === 0 || calls.nameOf(index, at) === null) return undefined
  const octets = new Uint8Array(view.buffer, view.byteOffset, NAME_OCTETS)
  const end = octets.indexOf(0)
  return Buffer.from(octets.subarray(0, end < 0 ? NAME_OCTETS : end)).toString()
}

type InterfaceFacts = Pick<Route, 'hardwareAddress' | 'mtu'>
const UNKNOWN: InterfaceFacts = { hardwareAddress: undefined, mtu: undefined }

/** What the system tells of an interface (netdevice(7)). */
function interfaceFacts({ libc, calls }: RouteParts, name: string): InterfaceFacts {
  const { at, view } = memory(libc)
  const octets = new Uint8Array(view.buffer, view.byteOffset, IFREQ.length)
  const fd = openSocket(libc, AF.unix, SOCK.datagram)
  const isTold = (request: number): boolean => {
    octets.fill(0)
    octets.set(Buffer.from(name).subarray(0, NAME_OCTETS - 1), IFREQ.name)
    return calls.ioctl(fd, request, at) === 0
  }
  const mtu = isTold(SIOCGIFMTU) ? view.getUint32(IFREQ.mtu, true) : undefined
  const hardwareAddress = isTold(SIOCGIFHWADDR) ? hardwareOf(view, octets) : undefined
  libc.close(fd)
  return { hardwareAddress, mtu }
}

/** Only interfaces like Ethernet have one that ARP and neighbour discovery can use. */
function hardwareOf(view: DataView, octets: Uint8Array): Uint8Array | undefined {
  if (view.getUint16(IFREQ.hardwareType, true) !== ARPHRD_ETHER) return undefined
  const address = octets.slice(IFREQ.hardwareAddress, IFREQ.hardwareAddress + MAC_LENGTH)
  return address.some((octet) => octet !== 0) ? address : undefined
}

let shared: { readonly libc: Libc; readonly made: ReturnType<Libc['allocate']> } | undefined

/** Memory for one call at a time. */
function memory(libc: Libc): ReturnType<Libc['allocate']> {
  if (shared?.libc !== libc) shared = { libc, made: libc.allocate(MEMORY_OCTETS) }
  return shared.made
}
