import type { Route } from '../../io/packets.ts'
import type { Family } from '../../model/target.ts'
import { finish } from '../../wire/checksum.ts'
import { encodeIcmp4, icmp4HeaderLength } from '../../wire/icmp4.ts'
import { encodeIcmp6, icmp6HeaderLength } from '../../wire/icmp6.ts'
import { observeSighting } from './observe.ts'
import type { Claim, PacketProbe, Shot } from './packet-probe.ts'
import type { IcmpErrorSighting, IcmpSighting } from './sighting.ts'
import {
  createTemplate,
  createTemplates,
  type IpFields,
  put16,
  spoilt,
  stamp,
  type Template,
} from './template.ts'
import { createTokens } from './tokens.ts'

export interface IcmpProbeOptions extends IpFields {
  /** Time stamps (RFC 792) and masks (RFC 950) are asked for over IPv4 only; over IPv6 that shot cannot be built. */
  readonly ask: 'echo' | 'timestamp' | 'mask'
  /** Not given: random, one for the whole run, as ping does. */
  readonly icmpId?: number | undefined
  /** The sequence number of every probe; not given: 1 for the first shot, and one more for each that follows. */
  readonly icmpSeq?: number | undefined
  /** Of an echo request, which its reply brings back. */
  readonly payload?: Uint8Array | undefined
  /** Send a wrong ICMP checksum. */
  readonly badSum?: boolean | undefined
  /** 32 random bits that nobody can guess. */
  readonly random: () => number
}

const PROTOCOL = { 4: 1, 6: 58 } as const
/** Offset in octets (RFC 792, RFC 4443 section 4.1). */
const AT = { checksum: 2, seq: 6 } as const
const TYPE = {
  echo: { 4: 8, 6: 128 },
  timestamp: { 4: 13, 6: undefined },
  mask: { 4: 17, 6: undefined },
} as const
const FIRST_SEQ = 1
const LONGEST_HEADERS = 40 + 20
const NOTHING = new Uint8Array()

/** A question to a host instead of a port (RFC 792, RFC 4443). @throws RangeError from `build` for what IPv6 does not have */
export function icmpProbe(options: IcmpProbeOptions): PacketProbe {
  const { ask, icmpSeq, badSum = false, payload = NOTHING, random } = options
  const icmpId = options.icmpId ?? random() & 0xffff
  const ids = createTokens(random, 16)
  const templateOf = createTemplates((route) => template(options, route, icmpId))

  function build({ index, route, ttl }: Shot, into: Uint8Array): number {
    const made = templateOf(route)
    const seq = icmpSeq ?? (index + FIRST_SEQ) & 0xffff
    stamp(made, into, ttl, options.id ?? ids.of(index))
    put16(into, made.upper + AT.seq, seq)
    const checksum = finish(made.upperSum + seq)
    put16(into, made.upper + AT.checksum, badSum ? spoilt(checksum) : checksum)
    return made.octets.length
  }
  return {
    method: `icmp-${ask}`,
    interest: { protocol: 'icmp' },
    mostOctets: LONGEST_HEADERS + payload.length,
    hasTokens: icmpSeq === undefined,
    build,
    claim: (sighting) => {
      const own = { ask, icmpId, icmpSeq }
      if (sighting.kind === 'icmp') return claimOfMessage(sighting, own)
      return sighting.kind === 'icmp-error' ? claimOfError(sighting, own) : undefined
    },
    observe: observeSighting,
  }
}

function template(options: IcmpProbeOptions, route: Route, id: number): Template {
  const { ask, payload = NOTHING } = options
  const upper = ask === 'echo' ? echo(route.family, id, payload) : ofIpv4(ask, route.family, id)
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

/** The reply's own stamps are what is of use, hence the originate stamp may be zero. */
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
}

/** Which packet a sequence number is of; undefined when no packet of the run has it. */
function matchOf(seq: number, { icmpSeq }: Own): Pick<Claim, 'index' | 'modulus'> | undefined {
  const modulus = 0x1_0000
  if (icmpSeq === undefined) return { index: (seq - FIRST_SEQ) & 0xffff, modulus }
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
