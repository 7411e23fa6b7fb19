import type { World } from '@portkit/core/sim'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CLOSED, countsOf, linesOf, OPEN, PLAIN, run, STEALTH, shotsOf, verdictsOf } from './sim-kit.ts'

const WORLD: World = {
  ...PLAIN,
  hosts: { 'db.lan': ['10.0.0.2'], 'six.lan': ['fd00::2'] },
  ports: {
    ...PLAIN.ports,
    '10.0.0.2:25': { does: 'icmp', type: 3, code: 13, from: '10.0.0.254', afterMs: 0.4 },
    '10.0.0.3:22': CLOSED,
    '[fd00::2]:22': OPEN,
    '[fd00::2]:24': STEALTH,
  },
  datagrams: { ...PLAIN.datagrams, '[fd00::2]:53': { does: 'echo' } },
  machines: { '10.0.0.7': { isAbsent: true }, '10.0.0.8': { echo: false, timestamp: false } },
}

const FAST = '-c 1 --delay 5ms'

describe('every mode finds out what is there', () => {
  it.each<readonly [string, readonly string[], number]>([
    [
      '--tcp -p 22-25 10.0.0.2',
      [
        '10.0.0.2 22/tcp open syn-ack 0.250ms',
        '10.0.0.2 23/tcp closed reset 0.300ms',
        '10.0.0.2 24/tcp filtered no-response',
        '10.0.0.2 25/tcp filtered admin-prohibited 10.0.0.254 0.400ms',
      ],
      0,
    ],
    ['--tcp -p 23,24 10.0.0.2', ['closed reset', 'filtered no-response'], 1],
    ['--tcp --flags ack -p 22,24 10.0.0.2', ['unfiltered reset', 'filtered no-response'], 1],
    ['--tcp --flags fin -p 22,23 10.0.0.2', ['open|filtered no-response', 'closed reset'], 1],
    ['--tcp --flags none -p 22,23 10.0.0.2', ['open|filtered no-response', 'closed reset'], 1],
    ['--tcp --flags fin,psh,urg -p 22,23 10.0.0.2', ['open|filtered no-response', 'closed reset'], 1],
    ['--tcp --flags fin,ack -p 23,24 10.0.0.2', ['closed reset', 'open|filtered no-response'], 1],
    ['--tcp --like-system -p 22 10.0.0.2', ['open syn-ack'], 0],
    ['--tcp -p 22-24 six.lan', ['open syn-ack', 'closed reset', 'filtered no-response'], 0],
    ['--tcp-connect -p 22-24 db.lan', ['open syn-ack', 'closed reset', 'filtered no-response'], 0],
    [
      '--udp -p 53,69,70 10.0.0.2',
      ['open udp-response', 'open|filtered no-response', 'closed port-unreach'],
      0,
    ],
    ['--udp -p 53,70 fd00::2', ['open udp-response', 'closed port-unreach'], 0],
    [
      '--udp --unprivileged -p 53,69,70 10.0.0.2',
      ['open udp-response', 'open|filtered no-response', 'closed port-unreach'],
      0,
    ],
    ['--icmp 10.0.0.2 10.0.0.8', ['up echo-reply', 'no answer no-response'], 0],
    ['--icmp fd00::2', ['up echo-reply'], 0],
    ['--icmp --icmp-type timestamp 10.0.0.2 10.0.0.8', ['up timestamp-reply', 'no answer no-response'], 0],
    ['--arp 10.0.0.2 10.0.0.7', ['up arp-response', 'no answer no-response'], 0],
    ['--arp fd00::2', ['up neighbour-advertisement'], 0],
    ['10.0.0.2', ['up echo-reply'], 0],
    ['-p 22 10.0.0.2', ['open syn-ack'], 0],
  ])('nping-ts %s', async (command, verdicts, status) => {
    const ran = await run(`${FAST} ${command}`, WORLD)
    expect(ran.stderr.replace(/ERR: .* READ to .*\n/g, '')).toBe('')
    const rows = verdictsOf(ran.stdout)
    expect(rows.map((row, i) => (row.includes(verdicts[i] ?? 'nothing') ? verdicts[i] : row))).toEqual(
      verdicts,
    )
    expect(ran.status).toBe(status)
    expect(ran.io.packets.channels()).toBe(0)
  })
})

