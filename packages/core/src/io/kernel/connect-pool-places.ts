import type { Address } from '../../model/target.ts'
import { SOCKADDR_IN6 } from './layout.ts'
import { writeSockaddr } from './sockaddr.ts'

/** An address as the kernel takes it. */
export interface Place {
  readonly address: Address
  /** A struct sockaddr of that many octets, whose port is still to be written. */
  readonly octets: Uint8Array
  /**
   * Sockets of one kind can stand in for each other: of one family, and of one zone, since Linux ties a socket to the
   * interface of the first link-local address that it connects to.
   */
  readonly kind: string
}

/** So many are remembered; more addresses than these are seldom asked at once. */
const MOST = 4096

/** Addresses are read once, not once a port. The function throws LocalFault ENODEV for the zone of an interface that is not there. */
export function createPlaces(): (address: Address) => Place {
  const known = new Map<string, Place>()
  let last: Place | undefined
  return (address) => {
    if (last?.address.address === address.address) return last
    last = known.get(address.address) ?? read(address)
    if (known.size >= MOST) known.clear()
    known.set(address.address, last)
    return last
  }
}

function read(address: Address): Place {
  const octets = new Uint8Array(SOCKADDR_IN6.length)
  const length = writeSockaddr(new DataView(octets.buffer), 0, address, 0)
  const [, zone = ''] = address.address.split('%')
  return { address, octets: octets.subarray(0, length), kind: `${address.family}%${zone}` }
}
