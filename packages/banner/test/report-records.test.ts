import { Buffer } from 'node:buffer'
import { escapeControl } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsv } from '../../core/test/read-csv.ts'
import { FITS, schemaErrors } from '../../core/test/result-schema.ts'
import type { Finding } from '../src/model/finding.ts'
import { COLUMNS, csvReporter } from '../src/report/csv-reporter.ts'
import { jsonReporter } from '../src/report/json-reporter.ts'
import type { Reporter } from '../src/report/reporter.ts'
import { anyFinding } from './any-finding.ts'
import { exchangeOf, findingOf, SHUT, textOf, tlsOf } from './finding-kit.ts'

const END = { findings: 0, targets: 0, elapsedNs: 0, interrupted: true } as const

function printed(reporter: Reporter, findings: readonly Finding[]): string {
  return textOf([
    ...reporter.start(),
    ...findings.flatMap((finding) => reporter.found(finding)),
    ...reporter.end(END),
  ])
}

const ALL = { openOnly: false }
const UNSAFE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}\u{feff}]/u

// biome-ignore lint/suspicious/noExplicitAny: what JSON.parse gives
function recordsOf(findings: readonly Finding[], settings = ALL): readonly any[] {
  const lines = printed(jsonReporter(settings), findings).split('\n')
  expect(lines.pop()).toBe('')
  for (const line of lines) expect(line).not.toMatch(UNSAFE)
  const records = lines.map((line): unknown => JSON.parse(line))
  for (const record of records) expect(schemaErrors(record), JSON.stringify(record)).toBe(FITS)
  return records
}

const FULL = findingOf({
  outcome: 'identified',
  method: 'probe',
  service: {
    protocol: 'http',
    product: 'nginx',
    version: '1.22.1',
    details: { title: '=1+1', methods: ['GET', 'HEAD'], proxied: false },
    evidence: [{ field: 'http_header.server', text: 'nginx/1.22.1' }],
  },
  cpes: ['cpe:2.3:a:f5:nginx:1.22.1'],
  tls: tlsOf({ alpn: 'h2' }),
  exchanges: [exchangeOf('\0\xff\u001b', { asked: 'http', secure: true })],
})

describe('JSON', () => {
  it('fits the schema and is safe to look at, whatever was found', () => {
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 3 }), (findings) => {
        expect(recordsOf(findings)).toHaveLength(findings.length)
      }),
      { numRuns: 300 },
    )
  })

  it('has all texts and all octets exactly', () => {
    fc.assert(
      fc.property(anyFinding, (finding) => {
        const [record] = recordsOf([finding])
        // Halves of surrogate pairs are no text, but JSON has escapes for them.
        expect(record.product).toBe(finding.service?.product ?? null)
        expect(record.note).toBe(finding.note ?? null)
        expect(record.tls?.chain.map(({ subject }: { subject: string }) => subject)).toEqual(
          finding.tls?.chain.map(({ subject }) => subject),
        )
        for (const [i, { sent, received }] of finding.exchanges.entries()) {
          const { sentBase64, receivedBase64, octets } = record.exchanges[i]
          expect(Uint8Array.from(Buffer.from(sentBase64, 'base64'))).toEqual(sent)
          expect(Uint8Array.from(Buffer.from(receivedBase64, 'base64'))).toEqual(received)
          expect(octets).toBe(received.length)
        }
      }),
    )
  })

  it('tells what it is, how it is known, and the certificate', () => {
    expect(recordsOf([FULL])).toMatchObject([
      {
        type: 'service',
        tool: 'banner',
        time: '2026-11-21T14:03:07.123Z',
        host: 'db.lan',
        port: 22,
        word: 'open',
        rttMs: 0.262,
        clock: 'kernel',
        elapsedMs: 12.34,
        outcome: 'identified',
        method: 'probe',
        protocol: 'http',
        version: '1.22.1',
        info: null,
        details: { title: '=1+1', methods: ['GET', 'HEAD'], proxied: false },
        tls: {
          alpn: 'h2',
          verification: { words: 'verified', code: null },
          chain: [{ validTo: '2027-01-01T00:00:00.000Z', daysLeft: 40, keyBits: 256 }],
        },
        exchanges: [{ asked: 'http', receivedBase64: 'AP8b', firstMs: 1.2 }],
      },
    ])
  })

  it('tells who said that a port is unreachable', () => {
    expect(recordsOf([SHUT.unreachable])).toMatchObject([
      { word: 'unreachable', outcome: null, icmp: { type: 3, code: 13, from: '10.0.0.254' }, exchanges: [] },
    ])
  })

  it('leaves out ports that are not open when asked to', () => {
    expect(recordsOf([...Object.values(SHUT), FULL], { openOnly: true })).toHaveLength(1)
  })
})

