import type { AnyWord, ClockName, PortState, Reason } from '../model/observation.ts'
import type { ProbeRecord, RecordHead, TargetFields } from './json-records.ts'

/** What speaks at a port. Texts are the peer's own, as they were read; null is what is not known. */
export interface ServiceRecord extends RecordHead, Omit<TargetFields, 'service'>, Pick<ProbeRecord, 'icmp'> {
  readonly type: 'service'
  readonly state: PortState
  readonly word: AnyWord
  readonly reason: Reason
  readonly rttMs: number | null
  readonly clock: ClockName | null
  /** All of the work at this port. */
  readonly elapsedMs: number
  /** What became of an open port. */
  readonly outcome: 'identified' | 'unknown' | 'silent' | 'closed' | 'reset' | null
  /** How the service is known. */
  readonly method: 'greeting' | 'probe' | 'tls' | 'port table' | null
  readonly protocol: string | null
  readonly product: string | null
  readonly version: string | null
  readonly info: string | null
  readonly os: string | null
  readonly hostname: string | null
  /** Names in words. */
  readonly details: Readonly<Record<string, string | number | boolean | readonly string[] | null>>
  /** CPE 2.3, the best first. */
  readonly cpes: readonly string[]
  /** What usually has this port; nothing was read that says so. */
  readonly guess: string | null
  readonly note: string | null
  /** Time was over before everything had been tried. */
  readonly cut: boolean
  readonly tls: ServiceTlsRecord | null
  readonly exchanges: readonly ExchangeRecord[]
}

export interface ServiceTlsRecord {
  readonly protocol: string
  readonly cipher: string
  readonly alpn: string | null
  /** The protocol whose STARTTLS led here; null when TLS began at once. */
  readonly after: string | null
  /** `code` is OpenSSL's. */
  readonly verification: { readonly words: VerificationWords; readonly code: string | null }
  /** The server's own certificate first. */
  readonly chain: readonly CertificateRecord[]
}

type VerificationWords =
  | 'verified'
  | 'self-signed'
  | 'expired'
  | 'not yet valid'
  | 'name mismatch'
  | 'unknown issuer'
  | 'no certificate'
  | 'not verified'

export interface CertificateRecord {
  readonly subject: string
  readonly issuer: string
  readonly names: readonly string[]
  readonly validFrom: string | null
  readonly validTo: string | null
  /** Whole days, rounded down; negative once its validity is over. */
  readonly daysLeft: number | null
  /** Of its DER form. */
  readonly sha256: string
  readonly serial: string
  readonly keyType: string
  readonly keyBits: number | null
  readonly curve: string | null
}

/** One question and its answer, octet by octet. */
export interface ExchangeRecord {
  /** A protocol's name, or `nothing`, `crlf`, `help`, `user`. */
  readonly asked: string
  /** Inside TLS. */
  readonly secure: boolean
  readonly sentBase64: string
  readonly receivedBase64: string
  /** Of what was received. */
  readonly octets: number
  readonly end: 'whole' | 'quiet' | 'closed' | 'reset' | 'limit'
  /** From the question to the first octet; null when none came. */
  readonly firstMs: number | null
}
