import { createCaptureWriter } from '../src/io/capture/capture-writer.ts'
import type { StandardInput } from '../src/io/io.ts'
import { type SimIo, simIo, tcpPacket, type World } from '../src/sim/sim.ts'
import { LINK_TYPE } from '../src/wire/link.ts'
import type { Report, Runner } from './tool-kit.ts'
import { captureFile, VECTORS, type Vector } from './vectors.ts'

/** The index's words in ours. */
const STATE: Readonly<Record<string, string>> = { stealth: 'filtered', none: 'unknown' }
const REASON: Readonly<Record<string, string>> = {
  'icmp-admin-prohibited': 'admin-prohibited',
  'icmp6-admin-prohibited': 'admin-prohibited',
  'icmp-port-unreachable': 'port-unreach',
  'icmp6-port-unreachable': 'port-unreach',
  'icmp-host-unreachable': 'host-unreach',
  'icmp6-address-unreachable': 'host-unreach',
  'icmp-net-unreachable': 'net-unreach',
  'icmp6-no-route': 'no-route',
  'icmp-time-exceeded': 'time-exceeded',
  'icmp6-time-exceeded': 'time-exceeded',
}

/** What a tool is to find out about a recorded probe. */
export function judged({ state, reason }: Vector) {
  return { state: STATE[state] ?? state, reason: REASON[reason] ?? reason }
}

/** Recorded probes that left. */
export const PROBED = VECTORS.filter(({ probeFrame }) => probeFrame !== undefined)

/** Has a tool read one capture, a recorded one by its name; it is at `a.pcap`. */
export function captureReader({ readOn }: Pick<Runner, 'readOn'>) {
  return (
    file: string | Uint8Array,
    argv: readonly string[] = [],
    more: Partial<World> = {},
  ): Promise<Report> => {
    const octets = typeof file === 'string' ? captureFile(file) : file
    const io = simIo({ ports: {}, ...more, files: { 'a.pcap': octets } })
    return readOn(io, ['--read', 'a.pcap', '--timeout', '10s', ...argv])
  }
}

/** A capture with nanoseconds, of raw IP unless said otherwise. */
export function captureOf(packets: readonly Uint8Array[], linkType: number = LINK_TYPE.raw): Uint8Array {
  const pieces: Uint8Array[] = []
  const writer = createCaptureWriter({ write: (octets) => void pieces.push(octets.slice()) }, linkType)
  for (const [i, octets] of packets.entries()) {
    writer.packet(1_000_000_000n + BigInt(i) * 1000n, octets, octets.length)
  }
  writer.flush()
  return new Uint8Array(Buffer.concat(pieces))
}

export function syn(port: number, sourcePort = 4000): Uint8Array {
  return tcpPacket(
    { source: '10.0.0.1', destination: '10.0.0.2', ttl: 64 },
    { sourcePort, destinationPort: port, seq: 1000 + port, flags: 2 },
  )
}

/** Standard input that the user interrupts once its first octets have been read. */
export function stoppingAfterOne(io: SimIo): StandardInput {
  let reads = 0
  return {
    isTty: false,
    read(most) {
      if (reads++ === 1) io.interrupt()
      return io.stdin.read(most)
    },
    release: () => io.stdin.release(),
  }
}

/** The packets of a file that we wrote, which is little-endian with nanoseconds. */
export function packetsIn(file: Uint8Array) {
  const view = new DataView(file.buffer, file.byteOffset, file.length)
  const packets: { readonly timeNs: bigint; readonly octets: Uint8Array; readonly length: number }[] = []
  for (let at = 24; at < file.length; ) {
    const captured = view.getUint32(at + 8, true)
    const timeNs = BigInt(view.getUint32(at, true)) * 1_000_000_000n + BigInt(view.getUint32(at + 4, true))
    const octets = file.slice(at + 16, at + 16 + captured)
    packets.push({ timeNs, octets, length: view.getUint32(at + 12, true) })
    at += 16 + captured
  }
  return { linkType: view.getUint32(20, true), packets }
}
