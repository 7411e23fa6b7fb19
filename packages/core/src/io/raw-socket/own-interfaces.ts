import { readFileSync } from 'node:fs'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import { isLinkLocal } from '../../model/addresses.ts'

/** What this machine's interfaces are, as far as it can be told without system calls of our own. */

/** This machine's IPv6 addresses without zones, those of a link last. */
export function ownAddresses6(): readonly string[] {
  const all = Object.values(networkInterfaces()).flatMap((infos) => infos ?? [])
  const ours = all.filter(({ family }) => family === 'IPv6').map(({ address }) => plain(address))
  return [...ours.filter((address) => !isOfLink(address)), ...ours.filter(isOfLink)]
}

/** The name of an interface that has an IPv6 address of its link; undefined when there is none with that number. */
export function interfaceNamed(index: number): string | undefined {
  const named = Object.entries(networkInterfaces())
  return named.find(([, infos]) =>
    infos?.some((info) => info.family === 'IPv6' && info.scopeid === index),
  )?.[0]
}

/** An interface that is up and has an address: its own, and where it is. */
export interface OwnInterface {
  readonly name: string
  /** 0 where it is not known. */
  readonly index: number
  readonly hardwareAddress: Uint8Array | undefined
  readonly addresses: readonly NetworkInterfaceInfo[]
}

/** undefined when there is no such interface, or it is down or has no address. */
export function ownInterface(name: string): OwnInterface | undefined {
  const interfaces = networkInterfaces()
  const addresses = Object.hasOwn(interfaces, name) ? interfaces[name] : undefined
  return (
    addresses && { name, index: indexOf(name, addresses), hardwareAddress: hardwareOf(addresses), addresses }
  )
}

/** The interface that has this address, which may be on several links when it has a zone. */
export function interfaceWith(address: string): OwnInterface | undefined {
  const [bare, zone] = address.split('%')
  const has = ([name, infos]: [string, NetworkInterfaceInfo[] | undefined]): boolean =>
    (zone === undefined || zone === name) && infos?.some((info) => plain(info.address) === bare) === true
  const found = Object.entries(networkInterfaces()).find(has)
  return found && ownInterface(found[0])
}

/** An address as it stands in packets. */
export function plain(address: string): string {
  return address.split('%')[0] ?? address
}

function isOfLink(address: string): boolean {
  return isLinkLocal({ address, family: 6 })
}

/** By the scope of an address of its link; else by the system's table. */
function indexOf(name: string, addresses: readonly NetworkInterfaceInfo[]): number {
  const scopes = addresses.flatMap((info) =>
    info.family === 'IPv6' && info.scopeid > 0 ? [info.scopeid] : [],
  )
  return scopes[0] ?? factOf(name, 'ifindex')
}

/** In octets; undefined where the system has no table of interfaces. */
export function mtuOf(name: string): number | undefined {
  return factOf(name, 'mtu') || undefined
}

/** A number of Linux' table of interfaces; 0 where there is none. No interface's name can lead out of that folder. */
function factOf(name: string, fact: 'ifindex' | 'mtu'): number {
  try {
    return Number(readFileSync(`/sys/class/net/${name}/${fact}`, 'utf8')) || 0
  } catch {
    return 0
  }
}

function hardwareOf(addresses: readonly NetworkInterfaceInfo[]): Uint8Array | undefined {
  const [mac = ''] = addresses.map((info) => info.mac)
  const octets = Uint8Array.from(mac.split(':'), (part) => Number.parseInt(part, 16))
  return octets.length === 6 && octets.some((octet) => octet !== 0) ? octets : undefined
}
