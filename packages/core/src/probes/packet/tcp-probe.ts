import type { Route } from '../../io/packets.ts'
import type { Method } from '../../model/observation.ts'
import { finish } from '../../wire/checksum.ts'
import { encodeTcp, tcpHeaderLength } from '../../wire/tcp.ts'
import { TCP_FLAG } from '../../wire/tcp-flags.ts'
import type { TcpOption } from '../../wire/tcp-options.ts'
import { observeSighting } from './observe.ts'
import type { Claim, PacketProbe, Shot } from './packet-probe.ts'
import type { IcmpErrorSighting, TcpSighting } from './sighting.ts'
import { createTcpAnswers, type TcpAnswers } from './tcp-answers.ts'
import type { TcpProbeOptions } from './tcp-probe-options.ts'
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
import { createTokens } from './tokens.ts'

const PROTOCOL = 6
/** Offsets in octets (RFC 9293 section 3.1); the time stamp's is that of `systemOptions`. */
const AT = { port: 2, seq: 4, ack: 8, checksum: 16, timestamp: 28 } as const
const USUAL_WINDOW = 1480
/** An Ethernet's MTU less the headers, and ten times that or nearly so, as Linux offers it to begin with. */
const SYSTEM = { 4: { mss: 1460, window: 64240 }, 6: { mss: 1440, window: 64800 } } as const
const WINDOW_SCALE = 7
const LONGEST_HEADERS = 40 + 20 + 40

/** One TCP segment with any flags (RFC 9293). @throws RangeError from `build` for a field out of range */
export function tcpProbe(options: TcpProbeOptions): PacketProbe {
  const { flags, sourcePort, payload = NOTHING, likeSystem = false, badSum = false, random } = options
  const hasAck = (flags & TCP_FLAG.ack) !== 0
  const isFixed = options.seq !== undefined && (options.ack !== undefined || !hasAck)
  const tokens = isFixed ? UNUSED : createTokens(random)
  const ids = options.id === undefined ? createTokens(random, 16) : UNUSED
  const startOfClock = random()
  const templateOf = createTemplates((route) => template(options, route))
  const answers = createTcpAnswers(options, tokens, ids)

  function build({ index, route, port, ttl }: Shot, into: Uint8Array): number {
    const made = templateOf(route)
    const token = tokens.of(index)
    const seq = options.seq ?? token
    const ack = options.ack ?? (hasAck ? token : 0)
    stamp(made, into, ttl, options.id ?? ids.of(index))
    put16(into, made.upper + AT.port, port)
    put32(into, made.upper + AT.seq, seq)
    put32(into, made.upper + AT.ack, ack)
    let sum = made.upperSum + port + words(seq) + words(ack)
    if (likeSystem) {
      const time = (startOfClock + index) >>> 0
      put32(into, made.upper + AT.timestamp, time)
      sum += words(time)
    }
    const checksum = finish(sum)
    put16(into, made.upper + AT.checksum, badSum ? spoilt(checksum) : checksum)
    return made.octets.length
  }
  return {
    method: options.byWindow === true && flags === TCP_FLAG.ack ? 'tcp-window' : methodOf(flags),
    interest: { protocol: 'tcp', localPorts: [sourcePort, sourcePort], departingFlags: flags },
    mostOctets: LONGEST_HEADERS + payload.length,
    hasTokens: options.seq === undefined && (!hasAck || options.ack === undefined),
    build,
    claim: (sighting) => {
      if (sighting.kind === 'tcp') return claimOfSegment(sighting, options, answers)
      return sighting.kind === 'icmp-error' ? claimOfError(sighting, sourcePort, answers) : undefined
    },
    observe: observeSighting,
  }
}

const NOTHING = new Uint8Array()
/** For numbers that are fixed: the probes of a capture are many, and need none of their own. */
const UNUSED = createTokens(() => 0)

