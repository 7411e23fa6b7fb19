import {
  arpProbe,
  type Family,
  icmpProbe,
  neighbourProbe,
  type PacketProbe,
  type Probes,
  tcpProbe,
  UsageError,
  udpProbe,
} from '@portkit/core'
import type { FieldValue, Mode, Settings } from '../settings.ts'
import { payloadOf, USUAL } from './usual.ts'

/** Modes that send packets of our own making. */
export type PacketMode = Exclude<Mode, 'tcp-connect' | 'udp-sockets'>

/** Source ports below are other programs'. */
const FIRST_SOURCE_PORT = 1024

/**
 * What a run in this mode sends. Random fields are drawn once for the run.
 * @throws UsageError for time stamps over IPv6
 */
export function probesOf(
  settings: Settings,
  mode: PacketMode,
  families: readonly Family[],
  random: () => number,
): Probes {
  if (mode === 'arp') {
    const [arp, neighbour] = [arpProbe(), neighbourProbe()]
    const all = families.map((family) => (family === 4 ? arp : neighbour))
    return { all, of: (family) => (family === 4 ? arp : neighbour) }
  }
  const probe = probeOf(settings, mode, families, random)
  return { all: [probe], of: () => probe }
}

function probeOf(
  settings: Settings,
  mode: Exclude<PacketMode, 'arp'>,
  families: readonly Family[],
  random: () => number,
): PacketProbe {
  const { tcp, icmp, badSum } = settings
  const payload = payloadOf(settings, random)
  const common = { ...ipFields(settings, random), badSum, random }
  switch (mode) {
    case 'tcp':
      return tcpProbe({
        ...common,
        flags: tcp.flags,
        sourcePort: sourcePortOf(settings.sourcePort, random),
        seq: drawn(tcp.seq, 32, random),
        ack: drawn(tcp.ack, 32, random),
        window: drawn(tcp.window, 16, random),
        likeSystem: tcp.likeSystem,
        payload,
      })
    case 'udp': {
      const sourcePort =
        settings.sourcePort === undefined ? USUAL.udpSource : sourcePortOf(settings.sourcePort, random)
      return udpProbe({ ...common, sourcePort, payload: settings.udpPayloads ? 'questions' : payload })
    }
    case 'icmp':
      if (icmp.kind === 'timestamp' && families.includes(6))
        throw new UsageError('ICMPv6 has no timestamp request')
      return icmpProbe({
        ...common,
        ask: icmp.kind,
        icmpId: drawn(icmp.id, 16, random),
        icmpSeq: drawn(icmp.seq, 16, random),
        payload,
      })
  }
}

function ipFields({ ip }: Settings, random: () => number) {
  return {
    tos: drawn(ip.tos, 8, random),
    id: drawn(ip.id, 16, random),
    dontFragment: ip.dontFragment || undefined,
  }
}

/** The first time to live, or the only one. */
export function ttlOf({ ip, traceroute }: Settings, random: () => number): number {
  return drawn(ip.ttl, 8, random) ?? (traceroute ? 1 : USUAL.ttl)
}

function sourcePortOf(wanted: FieldValue | undefined, random: () => number): number {
  if (typeof wanted === 'number') return wanted
  return FIRST_SOURCE_PORT + (random() % (0x1_0000 - FIRST_SOURCE_PORT))
}

function drawn(value: FieldValue | undefined, bits: 8 | 16 | 32, random: () => number): number | undefined {
  if (value !== 'random') return value
  return bits === 32 ? random() : random() & (2 ** bits - 1)
}
