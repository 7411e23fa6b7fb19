import type { Endpoint, Family, Target, Transport } from './target.ts'

/**
 * Which clock measured a round trip: `packet` stamps of a packet socket, `kernel` the handshake's own
 * measurement (TCP_INFO), `process` monotonic time around the system call.
 */
export type ClockName = 'packet' | 'kernel' | 'process'

interface Timed {
  /** Nanoseconds from this probe's SYN to its answer; undefined when no single round trip is known (SYN resent). */
  readonly rttNs: number | undefined
  readonly clock: ClockName
  /** Nanoseconds from the start of the probe until the answer was seen, retransmissions included. */
  readonly elapsedNs: number
  /** SYN segments that were sent; undefined when the system does not tell. */
  readonly syns: number | undefined
}

/** The three-way handshake was completed. */
export interface Handshake extends Timed {
  readonly kind: 'handshake'
  /** The peer reset the connection right after the handshake: the port is open all the same. */
  readonly reset: boolean
  readonly local: Endpoint
  readonly tls?: TlsFact
}

/** The connection was refused: by a RST, or by something that the system does not tell from one. */
export interface Refused extends Timed {
  readonly kind: 'refused'
  readonly by: 'rst' | 'unknown'
}

/** An ICMP error came back for this probe's SYN (RFC 792, RFC 4443). */
export interface IcmpError extends Timed {
  readonly kind: 'icmp-error'
  readonly family: Family
  readonly type: number
  readonly code: number
  /** Who sent the error; undefined when the system does not tell. */
  readonly from: string | undefined
}

/** The system gave up with an error number only: no route at hand, or an ICMP error that it does not show. */
export interface Unreachable extends Timed {
  readonly kind: 'unreachable'
  readonly code: UnreachableCode
}
export type UnreachableCode = 'EHOSTUNREACH' | 'ENETUNREACH' | 'EHOSTDOWN' | 'ENETDOWN' | 'ENOPROTOOPT'

/** A datagram came back from the port. */
export interface Reply extends Timed {
  readonly kind: 'reply'
}

/** Nothing came back in time. */
export interface Silence {
  readonly kind: 'silence'
  readonly waitedNs: number
  readonly syns: number | undefined
}

/** What came back, or did not. Never a judgement: `classify` makes those. */
export type Observation = Handshake | Reply | Refused | IcmpError | Unreachable | Silence

/** What a TLS handshake over the fresh connection told. Times in nanoseconds on the process clock. */
export type TlsFact =
  | {
      readonly kind: 'tls'
      readonly handshakeNs: number
      readonly protocol: string
      readonly cipher: string
      /** The certificate's end of validity in milliseconds since 1970; undefined when it sent none. */
      readonly validToMs: number | undefined
      readonly subject: string
      readonly issuer: string
      /** The verification error's code as OpenSSL names it (`CERT_HAS_EXPIRED`), or undefined when all is well. */
      readonly invalid: string | undefined
    }
  | { readonly kind: 'tls-failed'; readonly message: string }

/** nmap's six port states (nmap manual, "Port Scanning Basics"). */
export type PortState = 'open' | 'closed' | 'filtered' | 'unfiltered' | 'open|filtered' | 'closed|filtered'

/** nmap's words for why a port is in its state (`nmap --reason`). */
export type Reason =
  | 'syn-ack'
  | 'udp-response'
  | 'reset'
  | 'conn-refused'
  | 'no-response'
  | 'net-unreach'
  | 'host-unreach'
  | 'proto-unreach'
  | 'port-unreach'
  | 'dest-unreach'
  | 'net-prohibited'
  | 'host-prohibited'
  | 'admin-prohibited'
  | 'beyond-scope'
  | 'reject-route'
  | 'no-route'
  | 'time-exceeded'
  | 'param-problem'

export interface Verdict {
  readonly state: PortState
  readonly reason: Reason
}

