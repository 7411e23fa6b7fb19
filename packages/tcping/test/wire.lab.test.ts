import { describeLab, type Lab } from '@portkit/lab/vitest'
import { expect, it } from 'vitest'
import { builtTool, CLOCKS, type Probed, probesOf } from './lab-tool.ts'

type Segment = Awaited<ReturnType<Awaited<ReturnType<Lab['capture']>>['stop']>>[number]

const FAR_HOST = {
  loses: '10.79.0.10',
  jitters: '10.79.0.11',
  drops: '10.79.0.12',
  refuses: '10.79.0.13',
} as const
const PORT_OF = { kernel: 1001, process: 1002 } as const

/** The kernel's clock starts when the SYN is built, just before it is captured. */
const ALLOWED_MS = 0.005
/** No round trip in a lab takes so long, however busy the machine is. */
const SANE_MS = 1000

/** Milliseconds from SYN to SYN-ACK or RST by our own port. */
function roundTrips(segments: readonly Segment[]): ReadonlyMap<number, number> {
  const sent = new Map<number, bigint>()
  const trips = new Map<number, number>()
  for (const { flags, sport, dport, tNs } of segments) {
    const startNs = sent.get(dport)
    if (flags === 'S') sent.set(sport, tNs)
    else if (startNs !== undefined && !trips.has(dport)) trips.set(dport, Number(tNs - startNs) / 1e6)
  }
  return trips
}

function compare(probes: readonly Probed[], trips: ReadonlyMap<number, number>): void {
  for (const { local, rttMs } of probes) {
    const wireMs = trips.get(local?.port ?? 0) ?? Number.NaN
    expect(rttMs).toBeGreaterThanOrEqual(wireMs - ALLOWED_MS)
    expect(rttMs).toBeLessThan(wireMs + SANE_MS)
  }
}

const rules = [
  { to: FAR_HOST.loses, lose: { first: 1 } },
  { to: FAR_HOST.jitters, delayMs: 60, jitterMs: 60 },
  { to: FAR_HOST.drops, does: 'stealth' },
  { to: FAR_HOST.refuses, does: 'closed', delayMs: 20 },
] as const

