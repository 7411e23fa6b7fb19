import { type PacketProbe, type PayloadSeries, TCP_FLAG, tcpProbe, udpProbe } from '@portkit/core'
import type { ScanKind } from '../model/scan-kind.ts'
import type { Settings } from '../settings.ts'

/** The kinds of scans that are made of single packets. */
export type PacketKind = Exclude<ScanKind, 'connect'>

/** What the packets of a scan are made of. */
export interface PacketMaterial {
  readonly kind: PacketKind
  readonly sourcePort: number
  readonly source: Pick<Settings['source'], 'dataLength' | 'badSum'>
  readonly random: () => number
}

/** A server that is asked has room for whole Ethernet frames; a SYN without the option looks odd to firewalls. */
const SYN_OPTIONS = { mss: 1460, window: 1024 } as const
const OTHERS = { window: 1024 } as const

const FLAGS = {
  syn: TCP_FLAG.syn,
  ack: TCP_FLAG.ack,
  window: TCP_FLAG.ack,
  fin: TCP_FLAG.fin,
  null: 0,
  xmas: TCP_FLAG.fin | TCP_FLAG.psh | TCP_FLAG.urg,
  maimon: TCP_FLAG.fin | TCP_FLAG.ack,
} as const satisfies Record<Exclude<PacketKind, 'udp'>, number>

/** Answers to all of them have one of these: a connection's data need not be looked at. */
const ARRIVING = TCP_FLAG.syn | TCP_FLAG.rst

/**
 * How much further behind its number a probe may be acknowledged than at the least: a FIN counts one and data its length
 * (RFC 9293 section 3.4), but some systems do not count what they pass over.
 */
export function ackDoubt({ kind, source }: Pick<PacketMaterial, 'kind' | 'source'>): number {
  if (kind === 'udp') return 0
  return ((FLAGS[kind] & TCP_FLAG.fin) === 0 ? 0 : 1) + (source.dataLength ?? 0)
}

/** The probe of a kind of scan. A UDP port of a known service is asked its question, unless other data is wished for. */
export function probeOf({ kind, sourcePort, source, random }: PacketMaterial): PacketProbe {
  const { badSum, dataLength = 0 } = source
  const common = { sourcePort, badSum, random }
  const payload = dataLength > 0 ? randomData(dataLength, random) : undefined
  if (kind === 'udp') return udpProbe({ ...common, payload: payload ?? 'questions' })
  const options = kind === 'syn' ? SYN_OPTIONS : OTHERS
  const byWindow = kind === 'window'
  const probe = tcpProbe({ ...common, ...options, flags: FLAGS[kind], byWindow, ...(payload && { payload }) })
  return { ...probe, interest: { ...probe.interest, arrivingFlags: ARRIVING } }
}

/** Octets that are the same in no two packets of a kind, drawn once: what matters is that no filter knows them. */
function randomData(length: number, random: () => number): PayloadSeries {
  const pool = Uint8Array.from({ length: length + POOL }, () => random() & 0xff)
  return { length, at: (index) => pool.subarray(index % POOL, (index % POOL) + length) }
}

const POOL = 251
