import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { countsOf, linesOf, PLAIN, run, shotsOf, verdictsOf } from './sim-kit.ts'

const ONE = '--tcp -p 22 -c 2 --delay 10ms 10.0.0.2'

describe('what is shown', () => {
  it('has no SENT lines with -H', async () => {
    const { stdout } = await run(`${ONE} -H`)
    expect([linesOf(stdout, 'SENT').length, linesOf(stdout, 'RCVD').length]).toEqual([0, 2])
    expect(countsOf(stdout).sent).toBe(2)
  })

  it('has the round trip on each answer with --rtt', async () => {
    for (const mode of ['--tcp', '--tcp-connect']) {
      const { stdout } = await run(`${mode} -p 22 -c 2 --delay 10ms --rtt 10.0.0.2`)
      expect(linesOf(stdout, 'RCVD').every((line) => line.endsWith(' rtt=0.250ms'))).toBe(true)
    }
  })

  it('says nothing of answers with -N, and waits for none', async () => {
    const { stdout, status, tookMs, io } = await run(`${ONE} -N`)
    expect(linesOf(stdout, 'RCVD')).toEqual([])
    expect(verdictsOf(stdout)).toEqual([])
    expect([tookMs, shotsOf(io).length, status]).toEqual([10, 2, 1])
  })

  it.each([
    [-4, { start: false, packets: false, end: false, table: false }],
    [-3, { start: false, packets: false, end: false, table: false }],
    [-2, { start: false, packets: false, end: false, table: false }],
    [-1, { start: true, packets: false, end: true, table: false }],
    [0, { start: true, packets: true, end: true, table: true }],
    [1, { start: true, packets: true, end: true, table: true }],
    [4, { start: true, packets: true, end: true, table: true }],
  ])('at verbosity %d is %j', async (verbosity, shown) => {
    const { stdout } = await run(`${ONE} ${verbosity < 0 ? `-q${-verbosity}` : `-v${verbosity}`}`)
    expect({
      start: stdout.includes('Starting nping-ts'),
      packets: linesOf(stdout, 'SENT').length > 0,
      end: stdout.includes('Nping done'),
      table: verdictsOf(stdout).length > 0,
    }).toEqual(shown)
    expect(stdout.includes('Tx time: ')).toBe(verbosity > 0)
    expect(/^0000 {3}45 00/m.test(stdout)).toBe(verbosity >= 3)
  })

  it('tells faults from verbosity -2 on', async () => {
    const world: World = { ...PLAIN, link: { failures: [{ packet: 0, does: 'fault', code: 'EPERM' }] } }
    expect((await run(`${ONE} -q2`, world)).stderr).toMatch(/^ERR: /)
    expect((await run(`${ONE} -q3`, world)).stderr).toBe('')
  })
})

describe('the exit status', () => {
  it.each([
    ['--tcp -p 22 -c 1 10.0.0.2', 0, 0],
    ['--tcp -p 23 -c 1 10.0.0.2', 1, 0],
    ['--tcp -p 23,22 -c 1 --delay 1ms 10.0.0.2', 0, 0],
    ['--icmp -c 1 10.0.0.2', 0, 0],
    ['--tcp -c 1 nix.lan', 2, 1],
  ])('of nping-ts %s is %d, or %d in the old habit', async (command, ours, old) => {
    expect((await run(command)).status).toBe(ours)
    expect((await run(`${command} --exit-code nping`)).status).toBe(old)
  })
})

describe('packets', () => {
  it.each([
    ['--tcp -p 22 --mtu 24 --data-length 64', '10.0.0.2', 24 + 20, 4],
    ['--tcp -p 22 -f --data-length 200', '10.0.0.2', 72 + 20, 4],
    ['--udp -p 53 --mtu 8 --data-length 16', '10.0.0.2', 8 + 20, 3],
    ['--icmp --mtu 16 --data-length 30', '10.0.0.2', 16 + 20, 3],
    ['--tcp -p 22 --mtu 24 --data-length 64', 'fd00::2', 24 + 48, 4],
  ])(
    'with %s to %s leave in fragments of that size, and are answered',
    async (options, host, most, count) => {
      const world = {
        ...PLAIN,
        ports: { ...PLAIN.ports, '[fd00::2]:22': { does: 'accept', afterMs: 0.2 } as const },
      }
      const { stdout, io, status } = await run(`${options} -c 1 ${host}`, world)
      const sent = io.wire.filter(({ direction, timeNs }) => direction === 'out' && timeNs === 0)
      expect(sent).toHaveLength(count)
      expect(Math.max(...sent.map(({ octets }) => octets.length))).toBe(most)
      expect(countsOf(stdout)).toEqual({ sent: 1, received: 1, lost: 0 })
      expect(linesOf(stdout, 'SENT')).toHaveLength(1)
      expect(status).toBe(0)
    },
  )

  it('come from the port that was asked for, at the TTL that was asked for', async () => {
    const { io } = await run('--tcp -p 22 -c 2 --delay 1ms -g 4444 --ttl 9 10.0.0.2')
    expect(shotsOf(io)).toMatchObject([
      { sourcePort: 4444, ttl: 9 },
      { sourcePort: 4444, ttl: 9 },
    ])
  })
})

describe('a capture', () => {
  it.each(['--tcp -p 22-24', '--udp -p 53,69,70', '--icmp', '--arp'])(
    'of nping-ts %s reads into the same verdicts and counts',
    async (mode) => {
      const live = await run(`${mode} -c 3 --delay 10ms --write run.pcap 10.0.0.2`)
      const file = Uint8Array.from(Buffer.from(live.io.written.get('run.pcap') ?? '', 'latin1'))
      expect(file.length).toBeGreaterThan(24)
      const read = await run('--read run.pcap', { ...PLAIN, files: { 'run.pcap': file } })
      expect(countsOf(read.stdout)).toEqual(countsOf(live.stdout))
      expect(verdictsOf(read.stdout)).toEqual(verdictsOf(live.stdout))
      expect([read.stderr, read.status, read.io.wire.length]).toEqual(['', live.status, 0])
    },
  )

  it('that is cut off is reported as far as it goes', async () => {
    const live = await run('--tcp -p 22 -c 3 --delay 10ms --write run.pcap 10.0.0.2')
    const file = Uint8Array.from(Buffer.from(live.io.written.get('run.pcap') ?? '', 'latin1'))
    const read = await run('--read run.pcap', { ...PLAIN, files: { 'run.pcap': file.subarray(0, -10) } })
    expect(countsOf(read.stdout).sent).toBe(3)
    expect(countsOf(read.stdout).received).toBe(2)
    expect(read.stderr).toMatch(/^nping-ts: run\.pcap: /)
  })

  it('that is none is refused in one sentence', async () => {
    const { stderr, status } = await run('--read x', {
      ...PLAIN,
      files: { x: 'no capture at all, but some text' },
    })
    expect(stderr).toMatch(/^nping-ts: .*x.*\n$/)
    expect(status).toBe(2)
  })
})
