import type { WirePacket, World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { FITS, schemaErrors } from '../../core/test/result-schema.ts'
// Loaded before the virtual clock runs, which would overtake it.
import '../src/by-packets.ts'
import { CLOSED, OPEN, run, STEALTH } from './kit.ts'

const ADMIN = { does: 'icmp', type: 3, code: 13, from: '10.0.0.9', afterMs: 2 } as const
const WORLD: World = {
  hosts: { 'db.lan': ['10.0.0.2'], 'six.lan': ['fd00::2'] },
  addresses: ['10.0.0.1', 'fd00::1'],
  ports: {
    '10.0.0.2:22': OPEN,
    '10.0.0.2:23': CLOSED,
    '10.0.0.2:24': STEALTH,
    '10.0.0.2:25': ADMIN,
    '[fd00::2]:22': OPEN,
  },
  interfaces: { eth0: [{ address: '10.0.0.1', family: 4 }], lo: [{ address: '127.0.0.1', family: 4 }] },
}

const syn = (line: string, more: Partial<World> = {}) =>
  run(['--syn', ...line.split(' ')], { ...WORLD, ...more })

describe('--syn', () => {
  it('says the same of a port as a connection does', async () => {
    const { stdout, stderr, status } = await syn('-c 1 db.lan 22-25')
    const lines = stdout.split('\n').filter((line) => line.includes('seq='))
    expect(lines).toEqual([
      'open from db.lan (10.0.0.2):22: seq=1 time=0.250 ms',
      'closed from db.lan (10.0.0.2):23: seq=1 time=0.300 ms (refused)',
      'unreachable db.lan (10.0.0.2):25: seq=1 time=2.000 ms (admin-prohibited from 10.0.0.9)',
      'stealth db.lan (10.0.0.2):24: seq=1 no answer in 1000 ms',
    ])
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  })

  it('tells with -v what came back, its time to live and the clock', async () => {
    const { stdout } = await syn('-v -c 1 db.lan 22,23')
    expect(stdout).toContain(':22: seq=1 time=0.250 ms (SYN-ACK, ttl 64, packet clock)\n')
    expect(stdout).toContain(':23: seq=1 time=0.300 ms (refused, RST, ttl 64, packet clock)\n')
  })

  it('makes no connection, and leaves nothing open', async () => {
    const { io } = await syn('-c 3 -i 0.1 db.lan six.lan 22')
    expect(io.net.attempts).toEqual([])
    // The flags of a SYN, behind an IPv4 or an IPv6 header.
    const isSyn = ({ direction, octets }: WirePacket): boolean =>
      direction === 'out' && octets[((octets[0] ?? 0) >>> 4 === 6 ? 40 : 20) + 13] === 0x02
    expect(io.wire.filter(isSyn)).toHaveLength(6)
    expect(io.packets.channels()).toBe(0)
  })

  it('fits the schema in every record and gives the packet that came back', async () => {
    const { stdout } = await syn('--json -c 2 -i 0.2 db.lan 22-25')
    const records: readonly Readonly<Record<string, unknown>>[] = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    for (const record of records) expect(schemaErrors(record)).toBe(FITS)
    const [open, closed, error, silent] = ['open', 'closed', 'unreachable', 'stealth'].map((word) =>
      records.find((record) => record.type === 'probe' && record.word === word),
    )
    expect(open).toMatchObject({
      state: 'open',
      reason: 'syn-ack',
      clock: 'packet',
      rttMs: 0.25,
      syns: 1,
      local: null,
      answer: { from: '10.0.0.2', ttl: 64, flags: 'SA' },
    })
    expect(closed).toMatchObject({ state: 'closed', reason: 'reset', answer: { flags: 'RA' } })
    expect(error).toMatchObject({ state: 'filtered', icmp: { type: 3, code: 13, from: '10.0.0.9' } })
    expect(silent).toMatchObject({ state: 'filtered', reason: 'no-response', clock: null, rttMs: null })
  })

  it('fills the rows of --csv, and counts in the text file for Prometheus', async () => {
    const csv = await syn('--csv -c 1 db.lan 22,23')
    expect(csv.stdout).toContain(',open,open,syn-ack,0.250000,0.250000,packet,1,\r\n')
    expect(csv.stdout).toContain(',closed,closed,reset,0.300000,0.300000,packet,1,\r\n')
    const { io } = await syn('-q -c 2 -i 0.1 --prometheus /p.prom db.lan 22')
    expect(io.written.get('/p.prom')).toMatch(/tcping_probes_total\{[^}]*state="open"\} 2/)
  })

  it('draws a picture', async () => {
    const terminal = { columns: 80, rows: 24 }
    const { stdout, status } = await syn('--graph -c 2 -i 0.1 db.lan 22', { terminal })
    expect(stdout).toContain('0.250')
    expect(status).toBe(0)
  })

  it('floods', async () => {
    const { stdout } = await syn('-f -c 50 db.lan 22')
    expect(stdout).toContain('50 packets transmitted, 50 received, 0% packet loss')
  })

  it('ends at the deadline and at Ctrl-C, with the summary', async () => {
    const deadline = await syn('-w 1.5 db.lan 24')
    expect(deadline.stdout).toContain('1 packets transmitted, 0 received, 100% packet loss')
    const stopped = await run(['--syn', '-W', '5', 'db.lan', '24'], WORLD, [{ afterMs: 500, does: 'SIGINT' }])
    expect(stopped.stdout).toContain('0 packets transmitted, 0 received')
    expect(stopped.io.packets.channels()).toBe(0)
  })

  it('uses the raw-socket backend where it is asked for, by the process clock', async () => {
    const { stdout } = await syn('-v -c 1 --backend raw-socket db.lan 22')
    expect(stdout).toContain('process clock)')
  })

  it('leaves as it is told', async () => {
    const { io, status } = await syn('-c 1 -I eth0 -t 9 -Q 16 --source-port 4000 db.lan 22')
    const [packet] = io.wire
    expect([packet?.octets[1], packet?.octets[8], packet?.octets[20], packet?.octets[21]]).toEqual([
      16, 9, 0x0f, 0xa0,
    ])
    expect(status).toBe(0)
  })

  it('tells of a network without a way and goes on', async () => {
    const { stdout, stderr, status } = await syn('-c 1 db.lan 10.0.0.7 22', {
      routes: { '10.0.0.7': 'ENETUNREACH' },
    })
    expect(stderr).toMatch(/^tcping: 10\.0\.0\.7:22: seq=1: [^\n]+\n$/)
    expect(stdout).toContain('open from db.lan (10.0.0.2):22: seq=1')
    expect(status).toBe(0)
  })
})

