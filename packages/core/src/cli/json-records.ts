import type { AnyWord, ClockName, PortState, Reason } from '../model/observation.ts'
import type { Endpoint, Family, Protocol, Transport } from '../model/target.ts'
import type { RttRecord, StatsRecord } from './json-stats.ts'

/** First field of every record. A change that breaks readers gets a new number; new fields do not. */
export const RESULT_SCHEMA_VERSION = 'portkit/1'

export interface RecordHead {
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

/** Fields of probes that may be of hosts instead of ports. */
export interface ProbedFields extends Omit<TargetFields, 'port' | 'transport'> {
  /** null where the protocol has none. */
  readonly port: number | null
  readonly transport: Protocol
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
export interface ProbeRecord extends RecordHead, ProbedFields {
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

/** What a run over many ports found out about one of them, or about a host. */
export interface VerdictRecord extends RecordHead, ProbedFields {
  readonly type: 'verdict'
  /** null when no probe was settled: nobody listened, or the run was ended before. */
  readonly state: PortState | null
  readonly word: AnyWord | null
  readonly reason: Reason | null
  /** Who sent the answer that decides, when it was not the target itself. */
  readonly from: string | null
  readonly sent: number
  readonly received: number
  readonly rttMs: RttSumsRecord | null
  /** The way there, of a traceroute. */
  readonly hops?: readonly HopRecord[]
}

/** Milliseconds; of so many round trips. */
export interface RttSumsRecord extends Pick<RttRecord, 'min' | 'avg' | 'max'> {
  readonly samples: number
}

/** null: nobody answered there, or it could not be measured. */
export interface HopRecord {
  readonly ttl: number
  readonly from: string | null
  readonly rttMs: number | null
}

/** The end of a run over many ports. `lost` is what was sent and not received in time. */
export interface TotalRecord extends RecordHead {
  readonly type: 'total'
  readonly sent: number
  readonly received: number
  readonly lost: number
  readonly sentOctets: number
  readonly receivedOctets: number
  /** Further answers to probes that were answered already. */
  readonly again: number
  /** First answers after the time was over. */
  readonly late: number
  /** Probes that this machine could not send. */
  readonly refused: number
  /** Packets that this machine lost because they came too fast. */
  readonly dropped: number
  /** Of all targets together. */
  readonly rttMs: (RttSumsRecord & Pick<RttRecord, 'median' | 'p95' | 'p99'>) | null
  readonly elapsedMs: number
  /** The user ended it. */
  readonly interrupted: boolean
}
