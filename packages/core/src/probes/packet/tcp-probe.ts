import type { Method } from '../../model/observation.ts'
import { finish } from '../../wire/checksum.ts'
import { needField } from '../../wire/octets.ts'
import { TCP_FLAG } from '../../wire/tcp-flags.ts'
import { createIds } from './ids.ts'
import { LONGEST_IP_HEADER } from './ip-header.ts'
import { observeSighting } from './observe.ts'
import type { PacketProbe, Shot } from './packet-probe.ts'
import { seriesOf, writePayload } from './probe-payload.ts'
import { createSourcePorts } from './source-ports.ts'
import { createTcpAnswers } from './tcp-answers.ts'
import { tcpClaim } from './tcp-claims.ts'
import type { TcpProbeOptions } from './tcp-probe-options.ts'
import { tcpTemplate, timestampAt } from './tcp-template.ts'
import { createTemplates, put16, put32, spoilt, stamp, words } from './template.ts'
import { createTokens } from './tokens.ts'

/** Offsets in octets (RFC 9293 section 3.1). */
const AT = { ownPort: 0, port: 2, seq: 4, ack: 8, checksum: 16 } as const
const LONGEST_HEADER = 60

/**
 * One TCP segment with any flags (RFC 9293). Answers and errors bring its numbers back, and where the source port rises
 * the port as well.
 * @throws RangeError for options beside those of the system, and for a field out of range, of some only from `build`
 */
export function tcpProbe(options: TcpProbeOptions): PacketProbe {
  checkOptions(options)
  const { flags, payload = NOTHING, badSum = false, random } = options
  const hasAck = (flags & TCP_FLAG.ack) !== 0
  const isFixed = options.seq !== undefined && (options.ack !== undefined || !hasAck)
  const ports = createSourcePorts(options.sourcePort)
  const tokens = isFixed ? UNUSED : createTokens(random)
  const ids = createIds(options, random)
  const startOfClock = random()
  const templateOf = createTemplates((route) => tcpTemplate(options, route))
  const own = { flags, ports, answers: createTcpAnswers(options, tokens, ids) }
  const timeAt = timestampAt(options)
  const series = seriesOf(payload)

  function build({ index, route, port, ttl }: Shot, into: Uint8Array): number {
    const made = templateOf(route)
    const { upper, octets } = made
    const ownPort = ports.of(index)
    const token = tokens.of(index)
    const seq = options.seq ?? token
    const ack = options.ack ?? (hasAck ? token : 0)
    stamp(made, into, ttl, ids.of(index))
    put16(into, upper + AT.ownPort, ownPort)
    put16(into, upper + AT.port, port)
    put32(into, upper + AT.seq, seq)
    put32(into, upper + AT.ack, ack)
    let sum = made.upperSum + ownPort + port + words(seq) + words(ack)
    if (timeAt > 0) {
      const time = (startOfClock + index) >>> 0
      put32(into, upper + timeAt, time)
      sum += words(time)
    }
    if (series !== undefined) sum += writePayload(series, index, into, octets.length - series.length)
    const checksum = finish(sum)
    put16(into, upper + AT.checksum, badSum ? spoilt(checksum) : checksum)
    return octets.length
  }
  return {
    method: options.byWindow === true && flags === TCP_FLAG.ack ? 'tcp-window' : methodOf(flags),
    interest: { protocol: 'tcp', localPorts: ports.range, departingFlags: flags },
    mostOctets: LONGEST_IP_HEADER + LONGEST_HEADER + payload.length,
    hasTokens: ports.areTokens || (options.seq === undefined && (!hasAck || options.ack === undefined)),
    build,
    claim: (sighting) => tcpClaim(sighting, own),
    observe: observeSighting,
  }
}

const NOTHING = new Uint8Array()
/** For numbers that are fixed: the probes of a capture are many, and need none of their own. */
const UNUSED = createTokens(() => 0)

function checkOptions({ likeSystem = false, mss, timestamps = false }: TcpProbeOptions): void {
  if (likeSystem && (mss !== undefined || timestamps)) {
    throw new RangeError("the system's own options leave no choice of MSS or time stamps")
  }
  needField('mss', mss ?? 0, 0xffff)
}

/**
 * Which table judges the answers to these flags. The two bits of congestion notification (RFC 3168) change nothing, PSH
 * and URG nothing beside SYN, and without SYN, RST and ACK all ask what FIN does (RFC 9293 section 3.10.7). A SYN with
 * FIN is passed over by some systems where the port is open, Linux among them, and reset where it is closed.
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
      if ((flags & TCP_FLAG.ack) !== 0) return 'tcp-other'
      return (flags & (TCP_FLAG.syn | TCP_FLAG.fin)) === TCP_FLAG.syn ? 'tcp-syn' : 'tcp-fin'
  }
}
