import type { AnyWord, ClockName, PortState, Reason } from '../model/observation.ts'
import type { Endpoint, Family, Transport } from '../model/target.ts'
import type { StatsRecord } from './json-stats.ts'

/** First field of every record. A change that breaks readers gets a new number; new fields do not. */
export const RESULT_SCHEMA_VERSION = 'portkit/1'

interface RecordHead {
  readonly schema: typeof RESULT_SCHEMA_VERSION
  readonly tool: string
  /** When it happened: ISO 8601, UTC, milliseconds. Of a probe: when it started. */
  readonly time: string
}

/** `host` as the user typed it, `address` as it was probed. */
export interface TargetFields {
  readonly host: string
  readonly address: string
  readonly family: Family
  readonly port: number
  readonly transport: Transport
  /** The port's usual service, where it has one. */
  readonly service?: string
}

/** The beginning of a target's run. */
export interface StartRecord extends RecordHead, TargetFields {
  readonly type: 'start'
  readonly version: string
  /** All addresses of the host; the one that is probed comes first in `address`. */
  readonly addresses: readonly string[]
  /** How long the name took to resolve; null for a literal. */
  readonly lookupMs: number | null
  /** Probes that are planned; null without a limit. */
  readonly count: number | null
  /** Start to start; null when flooding. */
  readonly intervalMs: number | null
  readonly timeoutMs: number
}

/** One probe. Times are milliseconds with up to six decimals; null is what is not known. */
export interface ProbeRecord extends RecordHead, TargetFields {
  readonly type: 'probe'
  readonly seq: number
  /** nmap's state. */
  readonly state: PortState
  readonly word: AnyWord
  /** nmap's reason. */
  readonly reason: Reason
  readonly rttMs: number | null
  readonly clock: ClockName | null
  /** Until the answer was seen, retransmissions included; for silence, how long was waited. */
  readonly elapsedMs: number
  readonly syns: number | null
  /** The peer reset the connection right after the handshake. */
  readonly reset: boolean
  readonly local: Endpoint | null
  readonly icmp: { readonly type: number; readonly code: number; readonly from: string | null } | null
  readonly tls: TlsRecord | null
  /** The packet that came back, of probes that are single packets. */
  readonly answer?: AnswerRecord
  /** Statistics so far, this probe included. */
  readonly stats?: StatsRecord
}

/** What is left out the packet does not have; null is what is not known. */
export interface AnswerRecord {
  readonly from: string | null
  /** Time to live or hop limit on arrival. */
  readonly ttl: number | null
  /** TCP flags as letters, the lowest bit first: `SA`, `RA`; empty for none. */
  readonly flags?: string
  readonly seq?: number
  readonly ack?: number
  readonly window?: number
  readonly mss?: number
  /** Octets of a datagram's payload. */
  readonly length?: number
  /** `02:00:00:00:00:01`. */
  readonly hardwareAddress?: string
}

export type TlsRecord =
  | {
      readonly ok: true
      readonly handshakeMs: number
      readonly protocol: string
      readonly cipher: string
      /** End of the certificate's validity, ISO 8601; null when there was none. */
      readonly validTo: string | null
      readonly subject: string
      readonly issuer: string
      /** OpenSSL's code for what is wrong with the certificate; null when nothing is. */
      readonly invalid: string | null
    }
  | { readonly ok: false; readonly message: string }

/** The word or the address is another one than before. */
export interface ChangeRecord extends RecordHead, TargetFields {
  readonly type: 'change'
  readonly what: 'word' | 'address'
  readonly from: string
  readonly to: string
  /** The probe that found it; null for an address. */
  readonly seq: number | null
  /** How long the former one had lasted; null when not known. */
  readonly lastedMs: number | null
}

/** The end of a target's run, or a report on the way. */
export interface SummaryRecord extends RecordHead, TargetFields {
  readonly type: 'summary'
  readonly elapsedMs: number
  readonly stats: StatsRecord
}

/** Something that kept a probe from being made. What the network did is never an error. */
export interface ErrorRecord extends RecordHead {
  readonly type: 'error'
  /** An errno or getaddrinfo code, or `USAGE`. */
  readonly code: string
  readonly message: string
  readonly host: string | null
  readonly address: string | null
  readonly port: number | null
  readonly seq: number | null
}

export type ResultRecord = StartRecord | ProbeRecord | ChangeRecord | SummaryRecord | ErrorRecord