/**
 * Which table judges the answers to these flags. The two bits of congestion notification (RFC 3168) change nothing, and
 * without SYN, RST and ACK all ask what FIN does (RFC 9293 section 3.10.7).
 */
export function methodOf(flags: number): Method {
  switch (flags & ~(TCP_FLAG.ece | TCP_FLAG.cwr)) {
    case TCP_FLAG.syn:
      return 'tcp-syn'
    case TCP_FLAG.ack:
      return 'tcp-ack'
    case TCP_FLAG.fin:
      return 'tcp-fin'
    case 0:
      return 'tcp-null'
    case TCP_FLAG.fin | TCP_FLAG.psh | TCP_FLAG.urg:
      return 'tcp-xmas'
    case TCP_FLAG.fin | TCP_FLAG.ack:
      return 'tcp-maimon'
    default:
      if ((flags & TCP_FLAG.rst) !== 0) return 'tcp-rst'
      return (flags & (TCP_FLAG.syn | TCP_FLAG.ack)) === 0 ? 'tcp-fin' : 'tcp-other'
  }
}

/** What Linux sends with a SYN, in its order: `AT.timestamp` says where the time stamp is. */
function systemOptions(mss: number): readonly TcpOption[] {
  return [
    { kind: 'mss', value: mss },
    { kind: 'sack-permitted' },
    { kind: 'timestamps', value: 0, echo: 0 },
    { kind: 'nop' },
    { kind: 'window-scale', shift: WINDOW_SCALE },
  ]
}

function template(options: TcpProbeOptions, route: Route): Template {
  const { flags, sourcePort, payload = NOTHING, likeSystem = false } = options
  const system = SYSTEM[route.family]
  const header = {
    sourcePort,
    destinationPort: 0,
    seq: 0,
    ack: 0,
    reserved: 0,
    flags,
    window: options.window ?? (likeSystem ? system.window : USUAL_WINDOW),
    urgent: 0,
    options: likeSystem ? systemOptions(system.mss) : [],
  }
  const upper = new Uint8Array(tcpHeaderLength(header) + payload.length)
  encodeTcp(header, upper, 0, 0)
  upper.set(payload, upper.length - payload.length)
  const dontFragment = options.dontFragment ?? likeSystem
  return createTemplate(route, { ...options, dontFragment }, PROTOCOL, upper)
}

function claimOfSegment(s: TcpSighting, options: TcpProbeOptions, answers: TcpAnswers): Claim | undefined {
  if (s.direction !== 'in' && s.sourcePort === options.sourcePort && s.flags === options.flags) {
    const match = answers.ofProbe(s)
    if (match !== undefined) {
      return {
        role: 'probe',
        local: s.source,
        remote: s.destination,
        localPort: s.sourcePort,
        remotePort: s.destinationPort,
        index: match.index,
        modulus: match.modulus,
      }
    }
  }
  if (s.direction === 'out' || s.destinationPort !== options.sourcePort) return undefined
  const match = answers.ofAnswer(s)
  return (
    match && {
      role: 'answer',
      local: s.destination,
      remote: s.source,
      localPort: s.destinationPort,
      remotePort: s.sourcePort,
      index: match.index,
      modulus: match.modulus,
    }
  )
}

function claimOfError(s: IcmpErrorSighting, sourcePort: number, answers: TcpAnswers): Claim | undefined {
  const { quoted, direction } = s
  const { transport, source, destination } = quoted
  if (direction === 'out' || transport?.kind !== 'tcp' || transport.sourcePort !== sourcePort)
    return undefined
  // RFC 1122 section 3.2.2: an error goes to the sender of the packet that it is about.
  const match = source === s.destination ? answers.ofQuote(transport.seq, quoted.id) : undefined
  return (
    match && {
      role: 'error',
      local: source,
      remote: destination,
      localPort: sourcePort,
      remotePort: transport.destinationPort,
      ...match,
    }
  )
}
