import { encodeIcmp6, icmp6HeaderLength } from '../../wire/icmp6.ts'
import { encodeIpv6 } from '../../wire/ipv6.ts'
import { addressOctets, readIpv6, readMac } from '../../wire/octets.ts'
import { observeSighting } from './observe.ts'
import type { Claim, PacketProbe } from './packet-probe.ts'
import type { NeighbourSighting } from './sighting.ts'

const ICMP6 = 58
/** RFC 4861 section 7.1.1: a neighbour passes over what a router may have forwarded. */
const HOP_LIMIT = 255
const LENGTH = 40 + 24 + 8

/** Asks a link who has an IPv6 address (RFC 4861 section 7.2.2). An advertisement carries no number. */
export function neighbourProbe(): PacketProbe {
  return {
    method: 'neighbour',
    interest: { protocol: 'icmp' },
    mostOctets: LENGTH,
    hasTokens: false,
    build({ route }, into) {
      const { source, destination: target, hardwareAddress } = route
      const destination = solicitedNode(target)
      const options =
        hardwareAddress?.length === 6
          ? [{ kind: 'source-link-layer', mac: readMac(hardwareAddress, 0) } as const]
          : []
      const message = { kind: 'neighbour-solicitation', code: 0, reserved: 0, target, options } as const
      const length = icmp6HeaderLength(message)
      const header = encodeIpv6({ ...PLAIN, source, destination }, into, 0, length)
      const ends = { source: addressOctets(source), destination: addressOctets(destination) }
      return header + encodeIcmp6(message, into, header, { ...ends, payloadLength: 0 })
    },
    claim: (sighting) => (sighting.kind === 'neighbour' ? claimOf(sighting) : undefined),
    observe: observeSighting,
  }
}

const PLAIN = { trafficClass: 0, flowLabel: 0, hopLimit: HOP_LIMIT, extensions: [], protocol: ICMP6 } as const

/** The multicast group that everybody is in whose address ends in the same 24 bits (RFC 4291 section 2.7.1). */
function solicitedNode(address: string): string {
  const group = addressOctets('ff02::1:ff00:0')
  group.set(addressOctets(address).subarray(13), 13)
  return readIpv6(group, 0)
}

function claimOf({ what, direction, source, destination, target }: NeighbourSighting): Claim | undefined {
  const common = { localPort: 0, remotePort: 0, index: undefined, modulus: 0x1_0000 } as const
  if (what === 'solicitation') {
    return direction === 'in' ? undefined : { role: 'probe', local: source, remote: target, ...common }
  }
  return direction === 'out' ? undefined : { role: 'answer', local: destination, remote: target, ...common }
}
