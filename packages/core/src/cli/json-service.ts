import { Buffer } from 'node:buffer'
import type { Observation, Verdict } from '../model/observation.ts'
import type { Target } from '../model/target.ts'
import { dateOf, head, judged, targetFields } from './json.ts'
import type {
  CertificateRecord,
  ExchangeRecord,
  ServiceRecord,
  ServiceTlsRecord,
} from './json-service-record.ts'
import { msOf, nsToMs } from './nanoseconds.ts'

/** Texts of a service, undefined where there is none. */
type Texts = Partial<
  Record<'protocol' | 'product' | 'version' | 'info' | 'os' | 'hostname', string | undefined>
>

/** What was found out about one port. Dates are milliseconds since 1970, times nanoseconds. */
export interface ServiceFacts extends Pick<ServiceRecord, 'cpes' | 'cut'> {
  readonly target: Target
  readonly startedAtMs: number
  readonly elapsedNs: number
  readonly observation: Observation
  readonly verdict: Verdict
  readonly outcome: NonNullable<ServiceRecord['outcome']> | undefined
  readonly method: NonNullable<ServiceRecord['method']> | undefined
  readonly service: (Texts & { readonly details?: ServiceRecord['details'] | undefined }) | undefined
  readonly guess: string | undefined
  readonly note: string | undefined
  readonly tls: TlsFacts | undefined
  readonly exchanges: readonly ExchangeFacts[]
}

interface TlsFacts extends Pick<ServiceTlsRecord, 'protocol' | 'cipher'> {
  readonly alpn: string | undefined
  readonly after: string | undefined
  readonly verification: {
    readonly words: ServiceTlsRecord['verification']['words']
    readonly code: string | undefined
  }
  readonly chain: readonly CertificateFacts[]
}

interface CertificateFacts
  extends Pick<CertificateRecord, 'subject' | 'issuer' | 'names' | 'sha256' | 'serial' | 'keyType'> {
  readonly validFromMs: number | undefined
  readonly validToMs: number | undefined
  readonly daysLeft: number | undefined
  readonly keyBits: number | undefined
  readonly curve?: string | undefined
}

interface ExchangeFacts extends Pick<ExchangeRecord, 'asked' | 'secure' | 'end'> {
  readonly sent: Uint8Array
  readonly received: Uint8Array
  readonly firstNs: number | undefined
}

/** What speaks at a port; octets are there exactly, as base64 (RFC 4648 section 4). */
export function serviceRecord(tool: string, facts: ServiceFacts): ServiceRecord {
  const { target, startedAtMs, elapsedNs, observation: o, verdict, service, tls, exchanges } = facts
  return {
    ...head('service', tool, startedAtMs),
    ...targetFields({ target }),
    ...judged(o, verdict),
    icmp: o.kind === 'icmp-error' ? { type: o.type, code: o.code, from: o.from ?? null } : null,
    elapsedMs: nsToMs(elapsedNs),
    outcome: facts.outcome ?? null,
    method: facts.method ?? null,
    ...textsOf(service ?? {}),
    details: service?.details ?? {},
    cpes: facts.cpes,
    guess: facts.guess ?? null,
    note: facts.note ?? null,
    cut: facts.cut,
    tls: tls === undefined ? null : tlsRecord(tls),
    exchanges: exchanges.map(exchangeRecord),
  }
}

function textsOf({ protocol, product, version, info, os, hostname }: Texts) {
  return {
    protocol: protocol ?? null,
    product: product ?? null,
    version: version ?? null,
    info: info ?? null,
    os: os ?? null,
    hostname: hostname ?? null,
  }
}

function tlsRecord({ protocol, cipher, alpn, after, verification, chain }: TlsFacts): ServiceTlsRecord {
  const { words, code } = verification
  return {
    protocol,
    cipher,
    alpn: alpn ?? null,
    after: after ?? null,
    verification: { words, code: code ?? null },
    chain: chain.map(certificateRecord),
  }
}

function certificateRecord(certificate: CertificateFacts): CertificateRecord {
  const { subject, issuer, names, sha256, serial, keyType } = certificate
  return {
    subject,
    issuer,
    names,
    validFrom: dateOf(certificate.validFromMs),
    validTo: dateOf(certificate.validToMs),
    daysLeft: certificate.daysLeft ?? null,
    sha256,
    serial,
    keyType,
    keyBits: certificate.keyBits ?? null,
    curve: certificate.curve ?? null,
  }
}

function exchangeRecord({ asked, secure, sent, received, end, firstNs }: ExchangeFacts): ExchangeRecord {
  return {
    asked,
    secure,
    sentBase64: base64(sent),
    receivedBase64: base64(received),
    octets: received.length,
    end,
    firstMs: msOf(firstNs),
  }
}

function base64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('base64')
}
