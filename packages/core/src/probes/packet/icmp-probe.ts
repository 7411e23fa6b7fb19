import type { Route } from '../../io/packets.ts'
import type { Family } from '../../model/target.ts'
import { finish } from '../../wire/checksum.ts'
import { encodeIcmp4, icmp4HeaderLength } from '../../wire/icmp4.ts'
import { encodeIcmp6, icmp6HeaderLength } from '../../wire/icmp6.ts'
import { needField } from '../../wire/octets.ts'
import { createIds } from './ids.ts'
import { type IpFields, LONGEST_IP_HEADER } from './ip-header.ts'
import { observeSighting } from './observe.ts'
import type { Claim, PacketProbe, Shot } from './packet-probe.ts'
import { commonPayload, type ProbePayload, seriesOf, writePayload } from './probe-payload.ts'
import type { IcmpErrorSighting, IcmpSighting } from './sighting.ts'
import {
  createTemplate,
  createTemplates,
  put16,
  put32,
  spoilt,
  stamp,
  type Template,
  words,
} from './template.ts'

export interface IcmpProbeOptions extends IpFields {
  /** Time stamps (RFC 792) and masks (RFC 950) are asked for over IPv4 only; over IPv6 that shot cannot be built. */
  readonly ask: 'echo' | 'timestamp' | 'mask'
  /** Not given: random, one for the whole run, as ping does. */
  readonly icmpId?: number | undefined
  /** The sequence number of every probe; not given: `firstSeq` for the first shot, and one more for each that follows. */
  readonly icmpSeq?: number | undefined
  /** 1 when not given. */
  readonly firstSeq?: number | undefined
  /** Of an echo request, which its reply brings back. */
  readonly payload?: ProbePayload | undefined
  /**
   * The time of day that a time stamp request leaves at, in milliseconds since midnight UTC; zero when not given, for the
   * reply's own stamps may be all that is of use. Asked with every packet that is built.
   */
  readonly originate?: (() => number) | undefined
  /** Send a wrong ICMP checksum. */
  readonly badSum?: boolean | undefined
  /** 32 random bits that nobody can guess. */
  readonly random: () => number
}

const PROTOCOL = { 4: 1, 6: 58 } as const
/** Offsets in octets (RFC 792, RFC 4443 section 4.1). */
const AT = { checksum: 2, seq: 6, payload: 8, originate: 8 } as const
const TYPE = {
  echo: { 4: 8, 6: 128 },
  timestamp: { 4: 13, 6: undefined },
  mask: { 4: 17, 6: undefined },
} as const
const USUAL_FIRST_SEQ = 1
/** That of time stamps. */
const LONGEST_HEADER = 20
const NOTHING = new Uint8Array()

/**
 * A question to a host instead of a port (RFC 792, RFC 4443).
 * @throws RangeError for a `firstSeq` out of range; from `build` for other fields, and for what IPv6 does not have
 */
export function icmpProbe(options: IcmpProbeOptions): PacketProbe {
  const { ask, icmpSeq, firstSeq = USUAL_FIRST_SEQ, badSum = false, payload = NOTHING, random } = options
  needField('first sequence number', firstSeq, 0xffff)
  const icmpId = options.icmpId ?? random() & 0xffff
  const ids = createIds(options, random)
  const templateOf = createTemplates((route) => template(options, route, icmpId))
  const own = { ask, icmpId, icmpSeq, firstSeq }
  const series = ask === 'echo' ? seriesOf(payload) : undefined
  const originate = ask === 'timestamp' ? options.originate : undefined

  function build({ index, route, ttl }: Shot, into: Uint8Array): number {
    const made = templateOf(route)
    const { upper, octets } = made
    const seq = icmpSeq ?? (index + firstSeq) & 0xffff
    stamp(made, into, ttl, ids.of(index))
    put16(into, upper + AT.seq, seq)
    let sum = made.upperSum + seq
    if (series !== undefined) sum += writePayload(series, index, into, upper + AT.payload)
    if (originate !== undefined) {
      const time = originate() >>> 0
      put32(into, upper + AT.originate, time)
      sum += words(time)
    }
    const checksum = finish(sum)
    put16(into, upper + AT.checksum, badSum ? spoilt(checksum) : checksum)
    return octets.length
  }
  return {
    method: `icmp-${ask}`,
    interest: { protocol: 'icmp' },
    mostOctets: LONGEST_IP_HEADER + LONGEST_HEADER + payload.length,
    hasTokens: icmpSeq === undefined,
    build,
    claim: (sighting) => {
      if (sighting.kind === 'icmp') return claimOfMessage(sighting, own)
      return sighting.kind === 'icmp-error' ? claimOfError(sighting, own) : undefined
    },
    observe: observeSighting,
  }
}

