import {
  icmpProbe,
  type PacketProbe,
  type ProbePayload,
  type SourcePort,
  tcpProbe,
  udpProbe,
} from '@portkit/core'
import type { Settings } from '../settings.ts'
import { USUAL } from './usual.ts'

/** What a probe is made of besides the settings. */
export interface Material {
  readonly payload: ProbePayload | undefined
  /** How many packets there will be at most. */
  readonly most: number
  /** 32 random bits that nobody can guess. */
  readonly random: () => number
  /** Milliseconds since 1970. */
  wallMs(): number
}

/** The packets of a run. */
export function probeOf(settings: Settings, material: Material): PacketProbe {
  const { tcp, ip, icmp, badSum } = settings
  const { payload, random, wallMs } = material
  const { tos, id, dontFragment, recordRoute, moreFragments, fragmentOffset } = ip
  const header = { tos, id, dontFragment, recordRoute, moreFragments, fragmentOffset }
  const common = { ...header, payload, badSum, random }
  switch (settings.mode) {
    case 'tcp': {
      const { flags, window, seq, ack, mss, timestamp: timestamps } = tcp
      const sourcePort = sourcePortOf(settings, material)
      return tcpProbe({ ...common, sourcePort, flags, window, seq, ack, mss, timestamps })
    }
    case 'udp':
      return udpProbe({ ...common, sourcePort: sourcePortOf(settings, material) })
    case 'icmp':
      return icmpProbe({ ...common, ask: icmp, firstSeq: 0, originate: () => sinceMidnight(wallMs()) })
  }
}

const DAY_MS = 86_400_000

/** Milliseconds since midnight UTC (RFC 792). */
export function sinceMidnight(wallMs: number): number {
  return Math.floor(wallMs) % DAY_MS
}

/** The answers of a scan are told apart by their own numbers: one port serves all. */
function sourcePortOf(
  { sourcePort, keepSourcePort, scan }: Settings,
  { random, most }: Material,
): SourcePort {
  const first = sourcePort ?? USUAL.sourcePort + (random() % USUAL.sourcePorts)
  return keepSourcePort || scan !== undefined ? first : { first, most }
}
