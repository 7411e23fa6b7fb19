import { expect, it } from 'vitest'
import { recordLine } from '../src/cli/json.ts'
import { type ServiceFacts, serviceRecord } from '../src/cli/json-service.ts'
import { FITS, schemaErrors } from './result-schema.ts'

const CLOSED: ServiceFacts = {
  target: { host: 'db', address: '10.0.0.2', family: 4, port: 22, transport: 'tcp' },
  startedAtMs: 0,
  elapsedNs: 1_500_000,
  observation: {
    kind: 'refused',
    by: 'rst',
    rttNs: 300_000,
    clock: 'kernel',
    elapsedNs: 300_000,
    syns: 1,
  },
  verdict: { state: 'closed', reason: 'reset' },
  outcome: undefined,
  method: undefined,
  service: undefined,
  guess: undefined,
  note: undefined,
  tls: undefined,
  cpes: [],
  cut: false,
  exchanges: [],
}

const OPEN: ServiceFacts = {
  ...CLOSED,
  verdict: { state: 'open', reason: 'syn-ack' },
  outcome: 'identified',
  method: 'tls',
  service: { protocol: 'tls', hostname: '\u202e\u009b', details: { size: Number.NaN, title: '\u2028' } },
  tls: {
    protocol: 'TLSv1.3',
    cipher: 'c',
    alpn: undefined,
    after: undefined,
    verification: { words: 'expired', code: 'CERT_HAS_EXPIRED' },
    chain: [
      {
        subject: 'CN=db',
        issuer: 'CN=db',
        names: [],
        validFromMs: Number.NaN,
        validToMs: 1e300,
        daysLeft: undefined,
        sha256: '00',
        serial: '1',
        keyType: 'RSA',
        keyBits: undefined,
      },
    ],
  },
  exchanges: [
    {
      asked: 'nothing',
      secure: true,
      // A piece of a larger buffer: nothing but the piece is told.
      sent: Uint8Array.of(9, 0xff, 0xfe, 9).subarray(1, 3),
      received: new Uint8Array(),
      end: 'closed',
      firstNs: undefined,
    },
  ],
}

it('has null for everything that is not known of a port', () => {
  const record = serviceRecord('banner', CLOSED)
  expect(schemaErrors(JSON.parse(recordLine(record).text))).toBe(FITS)
  expect(record).toMatchObject({
    type: 'service',
    word: 'closed',
    rttMs: 0.3,
    elapsedMs: 1.5,
    outcome: null,
    protocol: null,
    details: {},
    tls: null,
    exchanges: [],
  })
})

it('has octets as base64, dates as far as the calendar goes, and no raw control character', () => {
  const { text } = recordLine(serviceRecord('banner', OPEN))
  expect(text).toContain('"hostname":"\\u202e\\u009b"')
  expect(text).toContain('"title":"\\u2028"')
  const record: unknown = JSON.parse(text)
  expect(schemaErrors(record)).toBe(FITS)
  expect(record).toMatchObject({
    details: { size: null },
    tls: { verification: { words: 'expired' }, chain: [{ validFrom: null, validTo: null, curve: null }] },
    exchanges: [{ sentBase64: '//4=', receivedBase64: '', octets: 0, firstMs: null }],
  })
})

it('of which each part is checked by the schema', () => {
  const record = serviceRecord('banner', OPEN)
  const [exchange] = record.exchanges
  for (const wrong of [
    { outcome: 'maybe' },
    { method: 'magic' },
    { details: { a: {} } },
    { exchanges: [{ ...exchange, sentBase64: '//4' }] },
    { tls: { ...record.tls, verification: { words: 'fine', code: null } } },
    { extra: 1 },
  ])
    expect(schemaErrors({ ...record, ...wrong }), JSON.stringify(wrong)).not.toBe(FITS)
})
