import { networkInterfaces } from 'node:os'
import { formatIpv6, parseIpv4, parseIpv6 } from '../../model/addresses.ts'
import { LocalFault } from '../../model/errors.ts'
import type { Address, Endpoint } from '../../model/target.ts'
import { AF, SOCKADDR_IN, SOCKADDR_IN6 } from './layout.ts'

/**
 * Writes a struct sockaddr_in or sockaddr_in6 at `at`; gives its length in octets.
 * @throws LocalFault ENODEV for the zone of an interface that is not there
 */
export function writeSockaddr(
  view: DataView,
  at: number,
  { address, family }: Address,
  port: number,
): number {
  const [literal = '', zone] = address.split('%')
  if (family === 4) {
    view.setUint16(at + SOCKADDR_IN.family, AF.inet, true)
    view.setUint16(at + SOCKADDR_IN.port, port)
    for (const [i, octet] of (parseIpv4(literal) ?? []).entries()) {
      view.setUint8(at + SOCKADDR_IN.address + i, octet)
    }
    return SOCKADDR_IN.length
  }
  view.setUint16(at + SOCKADDR_IN6.family, AF.inet6, true)
  view.setUint16(at + SOCKADDR_IN6.port, port)
  view.setUint32(at + 4, 0)
  for (const [i, group] of (parseIpv6(literal) ?? []).entries())
    view.setUint16(at + SOCKADDR_IN6.address + 2 * i, group)
  view.setUint32(at + SOCKADDR_IN6.scope, zone === undefined ? 0 : scopeOf(zone), true)
  return SOCKADDR_IN6.length
}

/** Reads a socket address; undefined for families other than IPv4 and IPv6. */
export function readSockaddr(view: DataView, at: number): Endpoint | undefined {
  const family = view.getUint16(at, true)
  if (family === AF.inet) {
    const octets = [0, 1, 2, 3].map((i) => view.getUint8(at + SOCKADDR_IN.address + i))
    return { address: octets.join('.'), port: view.getUint16(at + SOCKADDR_IN.port) }
  }
  if (family !== AF.inet6) return undefined
  const groups = Array.from({ length: 8 }, (_, i) => view.getUint16(at + SOCKADDR_IN6.address + 2 * i))
  return { address: formatIpv6(groups), port: view.getUint16(at + SOCKADDR_IN6.port) }
}

function scopeOf(zone: string): number {
  if (/^\d+$/.test(zone)) return Number(zone)
  // Node says 0 for addresses that are not link-local.
  const all = networkInterfaces()[zone]?.flatMap((a) => (a.family === 'IPv6' ? [a.scopeid] : [])) ?? []
  const scope = all.find((id) => id > 0) ?? all[0]
  if (scope === undefined) throw new LocalFault('ENODEV', `no interface with IPv6 called ${zone}`)
  return scope
}

/** As `readSockaddr`, with the zone that a link-local address needs to be of use; empty for other families. */
export function readEndpoint(view: DataView, at: number): Endpoint {
  const { address, port } = readSockaddr(view, at) ?? { address: '', port: 0 }
  const scope = view.getUint16(at, true) === AF.inet6 ? view.getUint32(at + SOCKADDR_IN6.scope, true) : 0
  return { address: scope === 0 ? address : `${address}%${zoneOf(scope)}`, port }
}

function zoneOf(scope: number): string {
  const all = Object.entries(networkInterfaces())
  const [name] = all.find(([, list]) => list?.some((a) => 'scopeid' in a && a.scopeid === scope)) ?? []
  return name ?? String(scope)
}
