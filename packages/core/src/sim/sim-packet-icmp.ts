import type { Icmp4 } from '../wire/icmp4.ts'
import type { Icmp6 } from '../wire/icmp6.ts'
import { type Answerer, wayBack } from './sim-packet-answer.ts'
import { icmp4Packet, icmp6Packet } from './sim-packet-make.ts'
import type { Parcel } from './sim-packet-read.ts'
import type { Machine } from './sim-packet-world.ts'

const DAY_MS = 86_400_000

/** What a machine answers to an ICMP message: echo and time stamp replies (RFC 792), as Linux does nothing else. */
export function icmp4Answer(
  parcel: Parcel,
  header: Icmp4,
  machine: Machine,
  answerer: Answerer,
): Uint8Array | undefined {
  const { id, seq } = header as { id?: number; seq?: number }
  if (id === undefined || seq === undefined || header.code !== 0) return undefined
  const way = wayBack(parcel, answerer, { tos: parcel.tos, id: answerer.random() >>> 16 })
  const payload = parcel.octets.subarray(header.payload.from, header.payload.to)
  if (header.kind === 'echo-request' && machine.echo !== false) {
    return icmp4Packet(way, { kind: 'echo-reply', code: 0, id, seq }, payload)
  }
  if (header.kind !== 'timestamp-request' || machine.timestamp === false) return undefined
  const now = Math.floor(answerer.wallMs % DAY_MS)
  const times = { originate: header.originate, receive: now, transmit: now }
  return icmp4Packet(way, { kind: 'timestamp-reply', code: 0, id, seq, ...times })
}

/** The echo reply of RFC 4443 section 4.2. */
export function icmp6Answer(
  parcel: Parcel,
  header: Icmp6,
  machine: Machine,
  answerer: Answerer,
): Uint8Array | undefined {
  if (header.kind !== 'echo-request' || header.code !== 0 || machine.echo === false) return undefined
  const payload = parcel.octets.subarray(header.payload.from, header.payload.to)
  const { id, seq } = header
  return icmp6Packet(wayBack(parcel, answerer), { kind: 'echo-reply', code: 0, id, seq }, payload)
}

const NEIGHBOURS_HOP_LIMIT = 255

/** The advertisement of RFC 4861 section 7.2.4; nothing for a solicitation that came through a router (7.1.1). */
export function advertisement(
  parcel: Parcel,
  target: string,
  mac: string,
  answerer: Answerer,
): Uint8Array | undefined {
  if (parcel.ttl !== NEIGHBOURS_HOP_LIMIT) return undefined
  const source = answerer.mischief.from ?? target
  const way = { source, destination: parcel.source, ttl: NEIGHBOURS_HOP_LIMIT }
  return icmp6Packet(way, {
    kind: 'neighbour-advertisement',
    code: 0,
    isRouter: false,
    isSolicited: true,
    isOverride: true,
    reserved: 0,
    target,
    options: [{ kind: 'target-link-layer', mac }],
  })
}