describeLab('what is on the wire', { needs: ['tcpdump'], tun: { rules } }, (lab) => {
  const tool = builtTool()
  const { address4, address6 } = lab.target

  const flowsTo = async (address: string, port: number) =>
    (await lab.tun.seen()).flows.filter(({ dst, dport }) => dst === address && dport === port)

  it.each(CLOCKS)('sends exactly one SYN a probe by the %s clock, answered or not', async (clock) => {
    const port = PORT_OF[clock]
    const capture = await lab.capture({ filter: `tcp port ${port}` })
    // By default the wait ends 25 ms before Linux sends a SYN again: too little for a busy machine.
    const args = ['-c', '3', '-i', '0.3', '-W', '0.6', '--clock', clock, '--json']
    const hosts = [address4, address6, FAR_HOST.drops, FAR_HOST.refuses]
    const { stdout } = await tool.run(lab, [...args, ...hosts, String(port)])
    expect(probesOf(stdout)).toHaveLength(3 * hosts.length)
    const syns = (await capture.stop()).filter(({ flags }) => flags === 'S')
    const perHost = hosts.map((host) => syns.filter(({ dst }) => dst === host).length)
    expect(perHost).toEqual([3, 3, 3, 3])
    expect((await flowsTo(FAR_HOST.drops, port)).map((flow) => flow.syns)).toEqual([1, 1, 1])
  })

  it.each(CLOCKS)('calls a lost SYN lost, not slow, by the %s clock', async (clock) => {
    const port = PORT_OF[clock]
    const args = ['-c', '1', '--clock', clock, FAR_HOST.loses, String(port)]
    const { stdout, status } = await tool.run(lab, args)
    expect(stdout).toMatch(/^stealth 10\.79\.0\.10:\d+: seq=1 no answer in \d+ ms$/m)
    expect(stdout).toContain('1 packets transmitted, 0 received, 100% packet loss')
    expect(status).toBe(1)
    expect(await flowsTo(FAR_HOST.loses, port)).toMatchObject([{ syns: 1, lost: 1 }])
  })

  it.each(CLOCKS)('never shows a lost SYN as a second-long round trip by the %s clock', async (clock) => {
    // The time-out that nobody chose is as long as Linux waits before it sends the SYN again: either may be first.
    const args = ['-c', '10', '-i', '0.1', '--clock', clock, '--json', FAR_HOST.loses, '1006']
    const probes = probesOf((await tool.run(lab, args)).stdout)
    expect(probes.map(({ rttMs }) => rttMs)).toEqual(Array(10).fill(null))
  })

  it('says with a longer time-out that the SYN was sent again, and gives no round-trip time', async () => {
    const args = ['-c', '1', '-W', '3', '--clock', 'kernel', FAR_HOST.loses, '1003']
    const [text, json] = await Promise.all([tool.run(lab, args), tool.run(lab, ['--json', ...args])])
    expect(text.stdout).toMatch(/^open from 10\.79\.0\.10:1003: seq=1 after 1\d\d\d\.\d ms \(SYN resent\)$/m)
    expect(text.stdout).not.toContain('rtt')
    expect(probesOf(json.stdout)).toMatchObject([{ word: 'open', rttMs: null, syns: 2 }])
  })

  it('gives no second-long round-trip time by the process clock either', async () => {
    const args = ['-c', '1', '-W', '3', '--clock', 'process', '--json', FAR_HOST.loses, '1004']
    const [probe] = probesOf((await tool.run(lab, args)).stdout)
    expect(probe).toMatchObject({ word: 'open', rttMs: null })
    expect(probe?.elapsedMs).toBeGreaterThan(900)
  })

  it.each(CLOCKS)('never measures less than the wire took by the %s clock', async (clock) => {
    const capture = await lab.capture({ filter: 'tcp port 22' })
    const args = ['-c', '20', '-i', '0.02', '--clock', clock, '--json', address4, address6, '22']
    const probes = probesOf((await tool.run(lab, args)).stdout)
    const trips = roundTrips(await capture.stop())
    expect(probes).toHaveLength(40)
    expect(new Set(probes.map((probe) => probe.clock))).toEqual(new Set([clock]))
    compare(probes, trips)
  })

  it.each(CLOCKS)('keeps a hundred overlapping probes apart by the %s clock', async (clock) => {
    const port = PORT_OF[clock]
    const capture = await lab.capture({ filter: `tcp port ${port} and host ${FAR_HOST.jitters}` })
    const args = ['-c', '100', '-i', '0.01', '--clock', clock, '--json', FAR_HOST.jitters, String(port)]
    const { stdout, stderr } = await tool.run(lab, args)
    const probes = probesOf(stdout)
    const segments = await capture.stop()
    expect(stderr).toBe('')
    expect(probes.map(({ seq }) => seq).toSorted((a, b) => a - b)).toEqual(
      Array.from({ length: 100 }, (_, i) => i + 1),
    )
    expect(probes.every(({ word, rttMs }) => word === 'open' && rttMs !== null && rttMs >= 60)).toBe(true)
    // More than one SYN was under way at once.
    expect(segments.some(({ flags }, i) => flags === 'S' && segments[i + 1]?.flags === 'S')).toBe(true)
    compare(probes, roundTrips(segments))
  })

  it.each(CLOCKS)('does not wait for anything after the last answer by the %s clock', async (clock) => {
    const args = ['-c', '1', '-i', '30', '-W', '30', '--clock', clock, address4, '22']
    expect(await tool.run(lab, args)).toMatchObject({ timedOut: false, status: 0 })
  })

  it('sends nothing but the handshake and its end', async () => {
    const capture = await lab.capture({ filter: 'tcp port 13' })
    await tool.run(lab, ['-c', '1', address4, '13'])
    const segments = await capture.stop()
    expect(segments.reduce((sum, { octets }) => sum + octets, 0)).toBe(0)
    const own = segments.filter(({ dport }) => dport === 13).map(({ flags }) => flags)
    expect(own.slice(0, 3)).toEqual(['S', 'A', 'AF'])
  })

  it('lets two tools run side by side without mixing their answers up', async () => {
    const args = ['-c', '20', '-i', '0.02', '--json']
    const [one, other] = await Promise.all([
      tool.run(lab, [...args, FAR_HOST.jitters, '1005']),
      tool.run(lab, [...args, address4, '111']),
    ])
    expect(probesOf(one.stdout).map(({ word }) => word)).toEqual(Array(20).fill('open'))
    expect(probesOf(other.stdout).map(({ word }) => word)).toEqual(Array(20).fill('closed'))
  })
})
