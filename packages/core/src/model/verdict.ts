import type { HostReply, Method, Observation, SegmentAnswer } from './facts.ts'
import { errnoReason, type IcmpReason, icmpReason } from './icmp-reason.ts'

/**
 * nmap's six port states (nmap manual, "Port Scanning Basics"), and three more: `unknown` when the probe never got to the
 * port (time exceeded: a hop of a traceroute) or was one that nobody answers, `up` and `no answer` of a host.
 */
export type PortState =
  | 'open'
  | 'closed'
  | 'filtered'
  | 'unfiltered'
  | 'open|filtered'
  | 'closed|filtered'
  | 'unknown'
  | 'up'
  | 'no answer'

/** nmap's words for why a port is in its state (`nmap --reason`); `tcp-response` is any segment without a word there. */
export type Reason =
  | 'syn-ack'
  | 'split-handshake-syn'
  | 'tcp-response'
  | 'udp-response'
  | 'reset'
  | 'conn-refused'
  | 'no-response'
  | 'echo-reply'
  | 'timestamp-reply'
  | 'mask-reply'
  | 'arp-response'
  | 'neighbour-advertisement'
  | IcmpReason

export interface Verdict {
  readonly state: PortState
  readonly reason: Reason
}

/** RFC 9293 section 3.1; the model stands below the wire, so it has these by itself. */
const FLAG = { syn: 0x02, rst: 0x04, ack: 0x10 } as const

/** What a method makes of the three things that differ from one to the other (nmap manual, "Port Scanning Techniques"). */
interface Meaning {
  /** A RST that answered; `window` when it says so by its window. */
  readonly reset: PortState | 'window'
  readonly silence: PortState
  /** An ICMP error other than time exceeded. */
  readonly error: PortState
}

const CONNECT: Meaning = { reset: 'closed', silence: 'filtered', error: 'filtered' }
/** RFC 9293 section 3.10.7: a closed port resets what an open one passes over. */
const SILENT_IF_OPEN: Meaning = { reset: 'closed', silence: 'open|filtered', error: 'filtered' }
const PAST_FILTER: Meaning = { reset: 'unfiltered', silence: 'filtered', error: 'filtered' }
/** RFC 9293 section 3.10.7: nobody answers a RST. */
const NEVER_ANSWERED: Meaning = { ...PAST_FILTER, silence: 'unknown' }
const HOST: Meaning = { reset: 'up', silence: 'no answer', error: 'no answer' }

const MEANING = {
  tcp: CONNECT,
  udp: SILENT_IF_OPEN,
  'tcp-syn': CONNECT,
  'tcp-ack': PAST_FILTER,
  'tcp-window': { ...PAST_FILTER, reset: 'window' },
  'tcp-fin': SILENT_IF_OPEN,
  'tcp-null': SILENT_IF_OPEN,
  'tcp-xmas': SILENT_IF_OPEN,
  'tcp-maimon': SILENT_IF_OPEN,
  'tcp-rst': NEVER_ANSWERED,
  'tcp-other': PAST_FILTER,
  'icmp-echo': HOST,
  'icmp-timestamp': HOST,
  'icmp-mask': HOST,
  arp: HOST,
  neighbour: HOST,
} as const satisfies Record<Method, Meaning>

const HOST_REASON = {
  'echo-reply': 'echo-reply',
  'timestamp-reply': 'timestamp-reply',
  'mask-reply': 'mask-reply',
  'arp-reply': 'arp-response',
  'neighbour-advertisement': 'neighbour-advertisement',
} as const satisfies Record<HostReply['what'], Reason>

/**
 * The only place where a fact becomes a state. GRC's "stealth" is `filtered` by `no-response`; over UDP silence tells
 * nothing, and port-unreachable is how a closed port answers (RFC 1122 section 4.1.3.1).
 */
export function classify(o: Observation, method: Method = 'tcp'): Verdict {
  const meaning: Meaning = MEANING[method]
  switch (o.kind) {
    case 'handshake':
      return { state: 'open', reason: 'syn-ack' }
    case 'reply':
      return { state: 'open', reason: 'udp-response' }
    case 'segment':
      return bySegment(o, meaning)
    case 'host-reply':
      return { state: 'up', reason: HOST_REASON[o.what] }
    case 'refused':
      if (method === 'udp') return { state: 'closed', reason: 'port-unreach' }
      return { state: 'closed', reason: o.by === 'rst' ? 'reset' : 'conn-refused' }
    case 'icmp-error':
      return byError(icmpReason(o), method)
    case 'unreachable':
      return byError(errnoReason(o.code), method)
    case 'silence':
      return { state: meaning.silence, reason: 'no-response' }
  }
}

/** A SYN without ACK opens from the other side at the same time (RFC 9293 section 3.5), hence the port is open. */
function bySegment({ flags, window }: SegmentAnswer, { reset }: Meaning): Verdict {
  if ((flags & FLAG.rst) !== 0) {
    if (reset !== 'window') return { state: reset, reason: 'reset' }
    return { state: window > 0 ? 'open' : 'closed', reason: 'reset' }
  }
  if ((flags & FLAG.syn) === 0) return { state: 'unfiltered', reason: 'tcp-response' }
  return { state: 'open', reason: (flags & FLAG.ack) === 0 ? 'split-handshake-syn' : 'syn-ack' }
}

function byError(reason: IcmpReason, method: Method): Verdict {
  if (reason === 'time-exceeded') return { state: 'unknown', reason }
  if (method === 'udp' && reason === 'port-unreach') return { state: 'closed', reason }
  return { state: MEANING[method].error, reason }
}

/** GRC's and the owner's three words, and one for what a router or firewall said aloud. */
export type Word = 'open' | 'closed' | 'stealth' | 'unreachable'

/**
 * The display word of a connect verdict, and what any verdict counts as: a host that is up as open, and a port whose
 * RST leaves its state untold as closed.
 */
export function word({ state, reason }: Verdict): Word {
  switch (state) {
    case 'open':
    case 'up':
      return 'open'
    case 'closed':
    case 'unfiltered':
      return 'closed'
    case 'filtered':
    case 'open|filtered':
    case 'closed|filtered':
    case 'no answer':
    case 'unknown':
      return reason === 'no-response' ? 'stealth' : 'unreachable'
  }
}

/** Silence may leave two states possible, a RST may tell none, and a host has no port that could be open. */
export type AnyWord = Word | 'open or stealth' | 'unfiltered' | 'up' | 'no answer' | 'unknown'

/** The display word of any verdict. */
export function anyWord(verdict: Verdict): AnyWord {
  const { state, reason } = verdict
  if (state === 'open|filtered' && reason === 'no-response') return 'open or stealth'
  if (state === 'unfiltered' || state === 'up') return state
  if ((state === 'no answer' || state === 'unknown') && reason === 'no-response') return state
  return word(verdict)
}

/** Whether the target itself answered: what ping calls received. */
export function answered({ state }: Verdict): boolean {
  return state === 'open' || state === 'closed' || state === 'unfiltered' || state === 'up'
}
