import { addressText } from '../address.mjs'
import { createFlows } from './flows.mjs'
import { decode, encodeEchoReply, encodeTcp, encodeUnreachable, FLAG } from './wire.mjs'

/**
 * The hosts behind the TUN device: a packet in, an answer out, no clock and no device.
 *
 * @typedef {import('./rules.mjs').Rule} Rule
 * @typedef {import('./wire.mjs').Tcp} Tcp
 * @typedef {{ readonly afterNs: number, readonly packet: Buffer }} Answer to be sent so long after the packet came
 * @typedef {import('./wire.mjs').Echo} Echo
 * @typedef {import('./flows.mjs').Flow} Flow
 * @typedef {ReturnType<typeof noCounts>} Counts
 */

/** What holds where no rule fits. @type {Rule} */
const OTHERWISE = { fits: () => true, does: 'closed', delayNs: () => 0, loses: () => false, from: undefined }

/** @param {readonly Rule[]} firstRules */
export function createFarEnd(firstRules) {
  let rules = firstRules
  let flows = createFlows()
  let counts = noCounts()

  /** @param {Buffer} bytes @returns {Answer | undefined} */
  function receive(bytes) {
    const packet = decode(bytes)
    if (packet === undefined) {
      counts.ignored++
      return undefined
    }
    const rule = ruleFor(rules, packet)
    const answer =
      packet.kind === 'tcp'
        ? answerTcp(packet, bytes, rule, flows.of(packet), counts)
        : answerEcho(packet, bytes, rule, counts)
    return answer && { afterNs: rule.delayNs(), packet: answer }
  }

  return {
    receive,
    /** @param {readonly Rule[]} next */
    configure(next) {
      rules = next
    },
    /** @returns {import('../tun.mjs').Seen} */
    seen: () => ({ ...counts, flows: flows.list() }),
    forget() {
      flows = createFlows()
      counts = noCounts()
    },
  }
}

function noCounts() {
  return { syns: 0, echoes: 0, lost: 0, ignored: 0 }
}

/** @param {readonly Rule[]} rules @param {Tcp | Echo} packet */
function ruleFor(rules, packet) {
  const port = packet.kind === 'tcp' ? packet.dport : undefined
  const address = addressText(packet.dst)
  return rules.find(({ fits }) => fits(address, packet.family, port)) ?? OTHERWISE
}

/** @param {Echo} request @param {Buffer} bytes the whole packet @param {Rule} rule @param {Counts} counts */
function answerEcho(request, bytes, rule, counts) {
  counts.echoes++
  // Echo requests have no flow whose first ones could be lost.
  const lost = rule.loses(Number.POSITIVE_INFINITY)
  if (lost) counts.lost++
  if (lost || rule.does === 'stealth') return undefined
  if (rule.does === 'open' || rule.does === 'closed') return encodeEchoReply(request)
  return encodeUnreachable(request, bytes, rule.does, errorSource(request, rule))
}

/** @param {Tcp} segment @param {Buffer} bytes the whole packet @param {Rule} rule @param {Flow} flow @param {Counts} counts */
function answerTcp(segment, bytes, rule, flow, counts) {
  const isSyn = (segment.flags & (FLAG.SYN | FLAG.ACK | FLAG.RST)) === FLAG.SYN
  if (isSyn && loses(rule, flow, counts)) return undefined
  note(flow, segment)
  switch (rule.does) {
    case 'stealth':
      return undefined
    case 'open':
      return answerOpen(segment, flow, isSyn)
    case 'closed':
      return refuse(segment)
    default:
      return encodeUnreachable(segment, bytes, rule.does, errorSource(segment, rule))
  }
}

/** @param {Tcp | Echo} packet @param {Rule} rule */
function errorSource({ dst }, { from }) {
  return from?.length === dst.length ? from : dst
}

/** @param {Rule} rule @param {Flow} flow @param {Counts} counts */
function loses(rule, flow, counts) {
  const lost = rule.loses(flow.syns)
  counts.syns++
  flow.syns++
  if (!lost) return false
  counts.lost++
  flow.lost++
  return true
}

/** @param {Flow} flow @param {Tcp} segment */
function note(flow, { flags, octets }) {
  if (flags & FLAG.RST) flow.resets++
  else if (flags & FLAG.FIN) flow.fins++
  else if (flags & FLAG.ACK) flow.acks++
  flow.octets += octets
}

/**
 * An open port that takes every connection and says nothing. Our sequence number is always what the peer expects, so
 * resent segments are answered as they were the first time.
 * @param {Tcp} segment @param {Flow} flow @param {boolean} isSyn
 */
function answerOpen(segment, flow, isSyn) {
  const { flags, seq, ack } = segment
  if (isSyn) {
    flow.known = true
    return reply(segment, FLAG.SYN | FLAG.ACK, initialSequence(segment), seq + 1)
  }
  if (flags & FLAG.RST) {
    flow.known = false
    return undefined
  }
  // RFC 9293 section 3.10.7.2: a listening port resets an ACK out of the blue and ignores what has no flag for it.
  if (!(flags & FLAG.ACK)) return undefined
  if (!flow.known) return reply(segment, FLAG.RST, ack, 0)
  const taken = lengthOf(segment)
  if (taken === 0) return undefined
  return reply(segment, flags & FLAG.FIN ? FLAG.FIN | FLAG.ACK : FLAG.ACK, ack, seq + taken)
}

/** A closed port: RFC 9293 section 3.10.7.1. @param {Tcp} segment */
function refuse(segment) {
  const { flags, seq, ack } = segment
  if (flags & FLAG.RST) return undefined
  if (flags & FLAG.ACK) return reply(segment, FLAG.RST, ack, 0)
  return reply(segment, FLAG.RST | FLAG.ACK, 0, seq + lengthOf(segment))
}

/** What a segment takes of the sequence space. @param {Tcp} segment */
function lengthOf({ flags, octets }) {
  return octets + (flags & FLAG.SYN ? 1 : 0) + (flags & FLAG.FIN ? 1 : 0)
}

/** @param {Tcp} segment @param {number} flags @param {number} seq @param {number} ack */
function reply({ family, src, dst, sport, dport }, flags, seq, ack) {
  return encodeTcp({ family, src: dst, dst: src, sport: dport, dport: sport, flags, seq, ack })
}

/** The same for a resent SYN (its answer may have been lost), another one for the next connection. @param {Tcp} segment */
function initialSequence({ sport, dport, seq }) {
  return Math.imul(seq ^ (sport << 16) ^ dport, 0x9e3779b1) >>> 0
}
