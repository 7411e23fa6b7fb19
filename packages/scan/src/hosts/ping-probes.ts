import {
  arpProbe,
  type Family,
  type Io,
  icmpProbe,
  neighbourProbe,
  type PacketProbe,
  TCP_FLAG,
  tcpProbe,
  udpProbe,
} from '@portkit/core'
import type { PingProbe, Settings } from '../settings.ts'
import type { Candidates } from './candidate.ts'

/** One packet that each host of a group gets until it answers. */
export interface PingShot {
  readonly probe: PacketProbe
  /** 0 where the protocol has none. */
  readonly port: number
}

/** Hosts that are asked in the same way, in one phase. */
export interface PingGroup {
  readonly title: 'ARP Ping Scan' | 'ND Ping Scan' | 'Ping Scan'
  readonly family: Family
  readonly candidates: Candidates
  readonly shots: readonly PingShot[]
}

interface PingOptions {
  readonly settings: Pick<Settings, 'discovery' | 'source'>
  readonly io: Pick<Io, 'random'>
}

/** nmap's own; ICMPv6 has no time stamps. */
const USUAL = [
  { kind: 'echo' },
  { kind: 'syn', ports: [443] },
  { kind: 'ack', ports: [80] },
  { kind: 'timestamp' },
] as const satisfies readonly PingProbe[]

/** Neighbours by what their link has for it, all others by the user's probes. Groups without hosts are left out. */
export function createPingGroups(candidates: Candidates, options: PingOptions): readonly PingGroup[] {
  const at = (place: 'link' | 'far', wanted: Family): Candidates =>
    candidates.filter(({ route, ...each }) => each.place === place && route?.family === wanted)
  const ofLink = (probe: PacketProbe): readonly PingShot[] => [{ probe, port: 0 }]
  const groups: readonly PingGroup[] = [
    { title: 'ARP Ping Scan', family: 4, candidates: at('link', 4), shots: ofLink(arpProbe()) },
    { title: 'ND Ping Scan', family: 6, candidates: at('link', 6), shots: ofLink(neighbourProbe()) },
    { title: 'Ping Scan', family: 4, candidates: at('far', 4), shots: pingShots(4, options) },
    { title: 'Ping Scan', family: 6, candidates: at('far', 6), shots: pingShots(6, options) },
  ]
  return groups.filter((group) => group.candidates.length > 0)
}

/** Linux and Windows give none of these to connections of their own unless told to. */
const OWN_PORTS = { first: 61_000, count: 4_096 } as const

function pingShots(family: Family, { settings, io }: PingOptions): readonly PingShot[] {
  const { probes } = settings.discovery
  const { source } = settings
  const sourcePort = source.port ?? OWN_PORTS.first + (io.random() % OWN_PORTS.count)
  const common = { sourcePort, badSum: source.badSum, random: io.random }
  const data = source.dataLength ?? 0
  const payload = data > 0 ? Uint8Array.from({ length: data }, () => io.random() & 0xff) : undefined
  const extra = payload === undefined ? {} : { payload }
  const shotsOf = (ping: PingProbe): readonly PingShot[] => {
    switch (ping.kind) {
      case 'syn':
        return at(ping.ports, tcpProbe({ ...common, ...extra, ...SYN }))
      case 'ack':
        return at(ping.ports, tcpProbe({ ...common, ...extra, ...ACK }))
      case 'udp':
        return at(ping.ports, udpProbe({ ...common, payload: payload ?? 'questions' }))
      case 'echo':
        return at([0], icmpProbe({ ask: 'echo', random: io.random, ...extra }))
      case 'timestamp':
      case 'mask':
        return family === 6 ? [] : at([0], icmpProbe({ ask: ping.kind, random: io.random }))
    }
  }
  const shots = (probes.length > 0 ? probes : USUAL).flatMap(shotsOf)
  // Time stamps alone cannot be asked for over IPv6.
  return shots.length > 0 ? shots : USUAL.flatMap(shotsOf)
}

const SYN = { flags: TCP_FLAG.syn, mss: 1460, window: 1024 } as const
const ACK = { flags: TCP_FLAG.ack, window: 1024 } as const

function at(ports: readonly number[], probe: PacketProbe): readonly PingShot[] {
  return ports.map((port) => ({ probe, port }))
}
