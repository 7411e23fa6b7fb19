import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { missing } from '@portkit/lab'
import { NpingWorld } from '@portkit/lab/nping-world'
import { buildTool } from '@portkit/lab/tool'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  type Command,
  inSome,
  mean,
  NPING,
  ONLY_NET_RAW,
  probedPorts,
  reportedCounts,
  reportedRtts,
  sentTtls,
  wireRtts,
  witness,
} from './faults-kit.ts'

/** nping does not do it every time; in so many runs it does. */
const MOST_RUNS = 20
/** A busy machine holds up any run, but not so many one after the other. */
const RATED_RUNS = 5
/** Figures are printed with three digits after the point, in milliseconds. */
const PRINTED_MS = 0.0005
/** How far the tool's clock may be from that of tcpdump, which takes its stamps elsewhere. */
const CLOCKS_MS = 0.005
/** A connect every 0.6 s to a port whose errors come from the same host. */
const STRANGER = 'for i in 1 2 3; do sleep 0.6; timeout 0.2 bash -c "exec 3<>/dev/tcp/10.77.0.2/8"; done 2>&-'

const lacks = missing(['nping', 'setpriv', 'tcpdump', 'bash', 'timeout'])
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''

describe.skipIf(skipped !== '')(`faults of nping that nping-ts does not have${skipped}`, () => {
  const world = new NpingWorld()
  let folder = ''
  let ours: Command = NPING

  beforeAll(async () => {
    folder = buildTool(join(import.meta.dirname, '..'), 'nping-ts')
    ours = [process.execPath, join(folder, 'nping-ts.cjs')]
    await world.up()
  })

  afterAll(async () => {
    await world.remove()
    if (folder !== '') rmSync(folder, { recursive: true, force: true })
  })

  const run = (argv: string, command = ours, meanwhile?: string) =>
    witness(world, command, argv.split(' '), meanwhile)

  describe('ports that were not asked for (nmap issues 2702, 1249, 691)', () => {
    const PORTS = [111, 112, 113, 114, 115]
    const argv = (delay: string): string => `--tcp -p 111-115 -c 1 --delay ${delay} 10.77.0.2`

    it('are probed by nping', async () => {
      const isWrong = async () => probedPorts(await run(argv('10ms'), NPING)).join() !== PORTS.join()
      expect(await inSome(MOST_RUNS, isWrong)).toBe(true)
    })

    it.each(['1ms', '10ms', '50ms', '100ms', '300us'])(
      'are never probed by ours with a delay of %s',
      async (delay) => {
        const { sent, stdout } = await run(argv(delay))
        expect(probedPorts({ sent })).toEqual(PORTS)
        for (const port of PORTS)
          expect(stdout).toMatch(new RegExp(`^10\\.77\\.0\\.2 +${port}/tcp +closed +reset`, 'm'))
      },
    )

    it('are not probed on the wrong host either', async () => {
      const { sent } = await run('--tcp -p 22,137 -c 2 --delay 20ms 10.77.0.2 10.77.0.3')
      const asked = sent.map((packet) => /> ([\d.]+): Flags/.exec(packet)?.[1])
      const round = ['10.77.0.2.22', '10.77.0.3.22', '10.77.0.2.137', '10.77.0.3.137']
      expect(asked).toEqual([...round, ...round])
    })

    it('do not hide among ten others: every one has its round trip', async () => {
      const { stdout } = await run('--tcp -p 111-130 -c 1 --delay 1ms 10.77.0.2')
      const rows = stdout.split('\n').filter((line) => /\/tcp +closed +reset +[\d.]+ms/.test(line))
      expect(rows).toHaveLength(20)
    })
  })

  describe('a hop that is left out', () => {
    it('is what nping shows of three', async () => {
      const argv = '--tcp --tr -p 22 -c 4 --delay 50ms 10.79.0.2'
      const isWrong = async () => sentTtls(await run(argv, NPING)).join() !== '1,2,3,4'
      expect(await inSome(MOST_RUNS, isWrong)).toBe(true)
    })

    it.each(['--tcp --tr -p 22', '--icmp --tr', '--udp --tr -p 33434'])(
      'is not with %s, which stops at the target',
      async (mode) => {
        const { sent, stdout } = await run(`${mode} --delay 50ms 10.79.0.2`)
        expect(sentTtls({ sent })).toEqual([1, 2, 3])
        for (const hop of ['10.77.0.2', '10.78.0.2', '10.79.0.2']) expect(stdout).toContain(hop)
      },
    )
  })

  describe("another program's packets", () => {
    const argv = '--tcp -p 137 -c 3 --delay 700ms 10.77.0.2'

    it('are answers to nping', async () => {
      const { stdout } = await run(argv, NPING, STRANGER)
      expect(reportedCounts(stdout).received).toBeGreaterThan(0)
    })

    it('are none to ours: the port is stealth', async () => {
      const { stdout, status } = await run(argv, ours, STRANGER)
      expect(reportedCounts(stdout)).toEqual({ sent: 3, received: 0, lost: 3 })
      expect(stdout).toMatch(/^10\.77\.0\.2 +137\/tcp +filtered +no-response/m)
      expect(status).toBe(1)
    })

    it('are told from ours where both probe the same port (nmap issue 2435)', async () => {
      const both = await Promise.all([
        run('--tcp -p 22 -c 5 --delay 20ms 10.77.0.2'),
        world.exec(ours[0], [...ours.slice(1), ...'--tcp -p 22 -c 5 --delay 20ms 10.77.0.2'.split(' ')]),
      ])
      for (const { stdout } of both) expect(reportedCounts(stdout)).toEqual({ sent: 5, received: 5, lost: 0 })
    })
  })

  describe('round trips (nmap issues 360, 1912, 2283)', () => {
    const argv = '--tcp -p 22 -c 20 --delay 5ms 10.77.0.2'

    it('are shorter than on the wire with nping', async () => {
      const { stdout, segments } = await run(argv, NPING)
      // Its stamp is taken after sending.
      expect(reportedRtts(stdout)?.min).toBeLessThan(Math.min(...wireRtts({ segments })))
    })

    it.each(['--tcp -p 22', '--tcp -p 111', '--tcp-connect -p 22'])('are not with ours: %s', async (mode) => {
      const { stdout, segments } = await run(`${mode} -c 20 --delay 5ms 10.77.0.2`)
      const wire = wireRtts({ segments })
      const told = reportedRtts(stdout)
      expect(wire).toHaveLength(20)
      // A connection's kernel clock counts whole microseconds from the socket on.
      expect(told?.min).toBeGreaterThanOrEqual(Math.min(...wire) - CLOCKS_MS)
      expect(told?.avg).toBeGreaterThanOrEqual(mean(wire) - CLOCKS_MS - PRINTED_MS)
    })

    it('stand on every RCVD line on demand (nmap pulls 1515, 1516, 2400)', async () => {
      const { stdout, segments } = await run('--tcp -p 22 -c 9 --delay 20ms --rtt 10.77.0.2')
      const told = [...stdout.matchAll(/^RCVD .*?rtt=([\d.]+) ?ms/gm)].map((match) => Number(match[1]))
      const wire = wireRtts({ segments })
      expect(told).toHaveLength(9)
      const off = told.map((rtt, i) => Math.abs(rtt - (wire[i] ?? 0))).sort((a, b) => a - b)
      // One of the two may be held up before it takes its stamp.
      expect(off[4]).toBeLessThan(CLOCKS_MS)
    })

    it('exist for UDP and ARP answers, which nping does not measure', async () => {
      expect(reportedRtts((await run('--udp -p 7 -c 1 10.77.0.2', NPING)).stdout)).toBeUndefined()
      expect(reportedRtts((await run('--udp -p 7 -c 1 10.77.0.2')).stdout)).toBeDefined()
      expect(reportedRtts((await run('--arp -c 1 10.77.0.2')).stdout)).toBeDefined()
    })
  })

  describe('IPv6 (nmap issues 2032, 1261)', () => {
    it('answers to nping are on the wire, and it sees none', async () => {
      const { stdout, segments } = await run('-6 --tcp -p 22 -c 1 fd77::2', NPING)
      expect(segments.some(({ flags }) => flags === 'SA')).toBe(true)
      expect(reportedCounts(stdout).received).toBe(0)
    })

    it.each([
      ['-6 --tcp -p 22', /fd77::2 +22\/tcp +open +syn-ack/],
      ['-6 --tcp -p 111', /fd77::2 +111\/tcp +closed +reset/],
      ['-6 --tcp -p 8', /fd77::2 +8\/tcp +filtered +admin-prohibited/],
      ['-6 --udp -p 7', /fd77::2 +7\/udp +open +udp-response/],
      ['-6 --udp -p 111', /fd77::2 +111\/udp +closed +port-unreach/],
      ['-6 --icmp', /fd77::2 +up +echo-reply/],
      ['--tcp -p 22', /fd77::2 +22\/tcp +open +syn-ack/],
    ])('works with ours: %s', async (mode, row) => {
      const { stdout, stderr } = await run(`${mode} -c 1 fd77::2`)
      expect(stderr).toBe('')
      expect(stdout).toMatch(row)
    })
  })

  describe('statistics that add up (nmap issues 108, 691)', () => {
    it('count every UDP answer for its host', async () => {
      const argv = '--udp -p 7 -c 2 --delay 50ms 10.77.0.2 10.77.0.3'
      expect((await run(argv, NPING)).stdout).toMatch(/Rcvd: 0 \| Lost: 2 {2}\(100\.00%\)/)
      const { stdout } = await run(argv)
      expect(stdout.match(/Probes Sent: 2 \| Rcvd: 2 \| Lost: 0 {2}\(0\.00%\)/g)).toHaveLength(2)
    })

    it('never lose less than nothing', async () => {
      const { stdout } = await run('--tcp -p 8,22,111 -c 3 --delay 1ms 10.77.0.2 10.77.0.3')
      expect(stdout).not.toMatch(/Lost: -/)
      expect(reportedCounts(stdout)).toEqual({ sent: 18, received: 18, lost: 0 })
    })
  })

  describe('the exit status', () => {
    it.each(['22', '111', '137', '8'])('of nping says nothing about port %s', async (port) => {
      expect((await run(`--tcp-connect -p ${port} -c 1 10.77.0.2`, NPING)).status).toBe(0)
    })

    it.each([
      ['--tcp-connect -p 22', 0],
      ['--tcp-connect -p 111', 1],
      ['--tcp-connect -p 137', 1],
      ['--tcp -p 22', 0],
      ['--tcp -p 111', 1],
      ['--tcp -p 8', 1],
      ['--tcp -p 111,22 --delay 10ms', 0],
      ['--tcp -p 137 --exit-code nping', 0],
      ['--tcp -p 99999', 2],
    ])('of ours tells: %s', async (mode, status) => {
      expect((await run(`${mode} -c 1 10.77.0.2`)).status).toBe(status)
    })
  })

  describe('CAP_NET_RAW without being root', () => {
    const argv = '--tcp -p 22 -c 1 10.77.0.2'

    it('is not enough for nping', async () => {
      const { status, sent } = await run(argv, [...ONLY_NET_RAW, ...NPING])
      expect({ status, sent }).toEqual({ status: 1, sent: [] })
    })

    it('is enough for ours', async () => {
      const { status, stdout, stderr } = await run(argv, [...ONLY_NET_RAW, ...ours])
      expect(stderr).toBe('')
      expect(stdout).toMatch(/^10\.77\.0\.2 +22\/tcp +open +syn-ack/m)
      expect(status).toBe(0)
    })
  })

  describe('rates (nmap issue 1751)', () => {
    const gaps = async (argv: string, command = ours): Promise<number> => {
      const { segments } = await run(argv, command)
      const syns = segments.filter(({ flags }) => flags === 'S').map(({ tNs }) => Number(tNs) / 1e6)
      return ((syns.at(-1) ?? 0) - (syns[0] ?? 0)) / (syns.length - 1)
    }
    const rated = (rate: number, count: number): string =>
      `--tcp -p 22 -c ${count} --rate ${rate} -H 10.77.0.2`

    it('over 1000 a second are no rates for nping: it does not wait at all', async () => {
      expect(await inSome(RATED_RUNS, async () => (await gaps(rated(2000, 100), NPING)) < 0.3)).toBe(true)
    })

    it('over 1000 a second are kept by ours', async () => {
      const isKept = async () => Math.abs((await gaps(rated(2000, 400))) - 0.5) < 0.05
      expect(await inSome(RATED_RUNS, isKept)).toBe(true)
    })
  })

  describe('a plain SYN that firewalls drop (nmap issue 1753)', () => {
    it('looks like a connection on demand', async () => {
      const { sent } = await run('--tcp -p 22 -c 1 --like-system 10.77.0.2')
      expect(sent).toHaveLength(1)
      expect(sent[0]).toMatch(/Flags \[S\].*options \[mss 1460,sackOK,TS,nop,wscale \d+\]/)
    })
  })

  it('sends without listening with -N, and counts nothing as answered', async () => {
    const { sent, stdout } = await run('--tcp -p 22 -c 2 --delay 50ms -N 10.77.0.2')
    expect(probedPorts({ sent })).toEqual([22, 22])
    expect(reportedCounts(stdout)).toMatchObject({ sent: 2, received: 0 })
  })

  it('makes as many connections as it is asked for, though nping holds some thousand at most', async () => {
    const { stdout, stderr } = await run('--tcp-connect -p 22 -c 2000 --delay 0 -H -v-1 10.77.0.2')
    expect(stderr).toBe('')
    expect(stdout).toContain(
      'TCP connection attempts: 2000 | Successful connections: 2000 | Failed: 0 (0.00%)',
    )
  })

  it('calls a route that this machine prohibits no RST', async () => {
    const argv = '--tcp-connect -p 22 -c 1 10.83.0.1'
    const real = await run(argv, NPING)
    expect(real.stdout).toContain('Possible TCP RST received')
    expect(real.sent).toEqual([])
    const { stdout, sent } = await run(argv)
    expect(stdout).not.toContain('TCP RST')
    expect(sent).toEqual([])
  })

  it('prints lines that a program reads (nmap issue 635)', async () => {
    const { stdout } = await run('--tcp -p 22,111 -c 1 --delay 10ms --json 10.77.0.2')
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(records.length).toBeGreaterThan(1)
  })
})
