import type { QuotedPacket } from '../../wire/quoted-packet.ts'
import { TCP_FLAG } from '../../wire/tcp-flags.ts'
import type { Ids } from './ids.ts'
import type { TcpSighting } from './sighting.ts'
import type { Match } from './source-ports.ts'
import type { TcpProbeOptions } from './tcp-probe-options.ts'
import type { Tokens } from './tokens.ts'

type Fixed = Pick<TcpProbeOptions, 'flags' | 'seq' | 'ack' | 'payload'>

/** Which of the packets that a TCP probe sent a segment or a quote belongs to; undefined when it is to none of them. */
export interface TcpAnswers {
  ofProbe(sighting: TcpSighting): Match | undefined
  ofAnswer(sighting: TcpSighting): Match | undefined
  /** `seq` is undefined where the quote was too short. */
  ofQuote(seq: number | undefined, quoted: Pick<QuotedPacket, 'id' | 'family'>): Match | undefined
}

/** The numbers are right, but the user fixed them: they do not say which packet. */
const ANY: Match = { index: undefined, modulus: 0x1_0000_0000 }
const MOST_SHOTS = 2 ** 24

/**
 * The numbers that came back are traced to the token that was sent. Where more than one reading is possible the lowest
 * index is taken: a wrong reading of a token is an arbitrary one of 2^32 numbers, far above all that were sent.
 */
export function createTcpAnswers(fixed: Fixed, tokens: Tokens, ids: Ids): TcpAnswers {
  const { flags, payload } = fixed
  const hasAck = (flags & TCP_FLAG.ack) !== 0
  const consumed = consumedBy(flags, payload?.length ?? 0)

  const bySeq = (seq: number): Match | undefined => matchOf(seq, fixed.seq, tokens)
  const byAck = (ack: number): Match | undefined => matchOf(ack, fixed.ack, tokens)
  // A fixed one tells no packets apart, and the system puts another in the place of 0.
  const byId = ({ id, family }: Pick<QuotedPacket, 'id' | 'family'>): Match => {
    const index = ids.indexOf(id, family)
    return index === undefined ? ANY : { index, modulus: ids.modulus }
  }

  const byAcknowledgment = (ack: number): Match | undefined => {
    let match: Match | undefined
    for (const length of consumed) match = lower(match, bySeq((ack - length) >>> 0))
    return match
  }

  function ofReset({ flags: came, seq, ack }: TcpSighting): Match | undefined {
    // RFC 9293 section 3.10.7.1: a RST takes its number from the acknowledgment of what it answers, if that has one,
    // and else acknowledges it; some systems do the latter always.
    const match = hasAck ? byAck(seq) : undefined
    return (came & TCP_FLAG.ack) === 0 ? match : lower(match, byAcknowledgment(ack))
  }

  function ofAnswer(sighting: TcpSighting): Match | undefined {
    const { flags: came, ack } = sighting
    if ((came & TCP_FLAG.rst) !== 0) return ofReset(sighting)
    // To a SYN the answer is another one; what follows on that belongs to a connection.
    const isAnswer = ((came | ~flags) & TCP_FLAG.syn) !== 0 && (came & TCP_FLAG.ack) !== 0
    return isAnswer ? byAcknowledgment(ack) : undefined
  }
  return {
    ofProbe: (s) => together(together(bySeq(s.seq), hasAck ? byAck(s.ack) : ANY), byId(s)),
    ofAnswer,
    ofQuote: (seq, quoted) => together(seq === undefined ? ANY : bySeq(seq), byId(quoted)),
  }
}

/**
 * How far behind `seq` an answer may acknowledge, least first: SYN and FIN count one each (RFC 9293 section 3.4), but
 * what came with a SYN need not be taken, and some systems do not count what they pass over.
 */
function consumedBy(flags: number, payloadLength: number): readonly number[] {
  const syn = (flags & TCP_FLAG.syn) === 0 ? 0 : 1
  const fin = (flags & TCP_FLAG.fin) === 0 ? 0 : 1
  const all = syn + payloadLength + fin
  return all === syn ? [all] : [syn, all]
}

function matchOf(value: number, fixed: number | undefined, tokens: Tokens): Match | undefined {
  if (fixed !== undefined) return value === fixed ? ANY : undefined
  return { index: tokens.indexOf(value), modulus: tokens.modulus }
}

function lower(one: Match | undefined, other: Match | undefined): Match | undefined {
  return rankOf(other) < rankOf(one) ? other : one
}

/** A number that the user fixed and that came back is better evidence than an index that no run gets to. */
function rankOf(match: Match | undefined): number {
  return match === undefined ? Number.POSITIVE_INFINITY : (match.index ?? MOST_SHOTS)
}

/** The first that names a packet, when none speaks against it. */
function together(one: Match | undefined, other: Match | undefined): Match | undefined {
  if (one === undefined || other === undefined) return undefined
  return one.index === undefined ? other : one
}
