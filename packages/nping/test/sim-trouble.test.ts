import { icmp4Packet, type Noise, tcpPacket, udpPacket, type World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { countsOf, linesOf, OPEN, PLAIN, run, shotsOf, verdictsOf } from './sim-kit.ts'

const HERE = '10.0.0.1'
const THERE = '10.0.0.2'
const BACK = { source: THERE, destination: HERE, ttl: 64 }
const OUT = { source: HERE, destination: THERE, ttl: 64 }
const UNREACHABLE = { kind: 'unknown', type: 3, code: 3, rest: 0 } as const

function world(more: Partial<World>): World {
  return { ...PLAIN, ...more }
}

/** What strangers send: with other ports, unasked numbers, and errors about packets of other programs. */
const NOISE: readonly Noise[] = [
  { octets: tcpPacket(BACK, { sourcePort: 22, destinationPort: 9, seq: 1, ack: 2, flags: 0x12 }) },
  { octets: udpPacket(BACK, { sourcePort: 53, destinationPort: 9 }, new Uint8Array(9)) },
  {
    octets: icmp4Packet(
      BACK,
      UNREACHABLE,
      udpPacket(OUT, { sourcePort: 9, destinationPort: 22 }, Uint8Array.of(1)),
    ),
  },
  {
    octets: icmp4Packet(
      BACK,
      UNREACHABLE,
      tcpPacket(OUT, { sourcePort: 9, destinationPort: 22, seq: 1, ack: 0, flags: 2 }),
    ),
  },
  { octets: icmp4Packet(BACK, { kind: 'unknown', type: 0, code: 0, rest: 0x1234_0001 }, new Uint8Array(8)) },
  { octets: icmp4Packet(BACK, UNREACHABLE, new Uint8Array(3)) },
  { octets: Uint8Array.of(0x45) },
].map((packet, i) => ({ ...packet, afterMs: 3 + i, times: 5, everyMs: 10 }))

describe('what is not an answer', () => {
  it.each(['--tcp -p 24', '--udp -p 69', '--icmp', '--tcp-connect -p 24'])(
    'is not counted in mode %s, however much of it comes (nping counts foreign ICMP errors)',
    async (mode) => {
      const machines = { [THERE]: { echo: false } }
      const { stdout, status } = await run(
        `${mode} -c 5 --delay 10ms 10.0.0.2`,
        world({ noise: NOISE, machines }),
      )
      expect(linesOf(stdout, 'RCVD')).toEqual([])
      expect(countsOf(stdout)).toEqual({ sent: 5, received: 0, lost: 5 })
      expect(status).toBe(1)
    },
  )

  it('is not counted twice', async () => {
    const mischief = { [THERE]: { againMs: [1, 2] } }
    const { stdout } = await run('--tcp -p 22 -c 3 --delay 10ms 10.0.0.2', world({ mischief }))
    expect(countsOf(stdout)).toEqual({ sent: 3, received: 3, lost: 0 })
    expect(stdout).toMatch(/\nNot counted: 4 repeated answers\n/)
    expect(verdictsOf(stdout)).toEqual(['10.0.0.2 22/tcp open syn-ack 0.250ms 3/3'])
  })

  it('is told when it comes, in the order of time', async () => {
    const mischief = { [THERE]: { againMs: [100, 200] } }
    const { stdout } = await run('--tcp -p 22 -c 2 10.0.0.2', world({ mischief }))
    const times = [...stdout.matchAll(/^(?:SENT|RCVD) \((\S+)s\)/gm)].map(([, seconds]) => Number(seconds))
    expect(times).toEqual(times.toSorted((a, b) => a - b))
    expect(times).toEqual([0, 0.0003, 0.1003, 0.2003, 1, 1.0003])
  })

  it('counts as late when the time was over, and still says what the port is', async () => {
    const mischief = { [THERE]: { lateMs: 8 } }
    const { stdout, status } = await run(
      '--tcp -p 22 -c 2 --delay 20ms --timeout 5ms 10.0.0.2',
      world({ mischief }),
    )
    expect(countsOf(stdout)).toEqual({ sent: 2, received: 0, lost: 2 })
    expect(stdout).toContain('\nNot counted: 1 answer too late\n')
    expect(stdout).toContain('Max rtt: N/A')
    expect(verdictsOf(stdout)).toEqual(['10.0.0.2 22/tcp open syn-ack 0/2'])
    expect(status).toBe(0)
  })
})

describe('a machine that cannot send', () => {
  const COMMAND = '--tcp -p 22 -c 4 --delay 10ms 10.0.0.2'

  it('tries again what there was no room for', async () => {
    const failures = [{ packet: 1, does: 'no-room', forMs: 25 }] as const
    const { stdout, stderr, status } = await run(COMMAND, world({ link: { failures } }))
    expect(countsOf(stdout)).toEqual({ sent: 4, received: 4, lost: 0 })
    expect([stderr, status]).toEqual(['', 0])
  })

  it('leaves out a packet that is forbidden, says so, and goes on', async () => {
    const failures = [{ packet: 1, does: 'fault', code: 'EPERM' }] as const
    const { stdout, stderr, io } = await run(COMMAND, world({ link: { failures } }))
    expect(countsOf(stdout)).toEqual({ sent: 3, received: 3, lost: 0 })
    expect(stdout).toContain('\nNot counted: 1 probe not sent\n')
    expect(stderr).toMatch(/^ERR: \(0\.0100s\) SEND to 10\.0\.0\.2:22 failed: .*not permitted.*\n$/)
    expect(shotsOf(io).map(({ atMs }) => atMs)).toEqual([0, 20, 30])
  })

  it('counts an attempt to connect once, as failed, when it could not even be made', async () => {
    const ports = {
      [`${THERE}:22`]: { does: 'fault', code: 'EMFILE', message: 'too many open files' } as const,
    }
    const { stdout, stderr, status } = await run(
      '--tcp-connect -p 22,23 -c 1 --delay 1ms 10.0.0.2',
      world({ ports }),
    )
    expect(countsOf(stdout)).toEqual({ sent: 2, received: 0, lost: 2 })
    expect(stdout).not.toContain('Not counted')
    expect(stderr).toBe('ERR: (0.0000s) SEND to 10.0.0.2:22 failed: too many open files\n')
    expect(verdictsOf(stdout)).toEqual(['10.0.0.2 23/tcp closed reset'])
    expect(status).toBe(1)
  })

  it('ends with what was done when the interface goes down', async () => {
    const { stdout, stderr, status, io, tookMs } = await run(COMMAND, world({ link: { downAtMs: 15 } }))
    expect(countsOf(stdout)).toEqual({ sent: 2, received: 2, lost: 0 })
    expect(verdictsOf(stdout)).toEqual(['10.0.0.2 22/tcp open syn-ack 0.250ms 2/2'])
    expect(stderr).toBe('nping-ts: eth0: the network interface is down\n')
    expect([status, io.packets.channels()]).toEqual([2, 0])
    expect(tookMs).toBeLessThan(21)
  })

  it.each(['--tcp -p 24', '--udp -p 69', '--icmp', '--tcp --tr -p 24'])(
    'does not wait for answers by an interface that is down (%s)',
    async (mode) => {
      const quiet = { machines: { [THERE]: { echo: false } }, link: { downAtMs: 500 } }
      const { status, tookMs, io } = await run(`${mode} -c 1 --timeout 30s 10.0.0.2`, world(quiet))
      expect([status, tookMs, io.packets.channels()]).toEqual([2, 500, 0])
    },
  )

  it('says how many answers were lost that came too fast', async () => {
    const { stdout } = await run(
      '--tcp -p 100-199 -c 1 --rate 1000000 10.0.0.2',
      world({ link: { buffer: 20 } }),
    )
    const { received } = countsOf(stdout)
    const dropped = Number(/Not counted: .*?(\d+) packets? lost in the receive buffer/.exec(stdout)?.[1] ?? 0)
    expect(shotsOf((await run('--tcp -p 100-199 -c 1 --rate 1000000 10.0.0.2')).io)).toHaveLength(100)
    expect(received + dropped).toBeGreaterThanOrEqual(100)
    expect(received).toBeLessThanOrEqual(100)
  })

  it.each([
    ['EACCES', 'not permitted'],
    ['ENETUNREACH', 'no route'],
    ['EHOSTUNREACH', 'no route to host'],
  ])('tells of a route that is %s, and probes the other hosts', async (code, why) => {
    const routes = { '10.0.9.9': code }
    const { stdout, stderr, status } = await run('--tcp -p 22 -c 1 10.0.9.9 10.0.0.2', world({ routes }))
    expect(stderr).toContain('SEND to 10.0.9.9:22 failed: ')
    expect(stderr).toContain(why)
    expect(stdout).toMatch(/Statistics for host 10\.0\.9\.9:\n \| {2}Probes Sent: 0 \| Rcvd: 0 \| Lost: 0/)
    expect(verdictsOf(stdout)).toEqual(['10.0.0.2 22/tcp open syn-ack 0.250ms'])
    expect(status).toBe(0)
    expect((await run('--tcp -p 22 -c 1 10.0.9.9', world({ routes }))).status).toBe(2)
  })
})

describe('without the right to make packets', () => {
  const BARRED = world({ packetAccess: false })

  it.each([
    ['-p 22 -c 1 10.0.0.2', 'open syn-ack'],
    ['--tcp-connect -p 22 -c 1 10.0.0.2', 'open syn-ack'],
    ['--udp -p 53 -c 1 10.0.0.2', 'open udp-response'],
  ])('nping-ts %s does it by sockets', async (command, verdict) => {
    const { stdout, stderr, status, io } = await run(command, BARRED)
    expect(verdictsOf(stdout)[0]).toContain(verdict)
    expect([stderr, status, io.wire.length]).toEqual(['', 0, 0])
  })

  it.each(['--tcp', '--icmp', '--arp', '--tcp --tr'])(
    'nping-ts %s names the capability, and the status is 2',
    async (mode) => {
      const { stdout, stderr, status, io } = await run(`${mode} -c 1 10.0.0.2`, BARRED)
      expect(stdout).toBe('')
      expect(stderr).toMatch(/^nping-ts: .*CAP_NET_RAW.*\n$/)
      expect([status, io.packets.channels()]).toEqual([2, 0])
    },
  )

  it.each([
    ['--arp -c 1 10.0.0.2', 'ARP needs the kernel backend'],
    ['--tcp -c 1 --backend kernel 10.0.0.2', 'kernel backend needs Linux'],
    ['--tcp -c 1 --clock packet 10.0.0.2', 'packet clock needs the kernel backend'],
  ])('nping-ts %s says what raw-socket cannot do', async (command, why) => {
    const { stderr, status, io } = await run(command, world({ packetAccess: 'raw-socket' }))
    expect(stderr).toContain(why)
    expect([status, io.packets.channels()]).toEqual([2, 0])
  })

  it('measures with its own clock by raw-socket', async () => {
    const { stdout, status } = await run(
      '--tcp -p 22-24 -c 1 --delay 10ms 10.0.0.2',
      world({ packetAccess: 'raw-socket' }),
    )
    expect(verdictsOf(stdout).map((row) => row.split(' ')[2])).toEqual(['open', 'closed', 'filtered'])
    expect(status).toBe(0)
  })
})

describe('targets that cannot be', () => {
  it.each([
    ['--tcp -c 1 -e eth9 10.0.0.2', /^nping-ts: eth9: no such network interface\n/],
    ['--tcp -c 1 -S 10.0.0.77 10.0.0.2', /^nping-ts: -S: 10\.0\.0\.77 is not an address of this machine/],
    ['--tcp -c 1 nix.lan', /^nping-ts: nix\.lan: Name or service not known\n/],
    ['--read none.pcap', /^nping-ts: cannot read none\.pcap: no such file\n/],
  ])('nping-ts %s ends with status 2', async (command, message) => {
    const { stderr, status, io } = await run(command)
    expect(stderr).toMatch(message)
    expect([status, io.packets.channels(), io.wire.length]).toEqual([2, 0, 0])
  })

  it('do not keep the others from being probed', async () => {
    const { stdout, stderr, status } = await run('--tcp -c 1 -p 22 nix.lan db.lan')
    expect(stderr).toBe('nping-ts: nix.lan: Name or service not known\n')
    expect(verdictsOf(stdout)).toEqual(['db.lan (10.0.0.2) 22/tcp open syn-ack 0.250ms'])
    expect(status).toBe(0)
  })

  it('take the way that is named', async () => {
    const { io, status } = await run('--tcp -c 1 -p 22 -e eth0 -S 10.0.0.1 10.0.0.2')
    expect(status).toBe(0)
    expect(shotsOf(io)).toMatchObject([{ destination: THERE, port: 22 }])
  })

  it('show no control characters of their names', async () => {
    const name = 'ev\u001b[31mil'
    const { stdout, stderr } = await run(
      `--tcp -c 1 -p 22 ${name}`,
      world({ hosts: { [name]: [THERE] }, ports: { '10.0.0.2:22': OPEN } }),
    )
    expect(stderr + stdout).toContain('il')
    expect(stdout + stderr).not.toContain('\u001b')
  })
})
