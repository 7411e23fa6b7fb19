import { isoTime } from '../model/dates.ts'
import type { LocalFault, ResolveError, UsageError } from '../model/errors.ts'
import {
  anyWord,
  type HostReply,
  type Observation,
  type ProbeResult,
  type Reply,
  type SegmentAnswer,
  type TlsFact,
  type Verdict,
} from '../model/observation.ts'
import type { Probed, Target } from '../model/target.ts'
import { lettersOf } from '../wire/tcp-flags.ts'
import {
  type AnswerRecord,
  type ChangeRecord,
  type ErrorRecord,
  type ProbeRecord,
  RESULT_SCHEMA_VERSION,
  type StartRecord,
  type SummaryRecord,
  type TlsRecord,
} from './json-records.ts'
import type { ResultRecord } from './json-result.ts'
import type { StatsRecord } from './json-stats.ts'
import { type Line, out } from './line.ts'
import { msOf, nsToMs } from './nanoseconds.ts'

/** Who writes, and about what. */
export interface Subject {
  readonly tool: string
  readonly target: Target
  readonly service?: string | undefined
}

export interface StartFacts extends Pick<StartRecord, 'version' | 'addresses' | 'timeoutMs'> {
  readonly atMs: number
  readonly lookupNs: number | undefined
  readonly count: number | undefined
  readonly intervalMs: number | undefined
}

export function startRecord(subject: Subject, facts: StartFacts): StartRecord {
  const { version, addresses, timeoutMs, atMs, lookupNs, count, intervalMs } = facts
  return {
    ...head('start', subject.tool, atMs),
    ...targetFields(subject),
    version,
    addresses,
    lookupMs: msOf(lookupNs),
    count: count ?? null,
    intervalMs: intervalMs ?? null,
    timeoutMs,
  }
}

/** A result of a port, or of a host where there are no ports. */
export type AnyProbeResult = Omit<ProbeResult, 'target'> & { readonly target: Probed }

/** `subject` without its target, which the result has. `stats` are the figures so far. */
export function probeRecord(
  { tool, service }: Pick<Subject, 'tool' | 'service'>,
  { target, seq, startedAtMs, observation: o, verdict }: AnyProbeResult,
  stats?: StatsRecord,
): ProbeRecord {
  return {
    ...head('probe', tool, startedAtMs),
    ...targetFields({ target, service }),
    seq,
    ...judged(o, verdict),
    elapsedMs: nsToMs(o.kind === 'silence' ? o.waitedNs : o.elapsedNs),
    syns: o.syns ?? null,
    ...details(o),
    ...(stats === undefined ? {} : { stats }),
  }
}

/** What is said of a port whatever else is asked there. */
export function judged(o: Observation, verdict: Verdict) {
  const silent = o.kind === 'silence'
  return {
    state: verdict.state,
    word: anyWord(verdict),
    reason: verdict.reason,
    rttMs: silent ? null : msOf(o.rttNs),
    clock: silent ? null : o.clock,
  }
}

export interface ChangeFacts extends Pick<ChangeRecord, 'what' | 'from' | 'to'> {
  readonly atMs: number
  readonly seq?: number | undefined
  readonly lastedMs?: number | undefined
}

export function changeRecord(subject: Subject, facts: ChangeFacts): ChangeRecord {
  const { what, from, to, atMs, seq, lastedMs } = facts
  return {
    ...head('change', subject.tool, atMs),
    ...targetFields(subject),
    what,
    from,
    to,
    seq: seq ?? null,
    lastedMs: lastedMs ?? null,
  }
}

export function summaryRecord(
  subject: Subject,
  {
    atMs,
    elapsedMs,
    stats,
  }: { readonly atMs: number; readonly elapsedMs: number; readonly stats: StatsRecord },
): SummaryRecord {
  return { ...head('summary', subject.tool, atMs), ...targetFields(subject), elapsedMs, stats }
}

/** Where the error belongs, as far as it is known. */
export interface ErrorPlace {
  readonly host?: string | undefined
  readonly address?: string | undefined
  readonly port?: number | undefined
  readonly seq?: number | undefined
}

