import { createTally } from '@portkit/core'
import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { endStatus } from '../src/run/end-status.ts'
import { besides, CLOSED, OPEN, PLAIN, run, world } from './sim-kit.ts'

const ONE = { host: { name: undefined, address: '10.0.0.2', family: 4 as const } }
const icmp = { does: 'icmp', type: 3, code: 13, from: '10.0.0.254', afterMs: 0.4 } as const
const PROHIBITED = world({ ports: { '10.0.0.2:22': icmp } })
const BARRED = world({ packetAccess: false })
const DOWN = world({ link: { downAtMs: 15 } })

function failing(...packets: readonly number[]): World {
  return world({ link: { failures: packets.map((packet) => ({ packet, does: 'fault', code: 'EPERM' })) } })
}

const MIXED = world({ ports: { '10.0.0.2:22': CLOSED, '10.0.0.2:23': OPEN } })
const TIMES = '-c 2 -i 10ms 10.0.0.2'

/** SYN and ACK; RST and ACK. */
const SA = 0x12
const RA = 0x14

describe('the exit status', () => {
  it.each<readonly [string, string, World, readonly [number, number, number]]>([
    ['an open port', `-S -p 22 ${TIMES}`, PLAIN, [0, 0, SA]],
    ['a closed port', `-S -p 23 ${TIMES}`, PLAIN, [0, 1, RA]],
    ['a silent port', `-S -p 24 ${TIMES}`, PLAIN, [1, 2, 0]],
    ['a port that a router forbids', `-S -p 22 ${TIMES}`, PROHIBITED, [0, 2, 0]],
    ['a port that passes an ACK back', `-A -p 22 ${TIMES}`, PLAIN, [0, 2, 4]],
    ['an open port beside a closed one', `-S -p ++22 ${TIMES}`, MIXED, [0, 0, SA]],
    ['a closed port beside a silent one', `-S -p ++23 ${TIMES}`, PLAIN, [0, 1, RA]],
    ['an open port whose interface went down', `-S -p 22 -c 5 -i 10ms 10.0.0.2`, DOWN, [2, 3, 2]],
    ['a machine that may not make packets', `-S -p 22 ${TIMES}`, BARRED, [2, 3, 2]],
    ['a machine that sent nothing', `-S -p 22 ${TIMES}`, failing(0, 1), [2, 3, 2]],
    ['a machine that sent one of two', `-S -p 22 ${TIMES}`, failing(0), [0, 0, SA]],
    ['a host that nobody knows', '-S -p 22 nobody.lan', PLAIN, [2, 3, 2]],
    [
      'a host without a way to it',
      `-S -p 22 ${TIMES}`,
      world({ routes: { '10.0.0.2': 'ENETUNREACH' } }),
      [2, 3, 2],
    ],
  ])('of %s', async (_, command, there, [hping, state, flags]) => {
    expect((await run(command, there)).status).toBe(hping)
    expect((await run(`${command} --exit-code hping`, there)).status).toBe(hping)
    expect((await run(`${command} --exit-code state`, there)).status).toBe(state)
    expect((await run(`${command} --tcpexitcode`, there)).status).toBe(flags)
  })

  it.each<readonly [string, number, number]>([
    ['-2 -p 53', 0, 0],
    ['-2 -p 69', 1, 2],
    ['-2 -p 70', 0, 1],
    ['-1', 0, 0],
  ])('of %s', async (mode, hping, state) => {
    expect((await run(`${mode} ${TIMES}`)).status).toBe(hping)
    expect((await run(`${mode} ${TIMES} --exit-code state`)).status).toBe(state)
  })

  it('of the flags is that of the last TCP answer, ICMP errors left aside', async () => {
    const ports = { '10.0.0.2:22': OPEN, '10.0.0.2:23': CLOSED, '10.0.0.2:24': icmp }
    const command = '-S -p ++22 -i 10ms --tcpexitcode 10.0.0.2'
    expect((await run(`${command} -c 1`, world({ ports }))).status).toBe(SA)
    expect((await run(`${command} -c 2`, world({ ports }))).status).toBe(RA)
    expect((await run(`${command} -c 3`, world({ ports }))).status).toBe(RA)
  })

  it('of a run that Ctrl-C ended is that of what came by then', async () => {
    const command = '-S -p ++24 -i 10ms 10.0.0.2'
    const [early, late] = [{ interruptMs: 5 }, { interruptMs: 15 }]
    expect((await run(command, PLAIN, early)).status).toBe(1)
    expect((await run(command, PLAIN, late)).status).toBe(0)
    expect((await run(`${command} --exit-code state`, PLAIN, early)).status).toBe(2)
    expect((await run(`${command} --exit-code state`, PLAIN, late)).status).toBe(1)
    expect((await run(`${command} --tcpexitcode`, PLAIN, late)).status).toBe(RA)
  })

  it.each([
    ['hping', false, 1],
    ['state', false, 2],
    ['flags', false, 0],
    ['hping', true, 2],
    ['state', true, 3],
    ['flags', true, 2],
  ] as const)('of a run without packets by %s, faulty: %s', (by, isFaulty, status) => {
    expect(endStatus(by, { tally: createTally([ONE.host]), lastFlags: 0, isFaulty })).toBe(status)
  })
})

