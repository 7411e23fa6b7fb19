import { describeCases, type RecordedCase, comparableRecord as recordOf } from '@portkit/lab/recorded'
import { describe, expect, it } from 'vitest'
import { composed, synExchange } from './recorded-compose.ts'
import { JUDGEMENTS, judgementOf } from './recorded-judgements.ts'
import { NPING } from './recorded-kit.ts'
import { DIALECT, masked, reportOf } from './recorded-normal.ts'
import { hopLines, hopsOf, missingRows, verdictsOf } from './recorded-verdicts.ts'

const cases = [...NPING.files.values()].flat()
const comparableRecord = (run: RecordedCase) => recordOf(run, judgementOf(run.id), DIALECT)

describeCases(NPING, JUDGEMENTS.keys(), 278)

describe('the composed reports', () => {
  it('say what a run of one probe prints', () => {
    const run = cases.find(({ id }) => id === 'n-116')
    if (run === undefined) throw new Error('no such run')
    expect(comparableRecord(run)?.stdout).toBe(composed([synExchange('10.77.0.2', 22)]).join('\n'))
  })

  it.each([
    ['n-117', 111],
    ['n-118', 137],
    ['n-119', 8],
  ])('agree with the recorded one in %s', (id, port) => {
    const run = cases.find((each) => each.id === id)
    if (run === undefined) throw new Error('no such run')
    expect(comparableRecord(run)?.stdout).toBe(composed([synExchange('10.77.0.2', port)]).join('\n'))
  })
})

describe('what varies from run to run', () => {
  it('is masked, and what the command line gives is not', () => {
    const line =
      'SENT (0.0134s) TCP 10.77.0.1:25665 > 10.77.0.2:8 S ttl=64 id=51014 iplen=40  seq=587200906 win=1480 '
    expect(masked(line, [])).toBe(
      'SENT (TIME) TCP 10.77.0.1:PORT > 10.77.0.2:8 S ttl=64 id=ID iplen=40  seq=SEQ win=1480 ',
    )
    expect(masked(line, ['-g', '25665', '--seq', '587200906', '--id', '51014'])).toBe(
      'SENT (TIME) TCP 10.77.0.1:25665 > 10.77.0.2:8 S ttl=64 id=51014 iplen=40  seq=587200906 win=1480 ',
    )
  })

  it('leaves a wrong port, flag, length or state to be seen', () => {
    const line =
      'RCVD (0.1s) TCP 10.77.0.2:22 > 10.77.0.1:40000 SA ttl=64 id=0 iplen=44  seq=1 win=64240 <mss 1460>'
    for (const part of ['10.77.0.2:22', 'SA', 'ttl=64', 'iplen=44', 'win=64240', '<mss 1460>'])
      expect(masked(line, [])).toContain(part)
  })

  it('splits the table of verdicts off after the last line of the report', () => {
    const text = 'Nping done: 1 IP address pinged in 1.04 seconds\n\nPORT STATE\n22 open syn-ack\n'
    expect(reportOf(text, '', [])).toEqual({
      lines: ['NAME done: 1 IP address pinged in TIME seconds'],
      table: ['', 'PORT STATE', '22 open syn-ack'],
      stderr: [],
    })
  })
})

describe('a table of verdicts', () => {
  const rows = [{ address: '10.77.0.2', port: 22, any: ['open syn-ack'] }]

  it('has a row that names address, port, state and reason', () => {
    expect(missingRows(rows, ['TARGET PORT', '10.77.0.2  22/tcp  open  syn-ack  0.050ms'])).toEqual([])
    expect(missingRows(rows, ['TARGET PORT', 'target.lab (10.77.0.2)  22/tcp  open  syn-ack'])).toEqual([])
  })

  it.each([
    '10.77.0.2 222/tcp open syn-ack',
    '10.77.0.2 22/tcp closed reset',
    '10.77.0.3 22/tcp open syn-ack',
  ])('is not complete with %s, which does not belong there', (line) =>
    expect(missingRows(rows, ['TARGET PORT', line])).toEqual(['10.77.0.2 22 open syn-ack', `not: ${line}`]),
  )

  it('follows the hops of a traceroute, which are told from its rows', () => {
    const run = cases.find(({ id }) => id === 'n-265')
    if (run === undefined) throw new Error('no such run')
    const table = [
      'HOP  ADDRESS        RTT',
      '  2  10.78.0.2  0.065ms',
      '  3  10.79.0.2  0.060ms',
      'TARGET PORT',
    ]
    expect(hopLines(table)).toEqual(hopsOf(run))
    expect(hopLines(table.slice(2))).not.toEqual(hopsOf(run))
  })

  it('follows from what the world does', () => {
    const run = cases.find(({ id }) => id === 'n-125')
    if (run === undefined) throw new Error('no such run')
    expect(verdictsOf(run).map(({ port, any }) => `${port} ${any}`)).toEqual([
      '22 open syn-ack',
      '111 closed reset',
      '137 filtered no-response',
      '8 filtered admin-prohibited',
    ])
  })
})

describe('packets on the wire', () => {
  it("are the probe's own, without the kernel's resets", () => {
    const lines = [
      'IP (tos 0x0, ttl 64, id 7, offset 0, flags [none], proto TCP (6), length 40) 10.77.0.1.9000 > 10.77.0.2.22: Flags [S], cksum 0x8932 (correct), seq 5, win 1480, length 0',
      'IP (tos 0x0, ttl 64, id 0, offset 0, flags [DF], proto TCP (6), length 44) 10.77.0.2.22 > 10.77.0.1.9000: Flags [S.], cksum 0xc825 (correct), seq 7, ack 6, win 64240, options [mss 1460], length 0',
      'IP (tos 0x0, ttl 64, id 0, offset 0, flags [DF], proto TCP (6), length 40) 10.77.0.1.9000 > 10.77.0.2.22: Flags [R], cksum 0x8ef7 (correct), seq 6, win 0, length 0',
    ]
    expect(DIALECT.packets(lines, [])).toEqual([
      '(tos 0x0, ttl 64, id ID, offset 0, flags [none], proto TCP (6), length 40) 10.77.0.1.PORT > 10.77.0.2.22: Flags [S], cksum correct, seq SEQ, win 1480, length 0',
    ])
  })
})
