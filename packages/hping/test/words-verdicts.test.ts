import { colours, type Verdict } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ScannedPort, scanTable } from '../src/words/scan-table.ts'
import { type VerdictRow, verdictLines } from '../src/words/verdicts.ts'

const OPEN: Verdict = { state: 'open', reason: 'syn-ack' }
const CLOSED: Verdict = { state: 'closed', reason: 'reset' }
const SILENT: Verdict = { state: 'filtered', reason: 'no-response' }
const REJECTED: Verdict = { state: 'filtered', reason: 'admin-prohibited' }

function row(port: number, verdict: Verdict | undefined, more: Partial<VerdictRow> = {}): VerdictRow {
  return { protocol: 'tcp', port, verdict, from: undefined, sent: 3, received: 3, ...more }
}

const text = (...rows: VerdictRow[]): string => verdictLines('10.77.0.2', rows).text

describe('verdicts', () => {
  it('say what a port is, why, and how often it answered, on standard error', () => {
    expect(verdictLines('10.77.0.2', [row(22, OPEN)])).toEqual({
      to: 'err',
      text: 'port 22: open (syn-ack), 3 of 3 answered\n',
    })
    expect(text(row(137, SILENT, { received: 0 }))).toBe(
      'port 137: filtered (no-response), 0 of 3 answered\n',
    )
  })

  it('name who answered for the port', () => {
    expect(text(row(22, REJECTED, { from: '10.77.0.1' }))).toBe(
      'port 22: filtered (admin-prohibited from 10.77.0.1), 3 of 3 answered\n',
    )
  })

  it('join ports in a row of which all is the same', () => {
    expect(text(row(24, CLOSED), row(22, OPEN), row(23, CLOSED), row(26, CLOSED))).toBe(
      'port 22: open (syn-ack), 3 of 3 answered\n' +
        'ports 23-24: closed (reset), 3 of 3 answered\n' +
        'port 26: closed (reset), 3 of 3 answered\n',
    )
    expect(text(row(23, CLOSED), row(24, CLOSED, { sent: 2, received: 2 }))).toBe(
      'port 23: closed (reset), 3 of 3 answered\nport 24: closed (reset), 2 of 2 answered\n',
    )
    expect(text(row(23, REJECTED), row(24, REJECTED, { from: '10.77.0.1' })).split('\n')).toHaveLength(3)
    expect(text(row(23, OPEN), row(24, OPEN, { protocol: 'udp' })).split('\n')).toHaveLength(3)
  })

  it('say udp, and name a host that has no ports', () => {
    const udp = { state: 'open', reason: 'udp-response' } as const
    expect(text(row(7, udp, { protocol: 'udp' }), row(8, udp, { protocol: 'udp' }))).toBe(
      'udp ports 7-8: open (udp-response), 3 of 3 answered\n',
    )
    const up = { state: 'up', reason: 'echo-reply' } as const
    expect(text(row(0, up, { protocol: 'icmp', sent: 2, received: 2 }))).toBe(
      '10.77.0.2: up (echo-reply), 2 of 2 answered\n',
    )
  })

  it('say nothing of ports that nothing is known of', () => {
    expect(text(row(22, undefined), row(23, undefined))).toBe('')
    expect(text()).toBe('')
  })

  it('are fifty lines at most, open ports first, and the last line counts the others', () => {
    const rows = Array.from({ length: 300 }, (_, i) => {
      if (i >= 290 && i % 2 === 0) return row(i, OPEN)
      return row(i, i % 2 === 0 ? CLOSED : SILENT)
    })
    const lines = verdictLines('10.77.0.2', rows).text.trimEnd().split('\n')
    expect(lines).toHaveLength(50)
    expect(lines.filter((line) => line.includes(': open ('))).toHaveLength(5)
    expect(lines[0]).toBe('port 0: closed (reset), 3 of 3 answered')
    expect(lines.at(-2)).toBe('port 298: open (syn-ack), 3 of 3 answered')
    expect(lines.at(-1)).toBe('251 more ports: 128 filtered, 123 closed')
  })

  it('account for every port once, whatever was found', () => {
    const verdicts = fc.constantFrom(OPEN, CLOSED, SILENT, REJECTED)
    const ports = fc.uniqueArray(fc.tuple(fc.nat(500), verdicts), { selector: ([port]) => port })
    fc.assert(
      fc.property(ports, (found) => {
        const told = verdictLines(
          '10.77.0.2',
          found.map(([port, verdict]) => row(port, verdict)),
        ).text
        const lines = told.split('\n').slice(0, -1)
        const counted = lines.map((line) => {
          const [, first, last] = /^ports? (\d+)(?:-(\d+))?:/.exec(line) ?? []
          if (first === undefined) return Number.parseInt(line, 10)
          return last === undefined ? 1 : Number(last) - Number(first) + 1
        })
        expect(counted.reduce((sum, count) => sum + count, 0)).toBe(found.length)
        expect(lines.length).toBeLessThanOrEqual(50)
      }),
    )
  })
})

describe('the table of a scan', () => {
  const PLAIN = colours({ isTty: false }, {}, 'never')
  const port = (
    number: number,
    verdict: Verdict | undefined,
    more: Partial<ScannedPort> = {},
  ): ScannedPort => ({
    ...row(number, verdict, { sent: 1, received: 1 }),
    service: undefined,
    rtt: { samples: 0, minNs: 0, maxNs: 0, sumNs: 0 },
    ...more,
  })

  it('tells state and reason of each port with its name, and not the host', () => {
    const rtt = { samples: 1, minNs: 48_000, maxNs: 48_000, sumNs: 48_000 }
    const ports = [
      port(8, REJECTED),
      port(22, OPEN, { service: 'ssh', rtt }),
      port(137, SILENT, { service: 'netbios-ns', received: 0 }),
      port(65_535, undefined),
    ]
    expect(scanTable(ports, { colours: PLAIN })).toBe(
      'PORT                   STATE     REASON            RTT\n' +
        '8/tcp                  filtered  admin-prohibited\n' +
        '22/tcp     ssh         open      syn-ack           0.048ms\n' +
        '137/tcp    netbios-ns  filtered  no-response\n',
    )
  })

  it('counts closed ports by the dozen, and escapes names', () => {
    const many = Array.from({ length: 30 }, (_, i) => port(100 + i, CLOSED))
    const told = scanTable([port(22, OPEN, { service: 's\x1b[2J' }), ...many], { colours: PLAIN })
    expect(told).toContain('22/tcp     s\\x1b[2J')
    expect(told).toContain('Not shown: 30 closed ports (reset)\n')
  })
})
