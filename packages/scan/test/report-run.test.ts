import type { World } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { OPEN, PLAIN_USER, portsOf, range, rowsOf, STEALTH, scan, timeless, worldOf } from './kit.ts'

const WORLD = worldOf({ '10.0.0.2:22': OPEN, '10.0.0.2:80': OPEN, '10.0.0.2:24': STEALTH })
const TERMINAL: World = { ...WORLD, terminal: { columns: 100, rows: 24 } }

describe('--open', () => {
  it('tells only open ports, and only hosts that have some', async () => {
    const { out } = await scan('-n --open -p 21-24 10.0.0.2 10.0.0.4', WORLD)
    expect(timeless(out)).toBe(`Starting portscan 1.2.3 ( portkit ) at TIME
Nmap scan report for 10.0.0.2
Host is up (Ns latency).
Not shown: 2 closed tcp ports (reset), 1 filtered tcp port (no-response)
Some closed ports may be reported as filtered due to --defeat-rst-ratelimit
PORT   STATE SERVICE
22/tcp open  ssh
MAC Address: 02:00:0A:00:00:02 (Unknown)

Nmap done: 2 IP addresses (2 hosts up) scanned in N seconds
`)
  })

  it('tells ports that may be open', async () => {
    const { out } = await scan('-n --open -sF -p 21-24 10.0.0.2', WORLD)
    expect(rowsOf(out)).toEqual(['22/tcp open|filtered ssh', '24/tcp open|filtered unknown'])
  })
})

describe('-v', () => {
  it('tells each stage, and open ports as they are found', async () => {
    const { out } = await scan('-n -v -p 22-24 10.0.0.2', WORLD)
    expect(timeless(out)).toContain(`Initiating ARP Ping Scan at TIME
Scanning 10.0.0.2 [1 port]
Completed ARP Ping Scan at TIME, Ns elapsed (1 total hosts)
Initiating SYN Stealth Scan at TIME
Scanning 10.0.0.2 [3 ports]
Discovered open port 22/tcp on 10.0.0.2
Completed SYN Stealth Scan at TIME, Ns elapsed (3 total ports)
Nmap scan report for 10.0.0.2
`)
    expect(out).toMatch(/\n {11}Raw packets sent: \d+ \(\d+B\) \| Rcvd: \d+ \(\d+B\)\n$/)
  })

  it.each([
    ['-sT', 'Connect Scan'],
    ['-sU', 'UDP Scan'],
    ['-sA', 'ACK Scan'],
    ['-sF', 'FIN Scan'],
    ['-sN', 'NULL Scan'],
    ['-sX', 'XMAS Scan'],
    ['-sM', 'Maimon Scan'],
    ['-sW', 'Window Scan'],
  ])('calls %s what nmap calls it', async (kind, title) => {
    const { out } = await scan(`-n -v ${kind} -p 22 10.0.0.2`, WORLD)
    expect(timeless(out)).toContain(`Initiating ${title} at TIME\n`)
  })

  it('twice tells reasons', async () => {
    const { out } = await scan('-n -vv -p 22 10.0.0.2', WORLD)
    expect(out).toContain('Host is up, received arp-response (')
    expect(rowsOf(out)).toEqual(['22/tcp open ssh syn-ack ttl 64'])
  })
})

describe('--stats-every', () => {
  it('tells how far the scan is, in the words of nmap', async () => {
    const { out } = await scan('-n -p 1-100 --scan-delay 100ms --stats-every 2s 10.0.0.2', WORLD)
    const stats = out.match(/^Stats: .*\n.*$/gm) ?? []
    expect(stats.length).toBeGreaterThanOrEqual(4)
    expect(stats[0]).toMatch(
      /^Stats: 0:00:02 elapsed; 0 hosts completed \(1 up\), 1 undergoing SYN Stealth Scan\nSYN Stealth Scan Timing: About \d+\.\d\d% done; ETC: \d\d:\d\d \(0:00:\d\d remaining\)$/,
    )
    const done = stats.map((text) => Number(/About ([\d.]+)%/.exec(text)?.[1]))
    expect(done).toEqual([...done].sort((a, b) => a - b))
  })
})