function rowsOf(findings: readonly Finding[], settings = ALL): readonly Readonly<Record<string, string>>[] {
  const [names, ...rows] = readCsv(printed(csvReporter(settings), findings))
  expect(names).toEqual(COLUMNS)
  return rows.map((row) => {
    expect(row).toHaveLength(COLUMNS.length)
    return Object.fromEntries(COLUMNS.map((name, i) => [name, row[i] ?? '']))
  })
}

describe('CSV', () => {
  it('gives every text back, escaped and defused, whatever was found', () => {
    const safe = (text = ''): string => {
      const escaped = escapeControl(text)
      return /^[=+\-@＝＋－＠]/u.test(escaped) ? `'${escaped}` : escaped
    }
    fc.assert(
      fc.property(fc.array(anyFinding, { maxLength: 3 }), (findings) => {
        const rows = rowsOf(findings)
        expect(rows).toHaveLength(findings.length)
        for (const [i, { service, target, note, tls }] of findings.entries())
          expect(rows[i]).toMatchObject({
            host: safe(target.host),
            product: safe(service?.product),
            hostname: safe(service?.hostname),
            note: safe(note),
            tls_subject: safe(tls?.chain[0]?.subject),
          })
      }),
      { numRuns: 300 },
    )
  })

  it('never has anything that a terminal or a spreadsheet would act upon', () => {
    fc.assert(
      fc.property(anyFinding, (finding) => {
        const csv = printed(csvReporter(ALL), [finding])
        for (const line of csv.split('\r\n')) expect(line).not.toMatch(UNSAFE)
        // Numbers may be negative.
        for (const text of readCsv(csv).flat()) expect(text).not.toMatch(/^[=+@\t\r]|^-(?!\d+$)/)
      }),
      { numRuns: 300 },
    )
  })

  it('has columns for what it is, how it is known, and the certificate', () => {
    expect(rowsOf([FULL])).toMatchObject([
      {
        time: '2026-11-21T14:03:07.123Z',
        port: '22',
        word: 'open',
        method: 'probe',
        details: 'title: =1+1; methods: GET, HEAD; proxied: false',
        cpe: 'cpe:2.3:a:f5:nginx:1.22.1',
        answer: '\\x00ÿ\\x1b',
        rtt_ms: '0.262000',
        cut: 'false',
        tls_verification: 'verified',
        tls_names: 'DNS:db.lan DNS:www.db.lan',
        tls_valid_to: '2027-01-01T00:00:00.000Z',
        tls_days_left: '40',
        tls_key: 'EC 256 prime256v1',
      },
    ])
  })

  it('has empty fields for what is not known', () => {
    expect(rowsOf([SHUT.stealth])).toMatchObject([
      {
        word: 'stealth',
        state: 'filtered',
        outcome: '',
        protocol: '',
        rtt_ms: '',
        answer: '',
        tls_subject: '',
      },
    ])
  })

  it('leaves out ports that are not open when asked to', () => {
    expect(rowsOf([...Object.values(SHUT), FULL], { openOnly: true })).toHaveLength(1)
  })
})