describe('packets that the system does not send', () => {
  it('are counted, each message is told once, and the others go on', async () => {
    const failures = [1, 3, 4].map(
      (packet) => ({ packet, does: 'fault', code: packet === 3 ? 'ENETUNREACH' : 'EPERM' }) as const,
    )
    const { stderr, status } = await run('-S -p 22 -c 6 -i 10ms 10.0.0.2', world({ link: { failures } }))
    expect(stderr.match(/^hping-ts: send: .*$/gm)).toHaveLength(2)
    expect(besides(stderr, /packets not sent/)).toBe(3)
    expect(stderr).toContain('\n3 packets transmitted, 3 packets received, 0% packet loss\n')
    expect(status).toBe(0)
  })

  it('are told with -q, too', async () => {
    const { stdout, stderr } = await run(`-S -q -p 22 ${TIMES}`, failing(0, 1))
    expect(stderr.match(/not permitted/g)).toHaveLength(1)
    expect(stdout.split('\n')).toHaveLength(2)
  })

  it('wait for room where there is none', async () => {
    const failures = [{ packet: 1, does: 'no-room', forMs: 25 }] as const
    const { stderr } = await run('-S -p 22 -c 4 -i 10ms 10.0.0.2', world({ link: { failures } }))
    expect(stderr).toContain('\n4 packets transmitted, 4 packets received, 0% packet loss\n')
  })
})

describe('a fault in the middle', () => {
  it('leaves the statistics of what was done, and is told behind them', async () => {
    const { stderr, io, tookMs } = await run('-S -p 22 -c 5 -i 10ms 10.0.0.2', DOWN)
    expect(stderr).toMatch(
      /2 packets transmitted, 2 packets received[\s\S]*port 22: open .*\nhping-ts: eth0: the network interface is down\n$/,
    )
    expect(io.packets.channels()).toBe(0)
    expect(tookMs).toBeLessThan(21)
  })

  it.each(['-S -p 24', '-2 -p 69', '-T -S -p 24', '--scan 24 -S'])(
    'does not let anybody wait for answers (%s)',
    async (mode) => {
      const count = mode.startsWith('--scan') ? '' : '-c 1'
      const { status, tookMs, io } = await run(
        `${mode} ${count} --timeout 30 10.0.0.2`,
        world({ link: { downAtMs: 500 } }),
      )
      expect([status, tookMs, io.packets.channels()]).toEqual([2, 500, 0])
    },
  )

  it.each([
    ['-I eth9 -S 10.0.0.2', /^hping-ts: -I: "eth9" is no network interface .*: eth0\n/],
    ['-a 10.0.0.77 -S 10.0.0.2', /^hping-ts: -a: 10\.0\.0\.77 is not an address of this machine/],
    ['-S nobody.lan', /^hping-ts: nobody\.lan: Name or service not known\n/],
    ['-S -y six.lan', /^hping-ts: -y: IPv6 has no such flag/],
    ['--read none.pcap', /^hping-ts: cannot read none\.pcap: no such file\n/],
    ['-S --write a.pcap 10.0.0.2', /^hping-ts: cannot write a\.pcap: permission denied/],
  ])('of the beginning ends hping-ts %s with status 2, and nothing is sent', async (command, why) => {
    const there = world({ hosts: { 'six.lan': ['fd00::2'] }, unwritable: { 'a.pcap': 'EACCES' } })
    const { stdout, stderr, status, io } = await run(command, there)
    expect(stderr).toMatch(why)
    expect([stdout, status, io.packets.channels(), io.wire.length]).toEqual(['', 2, 0, 0])
  })
})
