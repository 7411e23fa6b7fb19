import { icmp4Packet, type Noise, tcpPacket, udpPacket } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { answersOf, besides, countsOf, run, verdictsOf, visible, world } from './sim-kit.ts'

const THERE = '10.0.0.2'
const BACK = { source: THERE, destination: '10.0.0.1', ttl: 64 }
const OUT = { source: '10.0.0.1', destination: THERE, ttl: 64 }
const UNREACHABLE = { kind: 'unknown', type: 3, code: 3, rest: 0 } as const

/** The numbers of the shots that lines are about, and how long each took. */
function toldOf(stdout: string): readonly string[] {
  return [...stdout.matchAll(/seq=(\d+)(?: win=\d+)? rtt=([\d.]+) ms/g)].map(([, seq, ms]) => `${seq} ${ms}`)
}

describe('late answers', () => {
  it('count as long as packets go out, though a second is between them', async () => {
    const mischief = { [THERE]: { lateMs: 1500, probes: [0] } }
    const { stdout, stderr, status, tookMs } = await run('-S -p 22 -c 4 10.0.0.2', world({ mischief }))
    expect(toldOf(stdout)).toEqual(['1 0.250', '0 1500.250', '2 0.250', '3 0.250'])
    expect(countsOf(stderr)).toEqual({ sent: 4, received: 4, loss: 0 })
    expect([status, tookMs]).toEqual([0, 3000.25])
  })

  it('of the last packet are waited for as long as --timeout says', async () => {
    const mischief = { [THERE]: { lateMs: 1500 } }
    const short = await run('-S -p 22 -c 1 10.0.0.2', world({ mischief }))
    expect(countsOf(short.stderr)).toEqual({ sent: 1, received: 0, loss: 100 })
    expect([short.status, short.tookMs]).toEqual([1, 1000])
    expect(verdictsOf(short)).toEqual(['port 22: filtered (no-response), 0 of 1 answered'])
    const long = await run('-S -p 22 -c 1 --timeout 2 10.0.0.2', world({ mischief }))
    expect(toldOf(long.stdout)).toEqual(['0 1500.250'])
    expect([long.status, long.tookMs]).toEqual([0, 1500.25])
  })

  it('that come behind ten seconds are told, but counted apart', async () => {
    const mischief = { [THERE]: { lateMs: 11_000, probes: [0] } }
    const { stdout, stderr } = await run('-S -p 22 -c 14 10.0.0.2', world({ mischief }))
    expect(toldOf(stdout)).toContain('0 11000.250')
    expect(countsOf(stderr)).toEqual({ sent: 14, received: 13, loss: 8 })
    expect(besides(stderr, /answer too late/)).toBe(1)
  })
})

describe('answers out of sequence', () => {
  it('are counted once each, and received', async () => {
    const mischief = { [THERE]: { lateMs: 25, probes: [0, 3] } }
    const { stdout, stderr } = await run('-S -p 22 -c 6 -i 10ms 10.0.0.2', world({ mischief }))
    expect(toldOf(stdout).map((told) => told[0])).toEqual(['1', '2', '0', '4', '5', '3'])
    expect(countsOf(stderr)).toEqual({ sent: 6, received: 6, loss: 0 })
    expect(stderr).toContain('\n2 out of sequence packets received\n')
  })

  it('say nothing of a line when there are none', async () => {
    expect((await run('-S -p 22 -c 3 -i 10ms 10.0.0.2')).stderr).not.toContain('out of sequence')
  })
})

describe('answers that come again', () => {
  it.each(['-S -p 22', '-1', '-2 -p 53'])('are shown and counted apart (%s)', async (mode) => {
    const mischief = { [THERE]: { againMs: [1, 2], probes: [0, 1] } }
    const ran = await run(`${mode} -c 3 -i 100ms 10.0.0.2`, world({ mischief }))
    const lines = answersOf(ran)
    expect(lines.map((line) => line.startsWith('DUP! '))).toEqual([
      ...[false, true, true, false, true, true],
      false,
    ])
    expect(countsOf(ran.stderr)).toEqual({ sent: 3, received: 3, loss: 0 })
    expect(besides(ran.stderr, /duplicate answers/)).toBe(4)
  })

  it('of an ICMP error are status 1 in UDP mode', async () => {
    const mischief = { [THERE]: { againMs: [1] } }
    const { stdout } = await run('-2 -p 70 -c 1 -n -s 4000 10.0.0.2', world({ mischief }))
    expect(stdout.split('\n').slice(1)).toEqual([
      'ICMP Port Unreachable from ip=10.0.0.2',
      'status=0 port=4000 seq=0',
      '',
    ])
    const two = await run('-2 -p 70 -c 2 -i 10ms -n -s 4000 10.0.0.2', world({ mischief }))
    expect(two.stdout).toContain('status=1 port=4000 seq=0\n')
  })
})

