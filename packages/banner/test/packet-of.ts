import type { Transport } from '@portkit/core'

const PROTOCOL = { tcp: 6, udp: 17 } as const
const [LOCAL, REMOTE] = [
  [10, 0, 0, 1],
  [10, 0, 0, 2],
]

const u16 = (value: number): readonly number[] => [value >>> 8, value & 255]

/** An IPv4 packet with a segment or datagram in it, as from a client to a server, with true checksums. */
export function packetOf(transport: Transport, from: number, to: number, data: Uint8Array): Uint8Array {
  const ends = [...LOCAL, ...REMOTE]
  const head = transport === 'tcp' ? 20 : 8
  const length = head + data.length
  const ports = [...u16(from), ...u16(to)]
  const segment =
    transport === 'tcp'
      ? [...ports, 0, 0, 0, 1, 0, 0, 0, 1, 0x50, 0x18, 4, 0, 0, 0, 0, 0, ...data]
      : [...ports, ...u16(length), 0, 0, ...data]
  const pseudo = [...ends, 0, PROTOCOL[transport], ...u16(length)]
  segment.splice(transport === 'tcp' ? 16 : 6, 2, ...checksum([...pseudo, ...segment]))
  const header = [0x45, 0, ...u16(20 + length), 0, 1, 0x40, 0, 64, PROTOCOL[transport], 0, 0, ...ends]
  header.splice(10, 2, ...checksum(header))
  return Uint8Array.from([...header, ...segment])
}

/** The Internet checksum (RFC 1071). */
function checksum(octets: readonly number[]): readonly number[] {
  let sum = 0
  for (let i = 0; i < octets.length; i += 2) sum += ((octets[i] ?? 0) << 8) | (octets[i + 1] ?? 0)
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16)
  return u16(~sum & 0xffff)
}
