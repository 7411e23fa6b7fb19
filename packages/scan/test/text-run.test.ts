import { timeZone } from '@portkit/core'
import { describe, expect, it } from 'vitest'
import type { ScanEvent } from '../src/model/event.ts'
import { endOf, hostOf, MAC, phaseOf, progressOf, RUN, rowOf, START_MS, tableOf, told } from './text-kit.ts'

const host = hostOf({ ports: tableOf('22/tcp open ssh syn-ack 64\n111/tcp closed rpcbind reset 64') })
const HOST = `Nmap scan report for 10.77.0.2
Host is up (0.000040s latency).

PORT    STATE  SERVICE
22/tcp  open   ssh
111/tcp closed rpcbind
MAC Address: 16:AE:8C:CD:EC:20 (Unknown)

`
const arp = phaseOf({ title: 'ARP Ping Scan', subject: '10.77.0.2 [1 port]', total: '1 total hosts' })
const packets = { sent: 14, sentOctets: 600, received: 40, receivedOctets: 1744 }
const WHOLE: readonly ScanEvent[] = [
  { kind: 'begin', run: RUN },
  { kind: 'phase', phase: arp },
  { kind: 'phase-end', phase: arp, elapsedMs: 30, endMs: START_MS + 30 },
  { kind: 'hint', host: { address: '10.77.0.2', family: 4, status: host.status, names: [] } },
  { kind: 'phase', phase: phaseOf() },
  { kind: 'port', address: '10.77.0.2', row: rowOf('22/tcp open ssh syn-ack 64') },
  { kind: 'port', address: '10.77.0.2', row: rowOf('111/tcp closed rpcbind reset 64') },
  { kind: 'warning', text: 'for stderr' },
  { kind: 'trace', text: 'SENT (0.0259s) \u001b ARP who-has 10.77.0.2 tell 10.77.0.1' },
  { kind: 'progress', progress: progressOf() },
  { kind: 'phase-end', phase: phaseOf(), elapsedMs: 1205, endMs: START_MS + 60_000 },
  { kind: 'host', report: { ...host, hardwareAddress: MAC } },
  { kind: 'end', end: endOf({ packets }) },
]
const FIRST = `Starting portscan 1.2.3 ( portkit ) at 2026-11-20 14:43 ${timeZone(START_MS)}\n`

describe('the report on a run', () => {
  it('is its first line, its hosts and its last line', () => {
    const last = 'Nmap done: 1 IP address (1 host up) scanned in 1.33 seconds\n'
    expect(told(WHOLE)).toBe(FIRST + HOST + last)
  })

  it('with -v tells of its parts, of open ports at once, and of packets', () => {
    expect(told(WHOLE, { verbose: 1 })).toBe(`${FIRST}Initiating ARP Ping Scan at 14:43
Scanning 10.77.0.2 [1 port]
Completed ARP Ping Scan at 14:43, 0.03s elapsed (1 total hosts)
Initiating SYN Stealth Scan at 14:43
Scanning 10.77.0.2 [6 ports]
Discovered open port 22/tcp on 10.77.0.2
Completed SYN Stealth Scan at 14:44, 1.21s elapsed (6 total ports)
${HOST}Nmap done: 1 IP address (1 host up) scanned in 1.33 seconds
           Raw packets sent: 14 (600B) | Rcvd: 40 (1.744KB)
`)
  })

  it('in a file is framed by comments and has nothing that went by', () => {
    expect(told(WHOLE, { isFile: true, verbose: 1, statsEveryMs: 1 })).toBe(
      `# portscan 1.2.3 scan initiated Fri Nov 20 14:43:11 2026 as: portscan -n -p 22,111 10.77.0.2
${HOST}# Nmap done at Fri Nov 20 14:43:12 2026 -- 1 IP address (1 host up) scanned in 1.33 seconds
`,
    )
  })

  it('has packets with --packet-trace, in files as well', () => {
    const line = 'SENT (0.0259s) \\x1b ARP who-has 10.77.0.2 tell 10.77.0.1\n'
    expect(told(WHOLE, { packetTrace: true })).toContain(line)
    expect(told(WHOLE, { packetTrace: true, isFile: true })).toContain(line)
    expect(told(WHOLE)).not.toContain('SENT')
  })

  it('has parts without a subject or a total', () => {
    const phase = phaseOf({ title: 'Parallel DNS resolution of 3 hosts.', subject: undefined, total: '' })
    const events: readonly ScanEvent[] = [
      { kind: 'phase', phase },
      { kind: 'phase-end', phase, elapsedMs: 13_000, endMs: START_MS },
    ]
    expect(told(events, { verbose: 1 })).toBe(`Initiating Parallel DNS resolution of 3 hosts. at 14:43
Completed Parallel DNS resolution of 3 hosts. at 14:43, 13.00s elapsed
`)
  })
})

