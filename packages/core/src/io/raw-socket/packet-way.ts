import { LocalFault } from '../../model/errors.ts'
import type { Family } from '../../model/target.ts'
import { readIpv4, readIpv6 } from '../../wire/octets.ts'
import { localFault } from '../local-fault.ts'
import type { OutgoingPacket } from '../packets.ts'

/** RFC 791 section 3.1, RFC 8200 section 3. Offsets and lengths in octets. */
const HEADER = { 4: { length: 20, destination: 16 }, 6: { length: 40, destination: 24 } } as const

/** Where the system is to be told that a packet goes; what it says itself is what the receiver reads. */
export interface PacketWay {
  readonly family: Family
  /** With a zone where the address alone does not tell the link. */
  readonly destination: string
}

/** @param nameOf the name of an interface by its number */
export function wayOf(
  packet: OutgoingPacket,
  nameOf: (index: number) => string | undefined,
): PacketWay | LocalFault {
  const { octets, length } = packet
  if (packet.hardwareDestination !== undefined) return needsKernel('ARP')
  const family = (octets[0] ?? 0) >>> 4
  if (family !== 4 && family !== 6) return new LocalFault('EINVAL', `no IP packet: version ${family}`)
  if (length < HEADER[family].length || length > octets.length) {
    return new LocalFault('EINVAL', `no whole IPv${family} packet: ${length} octets`)
  }
  if (family === 4) return { family, destination: readIpv4(octets, HEADER[4].destination) }
  const destination = destination6(packet, nameOf)
  return destination instanceof LocalFault ? destination : { family, destination }
}

/** What cannot be done without system calls of our own. */
export function needsKernel(what: string): LocalFault {
  return new LocalFault(
    'ENOTSUP',
    `${what} needs Linux and the optional package koffi: raw-socket cannot do it`,
  )
}

function destination6(
  { octets, interfaceIndex }: OutgoingPacket,
  nameOf: (index: number) => string | undefined,
): string | LocalFault {
  const address = readIpv6(octets, HEADER[6].destination)
  if (interfaceIndex === 0 || !needsZone(octets)) return address
  const name = nameOf(interfaceIndex)
  return name === undefined
    ? localFault('ENODEV', `interface number ${interfaceIndex}`, 'interfaceIndex')
    : `${address}%${name}`
}

/** fe80::/10 and ff00::/8 (RFC 4291 sections 2.5.6 and 2.7). */
function needsZone(octets: Uint8Array): boolean {
  const [first = 0, second = 0] = octets.subarray(HEADER[6].destination)
  return first === 0xff || (first === 0xfe && (second & 0xc0) === 0x80)
}