/** What strangers send: with other ports, unasked numbers, and errors about packets of other programs. */
const NOISE: readonly Noise[] = [
  { octets: tcpPacket(BACK, { sourcePort: 22, destinationPort: 9, seq: 1, ack: 2, flags: 0x12 }) },
  { octets: tcpPacket(BACK, { sourcePort: 24, destinationPort: 4000, seq: 1, ack: 2, flags: 0x12 }) },
  { octets: udpPacket(BACK, { sourcePort: 53, destinationPort: 9 }, new Uint8Array(9)) },
  {
    octets: icmp4Packet(
      BACK,
      UNREACHABLE,
      tcpPacket(OUT, { sourcePort: 9, destinationPort: 24, seq: 1, ack: 0, flags: 2 }),
    ),
  },
  { octets: icmp4Packet(BACK, { kind: 'unknown', type: 0, code: 0, rest: 0x1234_0001 }, new Uint8Array(8)) },
  { octets: icmp4Packet(BACK, UNREACHABLE, new Uint8Array(3)) },
  { octets: Uint8Array.of(0x45) },
].map((packet, i) => ({ ...packet, afterMs: 3 + i, times: 5, everyMs: 10 }))

describe('what is not an answer', () => {
  it.each(['-S -s 4000 -p 24', '-S -s 4000 -k -p 24', '-2 -s 4000 -p 69', '-1'])(
    'is not counted with %s (hping3: -300%% packet loss)',
    async (mode) => {
      const machines = { [THERE]: { echo: false } }
      const ran = await run(`${mode} -c 5 -i 10ms 10.0.0.2`, world({ noise: NOISE, machines }))
      expect(answersOf(ran)).toEqual([])
      expect(countsOf(ran.stderr)).toEqual({ sent: 5, received: 0, loss: 100 })
      expect(ran.status).toBe(1)
    },
  )

  it('is told with -D, without control characters', async () => {
    const { stdout } = await run('-S -D -s 4000 -p 24 -c 5 -i 10ms 10.0.0.2', world({ noise: NOISE }))
    expect(stdout).toMatch(
      /^DEBUG: not ours: TCP 10\.0\.0\.2:24 > 10\.0\.0\.1:4000 flags=SA len=40$|^DEBUG: not ours: TCP 10\.0\.0\.2:24 > 10\.0\.0\.1:4000 len=40 flags=SA$/m,
    )
    expect(stdout).not.toMatch(/[^\n -~]/)
  })
})

describe('what is shown of an answer', () => {
  it.each([
    [
      '-V',
      /^len=44 ip=10\.0\.0\.2 ttl=64 DF id=0 tos=0 iplen=44\nsport=22 flags=SA seq=0 .*\nseq=\d+ ack=\d+ sum=[0-9a-f]+ urp=0\n\n$/,
    ],
    ['-Q', /^ *\d+ \+\d+\n$/],
    ['--beep', /^<BEL>len=44 .*\n$/],
    ['-j', /^len=44 .*\n<TAB><TAB>4500 002c (?:[0-9a-f \n]|<TAB>)+\n\n$/],
    ['-J', /^len=44 .*\n<TAB><TAB>E\.\.,[ -~\n]+\n\n$/],
    ['--tcp-timestamp', /^len=56 .*\n {2}TCP timestamp: tcpts=\d+\n\n$/],
    ['-q', /^$/],
  ])('with %s', async (option, lines) => {
    const { stdout } = await run(`-S -p 22 -c 1 ${option} 10.0.0.2`)
    expect(visible(stdout).replace(/^(?:using .*\n)?HPING .*\n/, '')).toMatch(lines)
  })

  it('has no look-ups with -n', async () => {
    const icmp = { does: 'icmp', type: 3, code: 13, from: '10.0.0.254', afterMs: 0.4 } as const
    const more = { ports: { '10.0.0.2:22': icmp }, names: { '10.0.0.254': 'gate.lan' } }
    expect((await run('-S -p 22 -c 1 -n 10.0.0.2', world(more))).stdout).not.toContain('gate')
    expect((await run('-S -p 22 -c 1 10.0.0.2', world(more))).stdout).toContain('name=gate.lan\n')
  })

  it('has no control characters of names, neither of hosts nor of routers', async () => {
    const icmp = { does: 'icmp', type: 3, code: 13, from: '10.0.0.254', afterMs: 0.4 } as const
    const evil = 'ev\u001b[31mil\u0007'
    const more = { hosts: { [evil]: [THERE] }, ports: { '10.0.0.2:22': icmp }, names: { '10.0.0.254': evil } }
    for (const host of [THERE, evil]) {
      const { stdout, stderr } = await run(`-S -p 22 -c 1 ${host}`, world(more))
      expect(stdout + stderr).toContain('31mil')
      expect(stdout.replaceAll('\b', '') + stderr).not.toMatch(/[^\n -~]/)
    }
  })
})