describe('the last line', () => {
  it.each([
    [{ up: 0, down: 0, total: 0 }, '0 IP addresses (0 hosts up)'],
    [{ up: 1, down: 0, total: 1 }, '1 IP address (1 host up)'],
    [{ up: 1, down: 1, total: 2 }, '2 IP addresses (1 host up)'],
    [{ up: 3, down: 1, total: 4 }, '4 IP addresses (3 hosts up)'],
  ])('counts %j', (hosts, said) => {
    const events: readonly ScanEvent[] = [{ kind: 'end', end: endOf({ hosts, elapsedMs: 0 }) }]
    expect(told(events)).toBe(`Nmap done: ${said} scanned in 0.00 seconds\n`)
    expect(told(events, { isFile: true })).toContain(` -- ${said} scanned in 0.00 seconds\n`)
  })

  it('is preceded by advice when the only host seems down, unless it was not pinged', () => {
    const down: readonly ScanEvent[] = [{ kind: 'end', end: endOf({ hosts: { up: 0, down: 1, total: 1 } }) }]
    const advice = 'Note: Host seems down. If it is really up, but blocking our ping probes, try -Pn\n'
    const last = 'Nmap done: 1 IP address (0 hosts up) scanned in 1.33 seconds\n'
    expect(told(down)).toBe(advice + last)
    expect(told(down, { pings: false })).toBe(last)
    expect(told(down, { isFile: true })).not.toContain('Note')
    const two: readonly ScanEvent[] = [{ kind: 'end', end: endOf({ hosts: { up: 0, down: 2, total: 2 } }) }]
    expect(told(two)).not.toContain('Note')
  })

  it('of a run that was cut does not say that it is done', () => {
    const cut: readonly ScanEvent[] = [
      { kind: 'end', end: endOf({ cut: 'SIGINT', hosts: { up: 0, down: 1, total: 1 } }) },
    ]
    expect(told(cut)).toBe('Stopped early (SIGINT): 1 IP address (0 hosts up) scanned in 1.33 seconds\n')
    expect(told(cut, { isFile: true })).toBe(
      '# Stopped early (SIGINT) at Fri Nov 20 14:43:12 2026 -- 1 IP address (0 hosts up) scanned in 1.33 seconds\n',
    )
  })

  it('has no packets after it for a run that sent none itself', () => {
    expect(told([{ kind: 'end', end: endOf() }], { verbose: 1 })).not.toContain('Raw')
  })
})

describe('how far a run is', () => {
  const at = (elapsedMs: number, given: object = {}): ScanEvent => ({
    kind: 'progress',
    progress: progressOf({ elapsedMs, ...given }),
  })
  const STATS = 'Stats: 0:00:03 elapsed; 0 hosts completed (1 up), 1 undergoing SYN Stealth Scan\n'

  it('is told every so often with --stats-every', () => {
    const line = `${STATS}SYN Stealth Scan Timing: About 16.47% done; ETC: 14:43 (0:00:15 remaining)\n`
    expect(told([at(2999), at(3001), at(3900), at(5999)], { statsEveryMs: 3000 })).toBe(line)
    expect(told([at(3001), at(3900), at(6000)], { statsEveryMs: 3000 }).match(/Stats/g)).toHaveLength(2)
    // Moments that passed without a word are not made up for.
    expect(
      told([at(3_600_000), at(3_600_001)], { statsEveryMs: 1000 }).match(/Stats: 1:00:00/g),
    ).toHaveLength(1)
  })

  it('has no end while that is not known, or within the first hundredth', () => {
    expect(told([at(3000, { remainingMs: undefined })], { statsEveryMs: 1 })).toBe(
      `${STATS}SYN Stealth Scan Timing: About 16.47% done\n`,
    )
    expect(told([at(3000, { done: 0.0027 })], { statsEveryMs: 1 })).toBe(
      `${STATS}SYN Stealth Scan Timing: About 0.27% done\n`,
    )
  })

  it('is not told of without -v and --stats-every', () => {
    expect(told([at(3000), at(300_000, { remainingMs: 3e6 })])).toBe('')
  })

  it('is told of with -v when it lasts, and again when the end moves or has passed', () => {
    const events = [
      at(3000, { remainingMs: 29_999 }),
      at(4000, { remainingMs: 100_000 }),
      at(5000, { remainingMs: 99_000 }),
      at(6000, { remainingMs: 110_000 }),
      at(7000, { remainingMs: 117_000 }),
      at(130_000, { remainingMs: 31_000 }),
    ]
    expect(
      told(events, { verbose: 1 }),
    ).toBe(`SYN Stealth Scan Timing: About 16.47% done; ETC: 14:44 (0:01:40 remaining)
SYN Stealth Scan Timing: About 16.47% done; ETC: 14:45 (0:01:57 remaining)
SYN Stealth Scan Timing: About 16.47% done; ETC: 14:45 (0:00:31 remaining)
`)
  })

  it('is told anew of the next part', () => {
    const long = at(4000, { remainingMs: 100_000 })
    const phase: ScanEvent = { kind: 'phase', phase: phaseOf() }
    expect(told([long, phase, long], { verbose: 1 }).match(/ETC/g)).toHaveLength(2)
    expect(told([long, long], { verbose: 1 }).match(/ETC/g)).toHaveLength(1)
  })
})