export function errorRecord(
  tool: string,
  atMs: number,
  error: UsageError | ResolveError | LocalFault,
  { host, address, port, seq }: ErrorPlace = {},
): ErrorRecord {
  return {
    ...head('error', tool, atMs),
    code: 'code' in error ? error.code : 'USAGE',
    message: error.message,
    host: host ?? ('host' in error ? error.host : null),
    address: address ?? null,
    port: port ?? null,
    seq: seq ?? null,
  }
}

/** Dates reach this far to both sides of 1970 (ECMA-262 section 21.4.1.1). */
const LAST_DATE_MS = 8.64e15

/** What JSON leaves as it is and a terminal would act upon: it occurs within strings only. */
const RAW = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\u{feff}]/gu

/** One line of NDJSON, safe to be looked at in a terminal. */
export function recordLine(record: ResultRecord): Line {
  return out(`${jsonText(record)}\n`)
}

/** JSON on one line, safe to be looked at in a terminal. */
export function jsonText(value: object): string {
  return JSON.stringify(value).replace(RAW, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)
}

/** What every record begins with. */
export function head<T extends ResultRecord['type']>(type: T, tool: string, atMs: number) {
  return { schema: RESULT_SCHEMA_VERSION, type, tool, time: isoTime(atMs) } as const
}

export function targetFields<T extends Probed>({ target, service }: Of<T>): FieldsOf<T> {
  const { host, address, family, port, transport } = target
  return { host, address, family, port, transport, ...(service === undefined ? {} : { service }) }
}

interface Of<T extends Probed> {
  readonly target: T
  readonly service?: string | undefined
}

type FieldsOf<T extends Probed> = Pick<T, keyof Probed> & { readonly service?: string }

type Details = Pick<ProbeRecord, 'reset' | 'local' | 'icmp' | 'tls' | 'answer'>

function details(o: Observation): Details {
  const nothing = { reset: false, local: null, icmp: null, tls: null }
  switch (o.kind) {
    case 'handshake': {
      const { address, port } = o.local
      return {
        ...nothing,
        reset: o.reset,
        local: { address, port },
        tls: o.tls === undefined ? null : tlsRecord(o.tls),
      }
    }
    case 'icmp-error':
      return { ...nothing, icmp: { type: o.type, code: o.code, from: o.from ?? null } }
    case 'segment':
    case 'host-reply':
      return { ...nothing, answer: answerRecord(o) }
    case 'reply':
      return o.from === undefined ? nothing : { ...nothing, answer: answerRecord(o) }
    case 'refused':
    case 'unreachable':
    case 'silence':
      return nothing
  }
}

function answerRecord(o: Reply | SegmentAnswer | HostReply): AnswerRecord {
  const common = { from: o.from ?? null, ttl: o.ttl ?? null }
  switch (o.kind) {
    case 'reply':
      return o.length === undefined ? common : { ...common, length: o.length }
    case 'segment': {
      const { seq, ack, window, mss } = o
      const flags = lettersOf(o.flags)
      return { ...common, flags, seq, ack, window, ...(mss === undefined ? {} : { mss }) }
    }
    case 'host-reply':
      return o.hardwareAddress === undefined ? common : { ...common, hardwareAddress: o.hardwareAddress }
  }
}

function tlsRecord(tls: TlsFact): TlsRecord {
  if (tls.kind === 'tls-failed') return { ok: false, message: tls.message }
  const { handshakeNs, protocol, cipher, validToMs, subject, issuer, invalid } = tls
  return {
    ok: true,
    handshakeMs: nsToMs(handshakeNs),
    protocol,
    cipher,
    validTo: dateOf(validToMs),
    subject,
    issuer,
    invalid: invalid ?? null,
  }
}

/** ISO 8601 in UTC. Certificates say what they like: a date beyond the calendar is none. */
export function dateOf(ms: number | undefined): string | null {
  return ms !== undefined && Math.abs(ms) <= LAST_DATE_MS ? isoTime(ms) : null
}