describe('without the right to raw packets', () => {
  const none = { packetAccess: false } as const

  it.each([
    ['--syn', ['--syn']],
    ['--clock packet', ['--clock', 'packet']],
  ])('%s says in one line what it takes, and what works without', async (name, way) => {
    const { stdout, stderr, status } = await run([...way, 'db.lan', '22'], { ...WORLD, ...none })
    expect(stderr).toMatch(new RegExp(`^tcping: ${name}: [^\\n]*CAP_NET_RAW[^\\n]*\\n$`))
    expect(stderr).toContain(`(tcping without ${name} needs no privilege)\n`)
    expect({ stdout, status }).toEqual({ stdout: '', status: 2 })
  })

  it('the packet clock is refused where there are no stamps', async () => {
    const world = { ...WORLD, packetAccess: 'raw-socket' } as const
    for (const way of [
      ['--clock', 'packet'],
      ['--syn', '--clock', 'packet'],
    ]) {
      const { stderr, status } = await run([...way, 'db.lan', '22'], world)
      expect(stderr).toMatch(/^tcping: the packet clock needs the kernel backend[^\n]*\n$/)
      expect(status).toBe(2)
    }
  })

  it('everything else goes on as ever', async () => {
    const { status, io } = await run(['-c', '1', 'db.lan', '22'], { ...WORLD, ...none })
    expect(status).toBe(0)
    expect(io.packets.channels()).toBe(0)
  })
})

describe('--clock packet', () => {
  it('connects as ever, and takes the probe’s own time where no packet was seen', async () => {
    const { stdout, io } = await run(['--clock', 'packet', '-v', '-c', '1', 'db.lan', '22,23'], WORLD)
    expect(io.net.attempts).toHaveLength(2)
    expect(stdout).toContain('time=0.250 ms (from 10.0.0.1:40000, kernel clock)')
    expect(io.packets.channels()).toBe(0)
  })
})
