import { createServices, escapeControl, LocalFault, type Target, type TlsFact } from '@portkit/core'
import type { PortScript, World } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readCsv } from '../../core/test/read-csv.ts'
import { FITS, schemaErrors } from '../../core/test/result-schema.ts'
import { csvReporter } from '../src/csv-reporter.ts'
import { createLane } from '../src/lane-state.ts'
import { CLOSED, db, OPEN, run, STEALTH } from './kit.ts'

const text = fc.string({ unit: 'binary', maxLength: 30 })
const spiteful = fc.string({ unit: fc.constantFrom(...'=+-@",;\r\n\t\' ab'), maxLength: 12 })
const anyText = fc.oneof(text, spiteful)

const target: Target = { host: 'db', address: '10.0.0.2', family: 4, port: 22, transport: 'tcp' }
const plain = { quiet: false, failuresOnly: false }
type CsvSettings = Parameters<typeof csvReporter>[0]

describe('CSV', () => {
  it('gives back every text, but escapes controls and defuses what a spreadsheet would calculate', () => {
    const reporter = csvReporter(plain as CsvSettings, { lanes: [] })
    const lane = createLane(0, target, [], undefined)
    const head = reporter.start().map((line) => line.text)
    fc.assert(
      fc.property(anyText, anyText, (host, message) => {
        const slot = { lane: 0, target: { ...target, host }, seq: 3, startedAtMs: 0, startedNs: 0 }
        const lines = reporter.fault(lane, { kind: 'fault', ...slot, error: new LocalFault('EIO', message) })
        const [names = [], row = [], ...more] = readCsv([...head, ...lines.map((line) => line.text)].join(''))
        expect(more).toEqual([])
        expect(row).toHaveLength(names.length)
        const read = Object.fromEntries(names.map((name, i) => [name, row[i]]))
        const safe = (value: string) =>
          /^[=+\-@＝＋－＠]/u.test(value) ? `'${escapeControl(value)}` : escapeControl(value)
        expect(read).toMatchObject({ host: safe(host), error: safe(message), seq: '3', rtt_ms: '' })
      }),
    )
  })

  it('has a row for every probe, numbers with points and empty fields for what is not known', async () => {
    const world = { ...db(OPEN, CLOSED, STEALTH), clock: 'process' } as const
    const { stdout, stderr } = await run(['--csv', '-c', '3', 'db.lan', '22'], world)
    const [names, ...rows] = readCsv(stdout)
    const column = (name: string) => rows.map((row) => row[names?.indexOf(name) ?? -1])
    expect(column('seq')).toEqual(['1', '2', '3'])
    expect(column('word')).toEqual(['open', 'closed', 'stealth'])
    expect(column('state')).toEqual(['open', 'closed', 'filtered'])
    expect(column('rtt_ms')).toEqual(['0.250000', '0.300000', ''])
    expect(column('elapsed_ms')).toEqual(['0.250000', '0.300000', '975.000000'])
    expect(column('syns')).toEqual(['', '', ''])
    expect(stderr).toBe('')
  })
})

// biome-ignore lint/suspicious/noExplicitAny: what JSON.parse gives
function recordsOf(stdout: string): readonly any[] {
  const records = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  for (const record of records) {
    expect(schemaErrors(record), JSON.stringify(record)).toBe(FITS)
  }
  return records
}

const tls: TlsFact = {
  kind: 'tls',
  handshakeNs: 3.5e6,
  protocol: 'TLSv1.3',
  cipher: 'c',
  validToMs: Number.NaN,
  subject: 'CN=\u001b[2J',
  issuer: '',
  invalid: undefined,
}

const SCRIPTS: Readonly<Record<string, PortScript>> = {
  open: OPEN,
  'reset after accept': { does: 'accept', afterMs: 0.1, reset: true },
  'a lost SYN': { does: 'accept', afterMs: 0.1, lost: 1 },
  tls: { does: 'accept', afterMs: 0.1, tls },
  'failed tls': { does: 'accept', afterMs: 0.1, tls: { kind: 'tls-failed', message: '\u001b]0;x\u0007' } },
  closed: CLOSED,
  stealth: STEALTH,
  icmp: { does: 'icmp', afterMs: 0.2, type: 3, code: 13, from: '10.0.0.254' },
  unreachable: { does: 'unreachable', afterMs: 0.2, code: 'EHOSTUNREACH' },
  changing: [OPEN, CLOSED, STEALTH, OPEN],
  'a fault': { does: 'fault', code: 'EPERM', message: 'not allowed' },
  'a later fault': [OPEN, { does: 'fault', code: 'EIO', message: 'broken' }, OPEN],
}