/** One probe that was carried out. `startedAtMs` is wall-clock time (milliseconds since 1970). */
export interface ProbeResult {
  readonly target: Target
  /** 1 for the first probe of its target. */
  readonly seq: number
  readonly startedAtMs: number
  readonly observation: Observation
  readonly verdict: Verdict
}

/** RFC 792, RFC 1122 section 3.2.2.1, RFC 1812 section 5.2.7.1. */
const UNREACHABLE_4: Readonly<Record<number, Reason>> = {
  0: 'net-unreach',
  1: 'host-unreach',
  2: 'proto-unreach',
  3: 'port-unreach',
  6: 'net-unreach',
  7: 'host-unreach',
  9: 'net-prohibited',
  10: 'host-prohibited',
  11: 'net-unreach',
  12: 'host-unreach',
  13: 'admin-prohibited',
}

/** RFC 4443 section 3.1. */
const UNREACHABLE_6: Readonly<Record<number, Reason>> = {
  0: 'no-route',
  1: 'admin-prohibited',
  2: 'beyond-scope',
  3: 'host-unreach',
  4: 'port-unreach',
  5: 'admin-prohibited',
  6: 'reject-route',
}

const BY_TYPE: Readonly<Record<Family, Readonly<Record<number, Reason>>>> = {
  4: { 11: 'time-exceeded', 12: 'param-problem' },
  6: { 3: 'time-exceeded', 4: 'param-problem' },
}

const BY_ERRNO = {
  EHOSTUNREACH: 'host-unreach',
  ENETUNREACH: 'net-unreach',
  EHOSTDOWN: 'host-unreach',
  ENETDOWN: 'net-unreach',
  ENOPROTOOPT: 'proto-unreach',
} as const satisfies Record<UnreachableCode, Reason>

/**
 * The only place where a fact becomes a state. GRC's "stealth" is `filtered` by `no-response`; over UDP silence tells
 * nothing, and port-unreachable is how a closed port answers (RFC 1122 section 4.1.3.1).
 */
export function classify(o: Observation, transport: Transport = 'tcp'): Verdict {
  const udp = transport === 'udp'
  switch (o.kind) {
    case 'handshake':
      return { state: 'open', reason: 'syn-ack' }
    case 'reply':
      return { state: 'open', reason: 'udp-response' }
    case 'refused':
      if (udp) return { state: 'closed', reason: 'port-unreach' }
      return { state: 'closed', reason: o.by === 'rst' ? 'reset' : 'conn-refused' }
    case 'icmp-error': {
      const reason = icmpReason(o)
      return { state: udp && reason === 'port-unreach' ? 'closed' : 'filtered', reason }
    }
    case 'unreachable':
      return { state: 'filtered', reason: BY_ERRNO[o.code] }
    case 'silence':
      return { state: udp ? 'open|filtered' : 'filtered', reason: 'no-response' }
  }
}

function icmpReason({ family, type, code }: IcmpError): Reason {
  const unreachable = family === 4 ? type === 3 : type === 1
  if (!unreachable) return BY_TYPE[family][type] ?? 'dest-unreach'
  return (family === 4 ? UNREACHABLE_4 : UNREACHABLE_6)[code] ?? 'dest-unreach'
}

/** GRC's and the owner's three words, and one for what a router or firewall said aloud. */
export type Word = 'open' | 'closed' | 'stealth' | 'unreachable'

/** The display word of a connect verdict. */
export function word({ state, reason }: Verdict): Word {
  if (state === 'open' || state === 'closed') return state
  return reason === 'no-response' ? 'stealth' : 'unreachable'
}

/** Over UDP silence leaves two states possible. */
export type AnyWord = Word | 'open or stealth'

/** The display word of any verdict. */
export function anyWord(verdict: Verdict): AnyWord {
  return verdict.state === 'open|filtered' ? 'open or stealth' : word(verdict)
}

/** Whether the target itself answered (open or closed): what ping calls received. */
export function answered({ state }: Verdict): boolean {
  return state === 'open' || state === 'closed'
}
