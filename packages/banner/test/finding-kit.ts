import { colours, type Line, type Target } from '@portkit/core'
import type { Exchange, Finding } from '../src/model/finding.ts'
import { type TextView, textReporter } from '../src/report/text-reporter.ts'
import type { Settings } from '../src/settings.ts'
import type { CertificateFacts, TlsFacts } from '../src/tls/tls-facts.ts'
import { octetsOf } from './detector-kit.ts'

export const DB: Target = { host: 'db.lan', address: '10.0.0.2', family: 4, port: 22, transport: 'tcp' }

/** A port that was found open, and nothing said; but for what is given. */
export function findingOf(given: Partial<Finding> = {}): Finding {
  return {
    target: DB,
    startedAtMs: Date.UTC(2026, 10, 21, 14, 3, 7, 123),
    elapsedNs: 12_340_000,
    observation: {
      kind: 'handshake',
      reset: false,
      local: { address: '10.0.0.1', port: 40_000 },
      rttNs: 262_000,
      clock: 'kernel',
      elapsedNs: 300_000,
      syns: 1,
    },
    verdict: { state: 'open', reason: 'syn-ack' },
    outcome: 'silent',
    method: undefined,
    service: undefined,
    guess: undefined,
    tls: undefined,
    cpes: [],
    note: undefined,
    cut: false,
    exchanges: [],
    ...given,
  }
}

export const portOf = (port: number, transport: 'tcp' | 'udp' = 'tcp'): Target => ({ ...DB, port, transport })

const timed = { rttNs: 300_000, clock: 'kernel', elapsedNs: 300_000, syns: 1 } as const

/** Findings at ports that are not open. */
export const SHUT = {
  closed: findingOf({
    outcome: undefined,
    observation: { kind: 'refused', by: 'rst', ...timed },
    verdict: { state: 'closed', reason: 'reset' },
  }),
  stealth: findingOf({
    outcome: undefined,
    observation: { kind: 'silence', waitedNs: 1e9, syns: 1 },
    verdict: { state: 'filtered', reason: 'no-response' },
  }),
  unreachable: findingOf({
    outcome: undefined,
    observation: { kind: 'icmp-error', family: 4, type: 3, code: 13, from: '10.0.0.254', ...timed },
    verdict: { state: 'filtered', reason: 'admin-prohibited' },
  }),
  'open or stealth': findingOf({
    target: portOf(51_820, 'udp'),
    outcome: undefined,
    observation: { kind: 'silence', waitedNs: 1e9, syns: undefined },
    verdict: { state: 'open|filtered', reason: 'no-response' },
  }),
} as const satisfies Record<string, Finding>

export function exchangeOf(received: string, given: Partial<Exchange> = {}): Exchange {
  return {
    asked: 'nothing',
    secure: false,
    sent: new Uint8Array(),
    received: octetsOf(received),
    end: 'quiet',
    firstNs: 1_200_000,
    ...given,
  }
}

const CERTIFICATE: CertificateFacts = {
  subject: 'CN=db.lan',
  issuer: 'CN=Example CA, O=Example',
  names: ['DNS:db.lan', 'DNS:www.db.lan'],
  validFromMs: Date.UTC(2026, 0, 1),
  validToMs: Date.UTC(2027, 0, 1),
  daysLeft: 40,
  sha256: 'ab'.repeat(32),
  serial: '0123',
  keyType: 'EC',
  keyBits: 256,
  curve: 'prime256v1',
}

export function tlsOf(given: Partial<TlsFacts> = {}): TlsFacts {
  return {
    protocol: 'TLSv1.3',
    cipher: 'TLS_AES_256_GCM_SHA384',
    alpn: undefined,
    chain: [CERTIFICATE],
    verification: { words: 'verified', code: undefined },
    after: undefined,
    ...given,
  }
}

export const QUIET = { verbose: false, hex: false, openOnly: false } as const
const PIPE = { isTty: false, columns: () => 80, rows: () => 24 } as const

export function viewOf(targets: readonly Target[], given: Partial<TextView> = {}): TextView {
  return { targets, colours: colours(PIPE, {}, 'never'), stdout: PIPE, stderr: PIPE, ...given }
}

export const textOf = (lines: readonly Line[]): string => lines.map(({ text }) => text).join('')

/** What a run prints that finds this. */
export function printed(
  findings: readonly Finding[],
  settings: Partial<Settings> = {},
  view: Partial<TextView> = {},
): string {
  const targets = findings.map(({ target }) => target)
  const reporter = textReporter({ ...QUIET, ...settings }, viewOf(targets, view))
  return textOf(findings.flatMap((finding) => reporter.found(finding)))
}