function template(options: IcmpProbeOptions, route: Route, id: number): Template {
  const { ask, payload = NOTHING } = options
  const upper =
    ask === 'echo' ? echo(route.family, id, commonPayload(payload)) : ofIpv4(ask, route.family, id)
  return createTemplate(route, options, PROTOCOL[route.family], upper)
}

function echo(family: Family, id: number, payload: Uint8Array): Uint8Array {
  const header = { kind: 'echo-request', code: 0, id, seq: 0 } as const
  const length = family === 4 ? icmp4HeaderLength(header) : icmp6HeaderLength(header)
  const upper = new Uint8Array(length + payload.length)
  if (family === 4) encodeIcmp4(header, upper, 0, 0)
  else encodeIcmp6(header, upper, 0, 0)
  upper.set(payload, length)
  return upper
}

const TIMES = { originate: 0, receive: 0, transmit: 0 } as const

function ofIpv4(ask: 'timestamp' | 'mask', family: Family, id: number): Uint8Array {
  if (family === 6) throw new RangeError(`ICMPv6 has no ${ask} request`)
  const common = { code: 0, id, seq: 0 } as const
  const header =
    ask === 'mask'
      ? ({ kind: 'mask-request', ...common, mask: '0.0.0.0' } as const)
      : ({ kind: 'timestamp-request', ...common, ...TIMES } as const)
  const upper = new Uint8Array(icmp4HeaderLength(header))
  encodeIcmp4(header, upper, 0, 0)
  return upper
}

interface Own {
  readonly ask: IcmpProbeOptions['ask']
  readonly icmpId: number
  readonly icmpSeq: number | undefined
  readonly firstSeq: number
}

/** Which packet a sequence number is of; undefined when no packet of the run has it. */
function matchOf(seq: number, { icmpSeq, firstSeq }: Own): Pick<Claim, 'index' | 'modulus'> | undefined {
  const modulus = 0x1_0000
  if (icmpSeq === undefined) return { index: (seq - firstSeq) & 0xffff, modulus }
  return seq === icmpSeq ? { index: undefined, modulus } : undefined
}

function claimOfMessage(s: IcmpSighting, own: Own): Claim | undefined {
  if (s.icmpId !== own.icmpId) return undefined
  const match = matchOf(s.icmpSeq, own)
  if (match === undefined) return undefined
  const ports = { localPort: 0, remotePort: 0 }
  if (s.what === `${own.ask}-request` && s.direction !== 'in') {
    return { role: 'probe', local: s.source, remote: s.destination, ...ports, ...match }
  }
  if (s.what !== `${own.ask}-reply` || s.direction === 'out') return undefined
  return { role: 'answer', local: s.destination, remote: s.source, ...ports, ...match }
}

function claimOfError(s: IcmpErrorSighting, own: Own): Claim | undefined {
  const { quoted, direction, family } = s
  const { transport, source, destination } = quoted
  if (transport?.kind !== 'icmp' || transport.type !== TYPE[own.ask][family]) return undefined
  // RFC 1122 section 3.2.2: an error goes to the sender of the packet that it is about.
  if (direction === 'out' || source !== s.destination) return undefined
  // Without a number that names one of our packets it could be anybody's request.
  if (transport.id !== own.icmpId || transport.seq === undefined) return undefined
  const match = matchOf(transport.seq, own)
  return match && { role: 'error', local: source, remote: destination, localPort: 0, remotePort: 0, ...match }
}