describe('JSON', () => {
  it.each(Object.entries(SCRIPTS))('every record fits the schema: %s', async (_, script) => {
    for (const clock of ['kernel', 'process'] as const) {
      const world: World = { ports: { '10.0.0.2:443': script }, clock }
      const { stdout } = await run(['--json', '--tls', '-W', '3', '-c', '4', '10.0.0.2', '443'], world)
      const records = recordsOf(stdout)
      expect(records[0]).toMatchObject({ type: 'start', count: 4, intervalMs: 1000, timeoutMs: 3000 })
      expect(records.at(-1)).toMatchObject({ type: 'summary' })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: none of them may be in there
      expect(stdout.replaceAll('\n', '')).not.toMatch(/[\u0000-\u001f\u007f-\u009f]/)
    }
  })

  it('an end before the first answer fits the schema, too', async () => {
    const { stdout } = await run(['--json', 'db.lan', '22'], db(STEALTH), [{ afterMs: 1, does: 'SIGINT' }])
    const [start, summary, ...more] = recordsOf(stdout)
    expect(start).toMatchObject({ count: null, host: 'db.lan', addresses: ['10.0.0.2'] })
    expect(summary).toMatchObject({ elapsedMs: 0, stats: { sent: 0, rttMs: null, lossPercent: null } })
    expect(more).toEqual([])
  })

  it('has numbers that are numbers, and the figures so far in every probe', async () => {
    const { stdout } = await run(['--json', '-c', '3', 'db.lan', '22'], db(OPEN, CLOSED, STEALTH))
    const probes = recordsOf(stdout).filter(({ type }) => type === 'probe')
    expect(probes.map(({ rttMs }) => rttMs)).toEqual([0.25, 0.3, null])
    expect(probes.map(({ elapsedMs }) => elapsedMs)).toEqual([0.25, 0.3, 975])
    expect(probes.map(({ seq, port }) => [seq, port])).toEqual([
      [1, 22],
      [2, 22],
      [3, 22],
    ])
    expect(probes.map(({ stats }) => [stats.sent, stats.answered])).toEqual([
      [1, 1],
      [2, 2],
      [3, 2],
    ])
  })

  it('tells a fault as an error with its place, and says it once', async () => {
    const { stdout, stderr, status } = await run(['--json', '10.0.0.2', '443'], {
      ports: { '10.0.0.2:443': SCRIPTS['a fault'] ?? OPEN },
    })
    const error = {
      type: 'error',
      code: 'EPERM',
      message: 'not allowed',
      address: '10.0.0.2',
      port: 443,
      seq: 1,
    }
    expect(recordsOf(stdout).filter(({ type }) => type === 'error')).toMatchObject([error])
    expect({ stderr, status }).toEqual({ stderr: '', status: 2 })
  })

  it.each([
    ['-F', ['stealth']],
    ['-q', []],
  ])('%s leaves out probes, but no change and no summary', async (option, words) => {
    const { stdout } = await run(['--json', option, '-c', '3', 'db.lan', '22'], db(OPEN, STEALTH, OPEN))
    const records = recordsOf(stdout)
    expect(records.filter(({ type }) => type === 'probe').map(({ word }) => word)).toEqual(words)
    expect(records.filter(({ type }) => type === 'change')).toHaveLength(2)
    expect(records.at(-1)).toMatchObject({ type: 'summary', stats: { sent: 3 } })
  })

  it('a request on the way gives a summary of each target', async () => {
    const deeds = [{ afterMs: 1500, does: 'status' }] as const
    const { stdout } = await run(['--json', '-c', '3', 'db.lan', '22,80'], db(OPEN), deeds)
    const summaries = recordsOf(stdout).filter(({ type }) => type === 'summary')
    expect(summaries.map(({ port, stats }) => [port, stats.sent])).toEqual([
      [22, 2],
      [80, 2],
      [22, 3],
      [80, 3],
    ])
  })
})

describe('text', () => {
  it('never hands what a server says to the terminal as it is', async () => {
    const hostile: TlsFact = { kind: 'tls-failed', message: 'a\u001b]0;pwned\u0007\u202eb\nopen from' }
    const world: World = { ports: { '10.0.0.2:443': { does: 'accept', afterMs: 0.1, tls: hostile } } }
    const { stdout } = await run(['--tls', '-c', '1', '10.0.0.2', '443'], world)
    expect(stdout).toContain('(TLS failed: a\\x1b]0;pwned\\x07\\u202eb\\x0aopen from)\n')
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
  })

  it('never hands a fault to the terminal as it is', async () => {
    const fault = { does: 'fault', code: 'EIO', message: 'bad \u001b[2Jthing' } as const
    const { stderr } = await run(['10.0.0.2', '22'], { ports: { '10.0.0.2:22': fault } })
    expect(stderr).toBe('tcping: 10.0.0.2:22: seq=1: bad \\x1b[2Jthing\n')
  })

  it('says services by the machine, then by the built-in table', async () => {
    const services = createServices(() => 'odd 22/tcp\n')
    expect(services.nameOf(22, 'tcp')).toBe('odd')
    const files = { '/etc/services': 'odd 22/tcp\n' }
    const { stdout } = await run(['-c', '1', 'db.lan', 'odd'], { ...db(OPEN), files })
    expect(stdout).toContain('TCPING db.lan (10.0.0.2) port 22 (odd)\n')
  })

  it('tells the address changes of a name with a letter beyond ASCII by the name that was typed', async () => {
    const world: World = {
      hosts: { 'xn--bcher-kva.lan': [['10.0.0.2'], ['10.0.0.9']] },
      ports: { '10.0.0.2:22': STEALTH, '10.0.0.9:22': OPEN },
    }
    const { stdout } = await run(['-c', '2', '-r', '1', 'bücher.lan', '22'], world)
    expect(stdout).toContain('address of bücher.lan changed: 10.0.0.2 -> 10.0.0.9\n')
  })

  it('stamps changes as it stamps probes', async () => {
    const options = ['-v', '--timestamp', 'relative', '-c', '2']
    const { stdout } = await run([...options, 'db.lan', '22'], db(OPEN, CLOSED))
    expect(stdout).toContain('+1.000 s changed: open -> closed\n')
  })
})
