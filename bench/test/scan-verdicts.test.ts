import { describe, expect, it } from 'vitest'
import { saidByHping3, saidInJson, saidInText, truth, wrong } from '../src/scan-verdicts.mjs'

const ports = { from: 1, to: 30 }
const truths = truth(ports, { from: 28, to: 29 })

const text = (closed: number) =>
  [
    '   12            : .S..A...  64     0 64240    44',
    'Not responding ports: (15 netstat) (28 ) (29 ) ',
    '',
    'PORT                 STATE     REASON            RTT      RCVD/SENT',
    '7/tcp      echo      filtered  host-unreach      0.829ms  1/1',
    '8/tcp                filtered  port-unreach      8.029ms  1/1',
    '9/tcp      discard   filtered  admin-prohibited  8.021ms  1/1',
    '10/tcp               filtered  net-unreach       8.021ms  1/1',
    ...[12, 13, 14, 16, 17, 22, 25].map(
      (port) => `${port}/tcp   open-it   open      syn-ack           0.016ms  1/1`,
    ),
    '15/tcp     netstat   filtered  no-response                0/3',
    `Not shown: ${closed} closed ports (reset)`,
    '',
  ].join('\n')

describe('verdicts of scans', () => {
  it('knows what the ports of the lab are', () => {
    expect(truths.size).toBe(30)
    expect([1, 7, 11, 15, 22, 28, 30].map((port) => truths.get(port))).toEqual([
      'closed reset',
      'filtered host-unreach',
      'closed reset',
      'filtered no-response',
      'open syn-ack',
      'filtered no-response',
      'closed reset',
    ])
  })

  it('knows that ICMPv6 calls a missing route by another name', () => {
    expect(truths.get(10)).toBe('filtered net-unreach')
    expect(truth(ports, { from: 28, to: 29 }, 6).get(10)).toBe('filtered no-route')
  })

  it('reads a verdict on every port out of a table that leaves closed ones out', () => {
    expect(wrong(saidInText(text(16), ports), truths)).toBe(0)
  })

  it('takes no port for closed when another number of them is said to be', () => {
    expect(wrong(saidInText(text(15), ports), truths)).toBe(16)
  })

  it('counts each port that is called something else, for another reason, or not at all, and each that is too much', () => {
    const said = new Map([...truths, [31, 'closed reset'], [22, 'closed reset'], [7, 'filtered no-response']])
    said.delete(1)
    expect(wrong(said, truths)).toBe(4)
  })

  it('reads verdicts from JSON lines and nothing else', () => {
    const lines = [
      { type: 'probe', port: 1, state: 'closed', reason: 'reset' },
      { type: 'verdict', port: 22, state: 'open', reason: 'syn-ack' },
      { type: 'total', sent: 2 },
    ]
    const said = saidInJson(lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    expect([...said]).toEqual([[22, 'open syn-ack']])
  })

  it('reads hping3, who tells states without reasons', () => {
    const stdout = [
      ...[12, 13, 14, 16, 17, 22, 25].map((port) => `   ${port} daytime    : .S..A...  64     0 64240    44`),
      'Not responding ports: (7 echo) (8 ) (9 discard) (10 ) (15 netstat) (28 ) ',
    ]
    const said = saidByHping3(stdout.join('\n'), ports)
    expect(said.get(22)).toBe('open')
    // 29 is missing in the list.
    expect(wrong(said, truths)).toBe(1)
  })
})
