import { networkInterfaces } from 'node:os'
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
    for (const [i, octet] of literal.split('.').entries()) {
      view.setUint8(at + SOCKADDR_IN.address + i, Number(octet))
    }
    return SOCKADDR_IN.length
  }
  view.setUint16(at + SOCKADDR_IN6.family, AF.inet6, true)
  view.setUint16(at + SOCKADDR_IN6.port, port)
  view.setUint32(at + 4, 0)
  for (const [i, group] of groupsOf(literal).entries())
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
  return { address: formatGroups(groups), port: view.getUint16(at + SOCKADDR_IN6.port) }
}

function scopeOf(zone: string): number {
  if (/^\d+$/.test(zone)) return Number(zone)
  const scope = networkInterfaces()[zone]?.find((a) => a.family === 'IPv6')?.scopeid
  if (scope === undefined) throw new LocalFault('ENODEV', `no interface with IPv6 called ${zone}`)
  return scope
}

function groupsOf(literal: string): number[] {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(literal)
  const text = dotted
    ? `${dotted[1]}${((Number(dotted[2]) << 8) | Number(dotted[3])).toString(16)}:${((Number(dotted[4]) << 8) | Number(dotted[5])).toString(16)}`
    : literal
  const [head = '', tail] = text.split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail === undefined || tail === '' ? [] : tail.split(':')
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length
  return [...left, ...Array<string>(zeros).fill('0'), ...right].map((g) => Number.parseInt(g, 16))
}

function formatGroups(groups: readonly number[]): string {
  return groups.map((g) => g.toString(16)).join(':')
}
