import { escapeControl, type Line, out, type PacketChannel, type Route, type Sighting } from '@portkit/core'
import { errorText } from './error-text.ts'
import { tcpLetters } from './tcp-letters.ts'

/** What carries packets, and whose clock stamps them. */
export function debugChannel({ backend, clock }: Pick<PacketChannel, 'backend' | 'clock'>): Line {
  return debug(`packets by ${backend}, times by the ${clock} clock`)
}

/** The way to the target. */
export function debugRoute(route: Route): Line {
  const { destination, source, interfaceName, gateway, mtu } = route
  const by = interfaceName === undefined ? '' : ` by ${interfaceName}`
  const through = gateway === undefined ? '' : ` through ${gateway}`
  return debug(`to ${destination} from ${source}${by}${through}${mtu === undefined ? '' : `, MTU ${mtu}`}`)
}

/** A packet that belongs to no probe of this run; `sighting` is undefined when it says nothing that could. */
export function debugStranger(sighting: Sighting | undefined, length: number): Line {
  return debug(`not ours: ${sighting === undefined ? `${length} octets` : strangerText(sighting)}`)
}

function strangerText(sighting: Sighting): string {
  const { source, destination, length } = sighting
  const ends = (name: string, from: string | number, to: string | number): string =>
    `${name} ${source}:${from} > ${destination}:${to} len=${length}`
  switch (sighting.kind) {
    case 'tcp': {
      const { sourcePort, destinationPort, flags } = sighting
      return `${ends('TCP', sourcePort, destinationPort)} flags=${tcpLetters(flags) || 'none'}`
    }
    case 'udp':
      return ends('UDP', sighting.sourcePort, sighting.destinationPort)
    case 'icmp': {
      const { what, icmpId, icmpSeq } = sighting
      return `ICMP ${what} ${source} > ${destination} len=${length} id=${icmpId} seq=${icmpSeq}`
    }
    case 'icmp-error':
      return `${errorText(sighting)} to ${destination} about a packet to ${sighting.quoted.destination}`
    case 'arp':
    case 'neighbour':
      return `${sighting.kind} message from ${source}`
  }
}

function debug(text: string): Line {
  return out(`DEBUG: ${escapeControl(text)}\n`)
}

/** A packet that was sent, as hping3 shows it: `45 00 00 28 ... 00 00 ` with its blank at the end. */
export function debugSent(octets: Uint8Array): Line {
  const hex = Array.from(octets, (octet) => `${octet.toString(16).toUpperCase().padStart(2, '0')} `)
  return out(`${hex.join('')}\n`)
}
