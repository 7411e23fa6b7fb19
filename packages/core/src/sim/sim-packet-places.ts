import { macOf } from './sim-packet-mac.ts'
import type { Parcel } from './sim-packet-read.ts'
import type { Hop, Machine, PacketWorld } from './sim-packet-world.ts'

/** Where the addresses of a world are. */
export interface Places {
  machineAt(address: string): Machine
  /** The routers before an address; none on the link. */
  hopsTo(address: string): readonly Hop[]
  isAbsent(address: string): boolean
  /** The hardware address of whoever on the link answers for that address. */
  neighbour(address: string): string | undefined
}

const NO_MACHINE: Machine = {}
const NO_HOPS: readonly Hop[] = []

export function places(script: PacketWorld, isOwn: (address: string) => boolean): Places {
  const machineAt = (address: string): Machine => script.machines?.[address] ?? NO_MACHINE
  const hopsTo = (address: string): readonly Hop[] => script.hops?.[address] ?? NO_HOPS
  return {
    machineAt,
    hopsTo,
    isAbsent: (address) => machineAt(address).isAbsent === true,
    neighbour(address) {
      const { isAbsent = false, arp = true, mac = macOf(address) } = machineAt(address)
      return isAbsent || !arp || isOwn(address) || hopsTo(address).length > 0 ? undefined : mac
    },
  }
}

/** Whom a packet is about: a solicitation goes to a group, and asks for one of its members (RFC 4861 section 4.3). */
export function subjectOf({ upper, destination }: Parcel): string {
  const isSolicitation = upper?.kind === 'icmp6' && upper.header.kind === 'neighbour-solicitation'
  return isSolicitation && 'target' in upper.header ? upper.header.target : destination
}
