import type { Behaviour } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { FITS, schemaErrors } from '../../core/test/result-schema.ts'
import { recordsOf } from '../../core/test/tool-kit.ts'
import { answers, greets, HTTP, look, SILENT, SSH, speaks, TLS13, worldOf } from './kit.ts'

const WEB = { kind: 'answers', answers: [['GET / HTTP/1.', HTTP]] } as const

/** One port of every kind there is. */
const PORTS: Readonly<Record<number, Behaviour>> = {
  22: greets(SSH),
  80: speaks(WEB),
  443: SILENT,
  993: SILENT,
  4000: SILENT,
  4001: greets('=cmd|"x"\r\n\x1b[2J\u202e'),
  4002: speaks({ kind: 'steps', steps: [{ does: 'close' }] }),
  4003: speaks({ kind: 'steps', steps: [{ does: 'rst' }] }),
  4004: { does: 'refuse', afterMs: 0.2 },
  4005: { does: 'drop' },
  4006: { does: 'icmp', afterMs: 1, type: 3, code: 13, from: '10.0.0.254' },
  4007: { does: 'accept', afterMs: 0.2, reset: true },
  4008: answers(['GET', 'HTTP/1.0 200 OK\r\nServer: =1+1\r\n\r\n<title>,"\';\n</title>']),
  9100: speaks(WEB),
}
const TLS = { 443: { ...TLS13, peer: WEB }, 993: { fails: 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE' } } as const
const COUNT = Object.keys(PORTS).length
const ALL = Object.keys(PORTS).join(',')

describe('the records of a run', () => {
  it('of JSON fit the schema, one for each port, with what was said to the octet', async () => {
    const { stdout, stderr, connections } = await look(`${ALL} --json`, worldOf(PORTS, { tls: TLS }))
    expect(stderr).toBe('')
    const records = recordsOf(stdout)
    for (const record of records) expect(schemaErrors(record)).toBe(FITS)
    const services = recordsOf(stdout, 'service')
    expect(services.map(({ port }) => port).sort()).toEqual(Object.keys(PORTS).map(Number).sort())
    const web = services.find(({ port }) => port === 80)
    const exchanges = web?.exchanges as { sentBase64: string; receivedBase64: string }[]
    const text = (base64 = ''): string => Buffer.from(base64, 'base64').toString('latin1')
    expect(text(exchanges[0]?.receivedBase64)).toBe(HTTP)
    expect(text(exchanges[0]?.sentBase64)).toBe(connections.find(({ port }) => port === 80)?.sent[0])
  })

  it('of CSV are as many rows of as many fields, and no formulas', async () => {
    const { stdout } = await look(`${ALL} --csv`, worldOf(PORTS, { tls: TLS }))
    const rows = rowsOf(stdout)
    expect(rows).toHaveLength(COUNT + 1)
    for (const row of rows) {
      expect(row).toHaveLength(rows[0]?.length ?? 0)
      for (const field of row) expect(field).not.toMatch(/^[=+\-@\t\r]/)
    }
  })

  it('of --url are URLs of open ports only', async () => {
    const { stdout } = await look(`${ALL} --url`, worldOf(PORTS, { tls: TLS }))
    const lines = stdout.trimEnd().split('\n')
    expect(lines).toContain('ssh://db.lan:22')
    expect(lines).toContain('http://db.lan:80/')
    expect(lines).toContain('https://db.lan:443/')
    for (const line of lines) expect(new URL(line).hostname).toBe('db.lan')
    expect(lines.some((line) => /:400[456]\b/.test(line))).toBe(false)
  })

  it('of text are one line a port', async () => {
    const { stdout } = await look(ALL, worldOf(PORTS, { tls: TLS }))
    expect(stdout.split('\n')).toHaveLength(COUNT + 1)
  })
})

/** Rows of fields (RFC 4180). */
function rowsOf(csv: string): readonly (readonly string[])[] {
  const rows: string[][] = [[]]
  for (const [, quoted, bare = '', end] of csv.matchAll(/(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/g)) {
    if (quoted === undefined && bare === '' && end === '') continue
    rows.at(-1)?.push(quoted?.replaceAll('""', '"') ?? bare)
    if (end === '\r\n') rows.push([])
  }
  return rows.filter((row) => row.length > 0)
}
