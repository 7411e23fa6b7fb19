import { anyWord, type CsvValue, csvRow, dateOf, isoTime } from '@portkit/core'
import type { Finding } from '../model/finding.ts'
import type { Details } from '../model/service.ts'
import type { Settings } from '../settings.ts'
import type { TlsFacts } from '../tls/tls-facts.ts'
import type { Reporter } from './reporter.ts'
import { isShown } from './shown.ts'
import { answerOf, plainText } from './words.ts'

export const COLUMNS = [
  'time',
  'host',
  'address',
  'port',
  'transport',
  'state',
  'word',
  'reason',
  'outcome',
  'method',
  'protocol',
  'product',
  'version',
  'info',
  'os',
  'hostname',
  'details',
  'cpe',
  'guess',
  'note',
  'cut',
  'answer',
  'rtt_ms',
  'elapsed_ms',
  'tls_protocol',
  'tls_cipher',
  'tls_alpn',
  'tls_after',
  'tls_verification',
  'tls_subject',
  'tls_issuer',
  'tls_names',
  'tls_valid_from',
  'tls_valid_to',
  'tls_days_left',
  'tls_key',
  'tls_sha256',
] as const
type Row = Partial<Record<(typeof COLUMNS)[number], CsvValue>>

/** Octets of an answer that are shown. */
const FIRST = 200

/** One row a port (RFC 4180) under a row of titles, for spreadsheets. */
export function csvReporter(settings: Pick<Settings, 'openOnly'>): Reporter {
  return {
    start: () => [csvRow(COLUMNS)],
    found(finding) {
      if (!isShown(finding, settings)) return []
      const row = rowOf(finding)
      return [csvRow(COLUMNS.map((column) => row[column]))]
    },
    end: () => [],
  }
}

function rowOf(finding: Finding): Row {
  const { target, verdict, observation: o, service, tls, exchanges, cpes } = finding
  const { outcome, method, guess, note, cut } = finding
  const { host, address, port, transport } = target
  const answer = answerOf(exchanges)
  return {
    time: isoTime(finding.startedAtMs),
    ...{ host, address, port, transport, outcome, method, guess, note, cut },
    ...verdict,
    word: anyWord(verdict),
    ...(service === undefined ? {} : { ...service, details: detailsText(service.details ?? {}) }),
    cpe: cpes.join(' '),
    answer: answer && plainText(answer, FIRST),
    rtt_ms: o.kind === 'silence' || o.rttNs === undefined ? undefined : ms(o.rttNs),
    elapsed_ms: ms(finding.elapsedNs),
    ...(tls === undefined ? {} : tlsFields(tls)),
  }
}

function tlsFields({ protocol, cipher, alpn, after, verification, chain: [own] }: TlsFacts): Row {
  const handshake = {
    tls_protocol: protocol,
    tls_cipher: cipher,
    tls_alpn: alpn,
    tls_after: after,
    tls_verification: verification.words,
  }
  if (own === undefined) return handshake
  return {
    ...handshake,
    tls_subject: own.subject,
    tls_issuer: own.issuer,
    tls_names: own.names.join(' '),
    tls_valid_from: dateOf(own.validFromMs) ?? undefined,
    tls_valid_to: dateOf(own.validToMs) ?? undefined,
    tls_days_left: own.daysLeft,
    tls_key: [own.keyType, own.keyBits ?? '', own.curve ?? ''].filter((part) => part !== '').join(' '),
    tls_sha256: own.sha256,
  }
}

/** `name: value; name: value`. */
function detailsText(details: Details): string {
  return Object.entries(details)
    .map(([name, value]) => `${name}: ${typeof value === 'object' ? value.join(', ') : String(value)}`)
    .join('; ')
}

function ms(ns: number): string {
  return (ns / 1e6).toFixed(6)
}