describe('probes go in the order of rounds, ports and hosts', () => {
  const HOSTS = ['10.0.0.2', '10.0.0.3', 'fd00::2']
  const delay = fc.constantFrom('0', '1ms', '3ms', '20ms', '100ms', '1')
  const sorted = fc.uniqueArray(fc.integer({ min: 20, max: 29 }), { minLength: 1, maxLength: 5 })

  it('to the right ports at any delay, each answered by its own (nmap issues 2702, 1249, 691)', async () => {
    await fc.assert(
      fc.asyncProperty(
        sorted,
        fc.subarray(HOSTS, { minLength: 1 }),
        fc.integer({ min: 1, max: 3 }),
        delay,
        async (ports, hosts, rounds, between) => {
          const command = `--tcp -p ${ports.join(',')} -c ${rounds} --delay ${between} ${hosts.join(' ')}`
          const { stdout, io } = await run(command, WORLD)
          const ascending = ports.toSorted((a, b) => a - b)
          const round = ascending.flatMap((port) => hosts.map((host) => `${host} ${port}`))
          const expected = Array.from({ length: rounds }, () => round).flat()
          const shots = shotsOf(io)
          expect(shots.map(({ destination, port }) => `${destination} ${port}`)).toEqual(expected)
          const told = linesOf(stdout, 'SENT').map((line) =>
            / > (\S+):(\d+) /.exec(line)?.slice(1, 3).join(' '),
          )
          expect(told).toEqual(expected)
          const { sent, received, lost } = countsOf(stdout)
          expect([sent, sent - received]).toEqual([expected.length, lost])
          // Whatever answers is told once, and never more often than it was asked.
          expect(linesOf(stdout, 'RCVD')).toHaveLength(received)
          for (const row of verdictsOf(stdout)) expect(rowIsRight(row), row).toBe(true)
        },
      ),
      { numRuns: 40, endOnFailure: true },
    )
  })

  function rowIsRight(row: string): boolean {
    const [host = '', port = ''] = row.split(' ')
    const name = host.includes(':')
      ? `[${host}]:${Number.parseInt(port, 10)}`
      : `${host}:${Number.parseInt(port, 10)}`
    const open = ['10.0.0.2:22', '[fd00::2]:22']
    const silent = ['10.0.0.2:24', '10.0.0.2:25', '[fd00::2]:24']
    const state = open.includes(name) ? 'open' : silent.includes(name) ? 'filtered' : 'closed'
    return row.includes(` ${state} `)
  }

  it.each([
    ['--rate 600', 1000 / 600],
    ['--rate 10', 100],
    ['--rate 7', 1000 / 7],
    ['--delay 2.5ms', 2.5],
    ['--delay 300us', 0.3],
  ])('%s is kept exactly', async (option, betweenMs) => {
    const { io } = await run(`--tcp -p 23 -c 60 ${option} 10.0.0.2`, WORLD)
    for (const [k, { atMs }] of shotsOf(io).entries()) expect(atMs).toBeCloseTo(k * betweenMs, 5)
    expect(shotsOf(io)).toHaveLength(60)
  })

  it.each(['--tcp-connect', '--udp --unprivileged'])('%s keeps it, too', async (mode) => {
    const { stdout } = await run(`${mode} -p 23,24 -c 5 --rate 100 10.0.0.2`, WORLD)
    const times = linesOf(stdout, 'SENT').map((line) => Number(/\((\S+)s\)/.exec(line)?.[1]))
    expect(times).toEqual(Array.from({ length: 10 }, (_, k) => k / 100))
  })
})

describe('statistics', () => {
  it('have the exact average, least and largest round trip', async () => {
    const times = [0.1, 0.2, 0.6, 0.7]
    const behaviours = times.map((afterMs) => ({ does: 'accept', afterMs }) as const)
    const { stdout } = await run('--tcp -p 22 -c 4 --delay 5ms 10.0.0.2', {
      ports: { '10.0.0.2:22': behaviours },
    })
    expect(stdout).toContain('Max rtt: 0.700ms | Min rtt: 0.100ms | Avg rtt: 0.400ms\n')
    expect(verdictsOf(stdout)).toEqual(['10.0.0.2 22/tcp open syn-ack 0.100/0.400/0.700ms 4/4'])
  })

  it.each(['--tcp', '--tcp-connect', '--udp', '--udp --unprivileged'])(
    'of %s add up over hosts',
    async (mode) => {
      const { stdout } = await run(`${mode} -p 22-24,53,69 -c 3 --delay 2ms 10.0.0.2 10.0.0.3`, WORLD)
      const hosts = [...stdout.matchAll(/Probes Sent: (\d+) \| Rcvd: (\d+) \| Lost: (\d+)/g)].map((match) =>
        match.slice(1).map(Number),
      )
      const sums = [0, 1, 2].map((i) => hosts.reduce((sum, host) => sum + (host[i] ?? 0), 0))
      const { sent, received, lost } = countsOf(stdout)
      expect(sums).toEqual([sent, received, lost])
      expect(sent).toBe(30)
    },
  )

  it('have no rates of a single moment', async () => {
    const { stdout } = await run('--tcp -p 22 -c 1 -v 10.0.0.2', WORLD)
    expect(stdout).toContain('Tx time: 0.00000s | Tx bytes/s: 0.00 | Tx pkts/s: 0.00\n')
    expect(stdout).not.toMatch(/NaN|Infinity/)
  })
})
