import { icmpTimesOf, type Sighting, timestampOf } from '@portkit/core'
import { read16 } from '@portkit/core/wire'
import { hexDump, textDump } from './dump.ts'
import { rttField } from './round-trip.ts'
import { createRouteText } from './route-text.ts'
import { tcpLetters } from './tcp-letters.ts'

type Tcp = Extract<Sighting, { kind: 'tcp' }>
type Icmp = Extract<Sighting, { kind: 'icmp' }>

/** An answer in time: not an ICMP error. */
export type Answer = Tcp | Icmp | Extract<Sighting, { kind: 'udp' }>

/** What lines are to tell; the part of `Settings` that they depend on. */
export interface Manner {
  readonly verbose: boolean
  readonly beep: boolean
  readonly sequenceNumbers: boolean
  readonly dumpHex: boolean
  readonly dumpText: boolean
  readonly tcp: { readonly timestamp: boolean }
  readonly ip: { readonly recordRoute: boolean }
}

export interface Shown<S extends Answer = Answer> {
  readonly sighting: S
  /** Of the shot that it answers, 0 for the first. */
  readonly seq: number
  /** Nanoseconds; undefined when it is not known, and then there is no `rtt=`. */
  readonly rttNs: number | undefined
  /** The shot was answered before. */
  readonly isAgain: boolean
  /** Milliseconds since midnight UTC. */
  readonly nowMs: number
}

/** The texts about the packets of one run. Their octets may be read during the call only. */
export interface AnswerText {
  /** All that is said of an answer, with its line ends. */
  answer(shown: Shown): string
  /** What follows the lines about an ICMP error: dumps, and the route that it recorded. */
  behindError(packet: Sighting): string
}

const BEL = '\u{7}'
/** A value of the sequence number's space (RFC 9293 section 3.4). */
const MODULUS = 2 ** 32
const DAY_MS = 86_400_000

/** Remembers the last sequence number and the last route, for hping3 tells what changed. */
export function createAnswerText(manner: Manner): AnswerText {
  const route = createRouteText()
  let lastSeq = 0
  const sequence = (seq: number): string => {
    const more = (seq - lastSeq + MODULUS) % MODULUS
    lastSeq = seq
    return `${String(seq).padStart(10)} +${more}\n`
  }
  const said = (shown: Shown): string => {
    const { sighting } = shown
    if (manner.sequenceNumbers && sighting.kind === 'tcp') return sequence(sighting.seq)
    return (shown.isAgain ? 'DUP! ' : '') + ipFields(sighting, manner) + upperText(shown, manner)
  }
  const behind = (packet: Sighting): string =>
    (manner.dumpHex ? hexDump(packet) : '') +
    (manner.dumpText ? textDump(packet) : '') +
    (manner.ip.recordRoute ? route(packet) : '')
  return {
    answer: (shown) => (manner.beep ? BEL : '') + said(shown) + behind(shown.sighting),
    behindError: behind,
  }
}

/** What the IP header says: `len=44 ip=10.77.0.2 ttl=64 DF id=0 `. IPv6 has neither DF nor id. */
function ipFields(sighting: Answer, { verbose }: Manner): string {
  const { octets, network, family, length, source, ttl, id } = sighting
  const first = read16(octets, network)
  const fields = [`len=${length}`, `ip=${source}`]
  if (ttl !== undefined) fields.push(`ttl=${ttl}`)
  if (id !== undefined) fields.push(...fragmentFlags(read16(octets, network + 6)), `id=${id}`)
  if (!verbose) return `${fields.join(' ')} `
  // A rebuilt header knows no type of service either.
  const tos = family === 6 ? (first >>> 4) & 0xff : first & 0xff
  if (ttl !== undefined) fields.push(`tos=${tos.toString(16)}`)
  return `${fields.join(' ')} iplen=${length}\n`
}

/** hping3 says DF of fragments, too; here they are called what they are. */
function fragmentFlags(word: number): readonly string[] {
  return [...((word & 0x4000) === 0 ? [] : ['DF']), ...((word & 0x2000) === 0 ? [] : ['MF'])]
}

function upperText(shown: Shown, manner: Manner): string {
  const { sighting, seq, rttNs } = shown
  switch (sighting.kind) {
    case 'tcp':
      return tcpText({ ...shown, sighting }, manner)
    case 'udp':
      return `seq=${seq}${rttField(rttNs)}\n`
    case 'icmp':
      return `icmp_seq=${seq}${rttField(rttNs)}\n${timesText(sighting, shown.nowMs)}`
  }
}

function tcpText({ sighting, seq, rttNs }: Shown<Tcp>, { verbose, tcp }: Manner): string {
  const { octets, upper, sourcePort, flags, window } = sighting
  const fields = `sport=${sourcePort} flags=${tcpLetters(flags) || 'none'} seq=${seq} win=${window}`
  const [sum, urgent] = [read16(octets, upper + 16), read16(octets, upper + 18)]
  const numbers = `seq=${sighting.seq} ack=${sighting.ack} sum=${sum.toString(16)} urp=${urgent}\n\n`
  return `${fields}${rttField(rttNs)}\n${verbose ? numbers : ''}${tcp.timestamp ? stampText(sighting) : ''}`
}

/** The value alone: how long the peer has been up does not follow from it, for systems add an offset to each connection. */
function stampText(sighting: Tcp): string {
  const value = timestampOf(sighting)
  return value === undefined ? '' : `  TCP timestamp: tcpts=${value}\n\n`
}

/** The answer may have come behind midnight. No difference is told to a time that cannot be ours. */
function timesText(sighting: Icmp, nowMs: number): string {
  const times = icmpTimesOf(sighting)
  if (times === undefined) return ''
  const { originate, receive, transmit } = times
  const took = (Math.floor(nowMs) - originate + DAY_MS) % DAY_MS
  const difference = originate < DAY_MS ? `ICMP timestamp RTT tsrtt=${took}\n` : ''
  return `ICMP timestamp: Originate=${originate} Receive=${receive} Transmit=${transmit}\n${difference}\n`
}
