import { localFault } from '../io/local-fault.ts'
import type { Route, RouteWay } from '../io/packets.ts'
import { UNKNOWN_WAY } from '../io/unknown-way.ts'
import type { LocalFault } from '../model/errors.ts'
import type { Address } from '../model/target.ts'
import { isLoopback } from './sim-names.ts'
import { macOctets } from './sim-packet-mac.ts'
import { staysHome } from './sim-packet-network.ts'
import type { PacketWorld } from './sim-packet-world.ts'

/** This machine's interfaces. */
export interface Links {
  readonly name: string
  readonly index: number
  readonly mac: string
}

export const LOOPBACK = { name: 'lo', index: 1, mtu: 65536 } as const
const ETHERNET_MTU = 1500

/** What routes are found from. */
export interface RouteWorld {
  readonly script: PacketWorld
  readonly link: Links
  /** The machine's own addresses besides loopback, without zones. */
  readonly addresses: readonly string[]
  readonly isOwn: (address: string) => boolean
  /** Whether the backend can ask the system for interface, gateway and hardware address. */
  readonly isKnown: boolean
}

/** @throws LocalFault */
export function simRoute(world: RouteWorld, { address, family }: Address, way: RouteWay): Route {
  const { script, link, isOwn } = world
  const [destination = address, zone] = address.split('%', 2)
  const fail = (code: string, about: string): LocalFault => localFault(code, `route to ${address}`, about)
  const isHome = staysHome(destination, isOwn)
  const { name, index } = isHome ? LOOPBACK : link
  const asked = [way.interfaceName, zone].filter((each) => each !== undefined)
  if (asked.some((each) => each !== link.name && each !== LOOPBACK.name)) throw fail('ENODEV', 'interface')
  if (asked.some((each) => each !== name)) throw fail('ENETUNREACH', 'route')
  const code = script.routes?.[destination]
  if (code !== undefined) throw fail(code, 'route')
  const [first] = script.hops?.[destination] ?? []
  const source = sourceFor(world, destination, way.sourceAddress)
  if (source === undefined)
    throw way.sourceAddress === undefined ? fail('ENETUNREACH', 'route') : fail('EADDRNOTAVAIL', 'source')
  const known = {
    interfaceName: name,
    interfaceIndex: index,
    gateway: first?.address,
    hardwareAddress: isHome ? undefined : macOctets(link.mac),
    mtu: isHome ? LOOPBACK.mtu : ETHERNET_MTU,
  }
  return { family, source, destination, ...(world.isKnown ? known : UNKNOWN_WAY) }
}

/** The address that packets leave from; undefined when there is none, or when the one asked for is not ours. */
function sourceFor(
  { addresses, isOwn }: RouteWorld,
  destination: string,
  asked: string | undefined,
): string | undefined {
  if (asked !== undefined) return staysHome(asked, isOwn) ? asked : undefined
  if (staysHome(destination, isOwn)) return isLoopback(destination) ? loopbackOf(destination) : destination
  const isSix = destination.includes(':')
  const own = addresses.filter((address) => address.includes(':') === isSix)
  const isLocal = isLinkLocal(destination)
  return own.find((address) => isLinkLocal(address) === isLocal) ?? own[0]
}

function loopbackOf(destination: string): string {
  return destination.includes(':') ? '::1' : '127.0.0.1'
}

/** RFC 4291 section 2.5.6, and the groups of one link. */
export function isLinkLocal(address: string): boolean {
  return /^fe[89ab]/i.test(address) || /^ff.2:/i.test(address)
}
