import { LocalFault } from '../../model/errors.ts'
import { encodeArp } from '../../wire/arp.ts'
import { ETHER_TYPE } from '../../wire/ether-type.ts'
import { readMac } from '../../wire/octets.ts'
import { observeSighting } from './observe.ts'
import type { Claim, PacketProbe } from './packet-probe.ts'
import type { ArpSighting } from './sighting.ts'

const LENGTH = 28
const NOBODY = '00:00:00:00:00:00'

/** Where an ARP request goes on an Ethernet: to everybody. */
export const ETHERNET_BROADCAST = Uint8Array.of(255, 255, 255, 255, 255, 255)

/**
 * Asks a link who has an IPv4 address (RFC 826). A reply carries no number: it belongs to any request for its address.
 * `build` throws LocalFault ENOTSUP where the route's interface has no hardware address.
 */
export function arpProbe(): PacketProbe {
  return {
    method: 'arp',
    interest: { protocol: 'arp' },
    mostOctets: LENGTH,
    hasTokens: false,
    build({ route }, into) {
      const { hardwareAddress, source, destination, interfaceName = 'the interface' } = route
      if (hardwareAddress?.length !== 6) {
        throw new LocalFault('ENOTSUP', `ARP needs an Ethernet: ${interfaceName} has no such address`)
      }
      const hardware = readMac(hardwareAddress, 0)
      const header = { ...REQUEST, sender: { hardware, protocol: source } }
      return encodeArp({ ...header, target: { hardware: NOBODY, protocol: destination } }, into, 0)
    },
    claim: (sighting) => (sighting.kind === 'arp' ? claimOf(sighting) : undefined),
    observe: observeSighting,
  }
}

const REQUEST = {
  hardwareType: 1,
  protocolType: ETHER_TYPE.ipv4,
  hardwareLength: 6,
  protocolLength: 4,
  operation: 1,
} as const

function claimOf({ operation, direction, source, destination }: ArpSighting): Claim | undefined {
  const common = { localPort: 0, remotePort: 0, index: undefined, modulus: 0x1_0000 } as const
  if (operation === 'request') {
    if (direction === 'in') return undefined
    return { role: 'probe', local: source, remote: destination, ...common }
  }
  if (direction === 'out') return undefined
  return { role: 'answer', local: destination, remote: source, ...common }
}