describe('on a terminal', () => {
  it('a line on standard error says how far the scan is, and is gone in the end', async () => {
    const { out, err } = await scan('-n -p 1-100 --scan-delay 50ms 10.0.0.2', TERMINAL)
    expect(err).toMatch(/\d+(\.\d+)? ?%/)
    expect(err.endsWith('\r\u001b[K')).toBe(true)
    expect(err).not.toContain('\n')
    expect(out).not.toContain('\r')
    for (const line of err.split('\r')) expect(line.length).toBeLessThan(110)
  })

  it.each([
    ['--no-progress', TERMINAL],
    ['', WORLD],
  ])('there is none with %s, or elsewhere', async (option, world) => {
    const { err } = await scan(`${option} -n -p 1-100 --scan-delay 50ms 10.0.0.2`, world)
    expect(err).toBe('')
  })

  it.each([
    ['auto', TERMINAL, true],
    ['never', TERMINAL, false],
    ['always', WORLD, true],
    ['auto', WORLD, false],
    ['auto', { ...TERMINAL, env: { NO_COLOR: '1' } }, false],
  ])('colours are %s', async (mode, world, isColoured) => {
    const { out, file } = await scan(`-n --colour ${mode} -p 22 10.0.0.2 -oN normal`, world)
    expect(out.includes('\u001b[')).toBe(isColoured)
    expect(file('normal')).not.toContain('\u001b')
  })
})

describe('--packet-trace', () => {
  it('tells each packet as nmap does', async () => {
    const { out } = await scan('-n --packet-trace -p 22 10.0.0.2', WORLD)
    const trace = out.split('\n').filter((line) => /^(SENT|RCVD)/.test(line))
    expect(trace).toEqual([
      expect.stringMatching(/^SENT \(\d\.\d{4}s\) ARP who-has 10\.0\.0\.2 tell 10\.0\.0\.1$/),
      expect.stringMatching(/^RCVD \(\d\.\d{4}s\) ARP reply 10\.0\.0\.2 is-at 02:00:0A:00:00:02$/),
      expect.stringMatching(
        /^SENT \(\d\.\d{4}s\) TCP 10\.0\.0\.1:\d+ > 10\.0\.0\.2:22 S ttl=\d+ id=\d+ iplen=44 {2}seq=\d+ win=1024 <mss 1460>$/,
      ),
      expect.stringMatching(
        /^RCVD \(\d\.\d{4}s\) TCP 10\.0\.0\.2:22 > 10\.0\.0\.1:\d+ SA ttl=64 id=\d+ iplen=44 {2}seq=\d+ win=64240 <mss 1460>$/,
      ),
    ])
  })

  it('tells each connection as nmap does', async () => {
    const { out } = await scan('-n -Pn -r --packet-trace -p 22,23 10.0.0.2', { ...WORLD, ...PLAIN_USER })
    const trace = out.split('\n').filter((line) => line.startsWith('CONN'))
    expect(trace.map((line) => line.replace(/\(.*?s\)/, '(Ns)'))).toEqual([
      'CONN (Ns) TCP localhost > 10.0.0.2:22 => Operation now in progress',
      'CONN (Ns) TCP localhost > 10.0.0.2:22 => Connected',
      'CONN (Ns) TCP localhost > 10.0.0.2:23 => Operation now in progress',
      'CONN (Ns) TCP localhost > 10.0.0.2:23 => Connection refused',
    ])
  })
})

describe('-sV', () => {
  const SSH = {
    does: 'accept',
    afterMs: 0.2,
    peer: { kind: 'greeting', text: 'SSH-2.0-OpenSSH_9.2p1\r\n' },
  } as const
  const SERVED = worldOf({ '10.0.0.2:22': SSH, '10.0.0.2:80': { does: 'accept', afterMs: 0.2 } })

  it('tells what speaks at open ports, and when that was', async () => {
    const { out } = await scan('-n -sV -p 21-23 10.0.0.2', SERVED)
    expect(out).toContain('PORT   STATE  SERVICE VERSION\n')
    expect(rowsOf(out)[1]).toMatch(/^22\/tcp open ssh OpenSSH 9\.2p1/)
  })

  it('tells it of a host that is named twice, both times', async () => {
    const { out } = await scan('-n -sV -p 22 10.0.0.2 10.0.0.2', SERVED)
    expect(rowsOf(out).filter((row) => row.includes('OpenSSH'))).toHaveLength(2)
  })

  it('counts its time as the time of the host', async () => {
    const { out } = await scan('-n -v -sV -p 80 10.0.0.2', SERVED)
    expect(timeless(out)).toContain('Initiating Service scan at TIME\nScanning 1 service on 10.0.0.2\n')
    const [, scanned] = /for (\d+)s\n/.exec((await scan('-n -vv -sV -p 80 10.0.0.2', SERVED)).out) ?? []
    expect(Number(scanned)).toBeGreaterThan(1)
  })
})

it('lists ports of a group with their reasons by --reason', async () => {
  const world = worldOf(portsOf('10.0.0.2', range(1000, 1030), STEALTH))
  const { out } = await scan('-n --reason -p 1000-1030,22 10.0.0.2', world)
  expect(out).toContain('Not shown: 31 filtered tcp ports (no-response)\n')
  expect(rowsOf(out)).toEqual(['22/tcp closed ssh reset ttl 64'])
})
