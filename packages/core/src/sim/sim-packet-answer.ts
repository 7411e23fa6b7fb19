import { internetChecksum } from '../wire/checksum.ts'
import { write16 } from '../wire/octets.ts'
import { type IpWay, icmp4Packet, icmp6Packet } from './sim-packet-make.ts'
import type { Parcel } from './sim-packet-read.ts'
import { answerOptions } from './sim-packet-record-route.ts'
import type { Mischief } from './sim-packet-world.ts'

/** A packet that comes back, so many milliseconds after the probe left. */
export interface Answer {
  readonly afterMs: number
  readonly octets: Uint8Array
}

/** Whoever answers a probe, and how. */
export interface Answerer {
  /** Routers between an address and this machine. */
  distanceOf(address: string): number
  readonly mischief: Mischief
  /** 32 bits: what a machine chooses itself. */
  readonly random: () => number
  readonly wallMs: number
}

const FIRST_TTL = 64

/** The IP header of an answer to `parcel`, from the address that the probe went to unless `from` or the world says another. */
export function wayBack(parcel: Parcel, answerer: Answerer, more: Partial<IpWay> = {}): IpWay {
  const { mischief, random } = answerer
  const from = more.source ?? parcel.destination
  const optionOctets = answerOptions(parcel.optionOctets, from)
  return {
    destination: parcel.source,
    ttl: Math.max(1, FIRST_TTL - answerer.distanceOf(from)),
    ...(parcel.family === 6 ? { flowLabel: random() >>> 12 } : {}),
    ...(optionOctets === undefined ? {} : { optionOctets }),
    ...more,
    source: mischief.from ?? from,
  }
}

/** An ICMP error: its numbers, who sends it, and when. */
export interface SimError {
  readonly type: number
  readonly code: number
  readonly from: string
  readonly afterMs: number
}

/** What fits into a packet of 576 octets (RFC 1812 section 4.3.2.3), or of the smallest MTU of IPv6 (RFC 4443 section 2.4). */
const LONGEST_QUOTE = { 4: 576 - 28, 6: 1280 - 48 } as const
/** Linux sends errors with precedence 6 (RFC 1812 section 4.3.2.5). */
const ERROR_TOS = 0xc0

/** The ICMP error about a packet, which it quotes as it arrived at `from`. */
export function errorAbout(parcel: Parcel, error: SimError, answerer: Answerer): Answer {
  const { type, code, from: source, afterMs } = error
  const { mischief, random } = answerer
  const quoted = travelled(parcel, answerer.distanceOf(source))
  const header = { kind: 'unknown', type, code, rest: 0 } as const
  const quote = quoteOf(quoted, mischief.quote, LONGEST_QUOTE[parcel.family])
  if (parcel.family === 6) {
    return { afterMs, octets: icmp6Packet(wayBack(parcel, answerer, { source }), header, quote) }
  }
  const way = wayBack(parcel, answerer, { source, tos: ERROR_TOS, id: random() >>> 16 })
  return { afterMs, octets: icmp4Packet(way, header, quote) }
}

function quoteOf(octets: Uint8Array, quote: Mischief['quote'], most: number): Uint8Array {
  if (quote instanceof Uint8Array) return quote
  return octets.subarray(0, Math.min(quote ?? most, most))
}

/** Offsets of what routers change. */
const AT = { ttl4: 8, checksum4: 10, hopLimit6: 7 } as const

/** The packet after so many routers, each of which takes one off its time to live. */
function travelled({ octets, family, ttl }: Parcel, routers: number): Uint8Array {
  const copy = octets.slice()
  copy[family === 4 ? AT.ttl4 : AT.hopLimit6] = Math.max(0, ttl - routers)
  if (family === 4) sealIpv4(copy)
  return copy
}

/** Makes the checksum of an IPv4 header right again. */
export function sealIpv4(octets: Uint8Array): void {
  write16(octets, AT.checksum4, 0)
  write16(octets, AT.checksum4, internetChecksum(octets, 0, 4 * ((octets[0] ?? 0) & 0xf)))
}
