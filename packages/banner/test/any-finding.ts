import { classify, type Observation, type Target } from '@portkit/core'
import fc from 'fast-check'
import type { Exchange, Finding, Method, Outcome } from '../src/model/finding.ts'
import type { DetailValue, Service } from '../src/model/service.ts'
import type { CertificateFacts, TlsFacts, Verification } from '../src/tls/tls-facts.ts'

/** What hostile peers say: anything, and what terminals, spreadsheets and readers of CSV or JSON would trip over. */
export const anyText: fc.Arbitrary<string> = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 30 }),
  fc.string({
    unit: fc.constantFrom(
      ...'=+-@",;\r\n\t\\x1b\' 漢é',
      '\u{1b}[2J',
      '\u{1b}]0;x\u{7}',
      '\u{9b}',
      '\u{202e}',
      '\u{2066}',
      '\u{2028}',
      '\u{feff}',
      '\u{7f}',
      '\0',
      '\ud800',
    ),
    maxLength: 14,
  }),
)

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined })
const ns = fc.oneof(fc.nat(2e9), fc.double({ min: 0, max: 1e13, noNaN: true }))
const anyDate = fc.oneof(fc.integer(), fc.constantFrom(0, Number.NaN, 1e300, 8.64e15, -1e14, 1.8e12))
const anyPort = fc.integer({ min: 1, max: 65_535 })

const anyTarget = fc.record({
  host: fc.oneof(fc.constantFrom('db.lan', '10.0.0.2', '::1', 'fe80::1%eth0'), anyText),
  address: fc.constantFrom('10.0.0.2', '::1', 'fe80::1%eth0'),
  family: fc.constantFrom(4 as const, 6 as const),
  port: anyPort,
  transport: fc.constantFrom('tcp' as const, 'udp' as const),
}) satisfies fc.Arbitrary<Target>

const timed = {
  rttNs: maybe(ns),
  clock: fc.constantFrom('kernel' as const, 'process' as const, 'packet' as const),
  elapsedNs: ns,
  syns: maybe(fc.nat(7)),
}
const handshake = fc.record({
  kind: fc.constant('handshake' as const),
  reset: fc.boolean(),
  local: fc.record({ address: fc.constant('10.0.0.1'), port: anyPort }),
  ...timed,
})
const notOpen: fc.Arbitrary<Observation> = fc.oneof(
  fc.record({ kind: fc.constant('refused' as const), by: fc.constantFrom('rst', 'unknown'), ...timed }),
  fc.record({
    kind: fc.constant('icmp-error' as const),
    family: fc.constantFrom(4 as const, 6 as const),
    type: fc.nat(255),
    code: fc.nat(255),
    from: maybe(anyText),
    ...timed,
  }),
  fc.record({
    kind: fc.constant('unreachable' as const),
    code: fc.constantFrom('EHOSTUNREACH', 'ENETUNREACH', 'ENOPROTOOPT'),
    ...timed,
  }),
  fc.record({ kind: fc.constant('silence' as const), waitedNs: ns, syns: maybe(fc.nat(7)) }),
)
const reply = fc.record({ kind: fc.constant('reply' as const), ...timed })

const anyDetail: fc.Arbitrary<DetailValue> = fc.oneof(
  anyText,
  fc.boolean(),
  fc.oneof(fc.integer(), fc.constant(Number.NaN)),
  fc.array(anyText, { maxLength: 3 }),
)

const anyService: fc.Arbitrary<Service> = fc.record({
  protocol: fc.oneof(fc.constantFrom('ssh', 'http', 'imap', 'tls', 'memcached'), anyText),
  product: maybe(anyText),
  version: maybe(anyText),
  info: maybe(anyText),
  os: maybe(anyText),
  hostname: maybe(anyText),
  details: maybe(fc.dictionary(anyText, anyDetail, { maxKeys: 3 })),
  evidence: maybe(fc.array(fc.record({ field: anyText, text: anyText }), { maxLength: 2 })),
  wantsTls: maybe(fc.boolean()),
})

const anyCertificate: fc.Arbitrary<CertificateFacts> = fc.record({
  subject: anyText,
  issuer: anyText,
  names: fc.array(anyText, { maxLength: 3 }),
  validFromMs: maybe(anyDate),
  validToMs: maybe(anyDate),
  daysLeft: maybe(fc.integer()),
  sha256: anyText,
  serial: anyText,
  keyType: anyText,
  keyBits: maybe(fc.nat(16_384)),
  curve: maybe(anyText),
})

export const VERIFICATIONS = [
  'verified',
  'self-signed',
  'expired',
  'not yet valid',
  'name mismatch',
  'unknown issuer',
  'no certificate',
  'not verified',
] as const satisfies readonly Verification['words'][]

const anyTls: fc.Arbitrary<TlsFacts> = fc.record({
  protocol: anyText,
  cipher: anyText,
  alpn: maybe(anyText),
  chain: fc.array(anyCertificate, { maxLength: 2 }),
  verification: fc.record({ words: fc.constantFrom(...VERIFICATIONS), code: maybe(anyText) }),
  after: maybe(anyText),
})

const anyOctets = fc.oneof(
  fc.uint8Array({ maxLength: 80 }),
  anyText.map((text) => new TextEncoder().encode(text)),
)

const anyExchange: fc.Arbitrary<Exchange> = fc.record({
  asked: fc.oneof(fc.constantFrom('nothing', 'http', 'crlf', 'user'), anyText),
  secure: fc.boolean(),
  sent: anyOctets,
  received: anyOctets,
  end: fc.constantFrom('whole', 'quiet', 'closed', 'reset', 'limit'),
  firstNs: maybe(ns),
})

const shared = {
  startedAtMs: fc.integer({ min: 0, max: 4e12 }),
  elapsedNs: ns,
  guess: maybe(anyText),
  tls: maybe(anyTls),
  cpes: fc.array(anyText, { maxLength: 2 }),
  note: maybe(anyText),
  cut: fc.boolean(),
  exchanges: fc.array(anyExchange, { maxLength: 3 }),
}

/** What is in a port that is open. */
const openPort = fc.record({
  ...shared,
  target: anyTarget,
  outcome: fc.constantFrom<Outcome>('identified', 'unknown', 'silent', 'closed', 'reset'),
  method: maybe(fc.constantFrom<Method>('greeting', 'probe', 'tls', 'port table')),
  service: anyService,
})

const openFinding: fc.Arbitrary<Finding> = openPort.chain(({ service, guess, ...found }) => {
  const isUdp = found.target.transport === 'udp'
  const isIdentified = found.outcome === 'identified'
  return (isUdp ? reply : handshake).map((observation) => ({
    ...found,
    observation,
    verdict: classify(observation, found.target.transport),
    service: isIdentified ? service : undefined,
    guess: isIdentified ? undefined : guess,
  }))
})

const shutFinding: fc.Arbitrary<Finding> = fc
  .record({ ...shared, target: anyTarget, observation: notOpen })
  .map(({ observation, ...found }) => ({
    ...found,
    observation,
    verdict: classify(observation, found.target.transport),
    outcome: undefined,
    method: undefined,
    service: undefined,
    tls: undefined,
  }))

/** Whatever may be found at a port, with texts as hostile as can be. */
export const anyFinding: fc.Arbitrary<Finding> = fc.oneof({ weight: 3, arbitrary: openFinding }, shutFinding)
