import { describeLab, type Lab, PORTS } from '@portkit/lab/vitest'
import { expect, it } from 'vitest'
import { builtTool, inParallel, type Probed, probesOf, recordsOf } from './lab-tool.ts'

type PortName = keyof typeof PORTS
type Segment = Awaited<ReturnType<Awaited<ReturnType<Lab['capture']>>['stop']>>[number]

/** The two ways in which tcping uses whole packets. */
const WAYS = [
  ['--syn', ['--syn']],
  ['--clock packet', ['--clock', 'packet']],
] as const

const OPEN = 'open syn-ack'
const RESET = 'closed reset'
const STEALTH = 'stealth no-response'

const SEEN = {
  open: OPEN,
  http: OPEN,
  tls: OPEN,
  smtp: OPEN,
  pop3: OPEN,
  alternateHttp: OPEN,
  closed: RESET,
  stealth: STEALTH,
  hostUnreachable: 'unreachable host-unreach from TARGET',
  portUnreachable: 'unreachable port-unreach from TARGET',
  adminProhibited: 'unreachable admin-prohibited from TARGET',
  netUnreachable: 'unreachable net-unreach from TARGET',
  rejectedWithReset: RESET,
  resetAfterAccept: OPEN,
  silent: OPEN,
  slowAccept: OPEN,
  fullQueue: STEALTH,
  flapping: OPEN,
  chatty: OPEN,
} as const satisfies Record<PortName, string>

/** nftables' no-route: RFC 4443 section 3.1 calls code 0 of IPv6 so. */
const SEEN6 = { ...SEEN, netUnreachable: 'unreachable no-route from TARGET' }

const FAR = { loses: '10.79.0.10', jitters: '10.79.0.11', refusesLate: '10.79.0.13' } as const
const rules = [
  { to: FAR.loses, lose: { first: 1 } },
  { to: FAR.jitters, delayMs: 60, jitterMs: 60 },
  { to: FAR.refusesLate, does: 'closed', delayMs: 60, jitterMs: 60 },
] as const

const NOBODY = ['--reuid=65534', '--regid=65534', '--clear-groups']
const ONLY_NET_RAW = [
  '--inh-caps=-all,+net_raw',
  '--ambient-caps=-all,+net_raw',
  '--bounding-set=-all,+net_raw',
]
/** What Linux says while an interface is down. */
const DOWN = new Set(['ENETDOWN', 'ENETUNREACH', 'EHOSTUNREACH', 'ENODEV', 'EADDRNOTAVAIL', 'ENXIO'])
/** Both read the same stamps of the kernel: this is much more than their clocks may drift apart. */
const ALLOWED_MS = 0.05

function isAnswerTo(syn: Segment, { sport, dport, src, dst, ack, flags }: Segment): boolean {
  return (
    /^(SA|RA|AR)$/.test(flags) &&
    sport === syn.dport &&
    dport === syn.sport &&
    src === syn.dst &&
    dst === syn.src &&
    ack === (syn.seq + 1) % 2 ** 32
  )
}

/** Milliseconds from each SYN to its answer, in the order of the SYNs. */
function wireTimes(segments: readonly Segment[]): readonly number[] {
  return segments.flatMap((syn) => {
    const answer = syn.flags === 'S' ? segments.find((segment) => isAnswerTo(syn, segment)) : undefined
    return answer === undefined ? [] : [Number(answer.tNs - syn.tNs) / 1e6]
  })
}

/** Whether a SYN left before the one before it was answered. */
function areOverlapping(segments: readonly Segment[]): boolean {
  return segments.some(({ flags }, i) => flags === 'S' && segments[i + 1]?.flags === 'S')
}

function compare(probes: readonly Probed[], segments: readonly Segment[]): void {
  const times = wireTimes(segments)
  const own = probes.toSorted((a, b) => a.seq - b.seq).map(({ rttMs }) => rttMs ?? Number.NaN)
  expect(times).toHaveLength(own.length)
  const errors = own.map((rttMs, i) => Math.abs(rttMs - (times[i] ?? Number.NaN)))
  expect(Math.max(...errors)).toBeLessThan(ALLOWED_MS)
}

describeLab('whole packets', { needs: ['tcpdump', 'setpriv'], tun: { rules } }, (lab) => {
  const tool = builtTool()
  const { address4, address6 } = lab.target

  const seen = async (way: readonly string[], address: string, port: number): Promise<string> => {
    const { stdout } = await tool.run(lab, ['-c', '1', ...way, '--json', address, String(port)])
    const [probe] = probesOf(stdout)
    if (probe === undefined) return `error ${recordsOf(stdout).find(({ type }) => type === 'error')?.code}`
    const from = probe.icmp?.from ? ` from ${probe.icmp.from}` : ''
    const clock = probe.rttMs === null ? '' : ` by ${probe.clock}`
    return `${probe.word} ${probe.reason}${from}${clock}`
  }

  it.each(WAYS.flatMap(([name, way]) => ([4, 6] as const).map((family) => [name, family, way] as const)))(
    'find with %s over IPv%s the state and the reason of every port, by the packet clock',
    async (_, family, way) => {
      const address = family === 4 ? address4 : address6
      const names = Object.keys(SEEN) as PortName[]
      const found = await inParallel(names, 6, (name) => seen(way, address, PORTS[name].port))
      const expected = family === 4 ? SEEN : SEEN6
      const entries = names.map((name) => {
        const clock = expected[name] === STEALTH ? '' : ' by packet'
        return [name, `${expected[name].replace('TARGET', address)}${clock}`]
      })
      expect(Object.fromEntries(names.map((name, i) => [name, found[i]]))).toEqual(
        Object.fromEntries(entries),
      )
    },
  )

  it.each(
    WAYS.flatMap(([name, way]) =>
      [
        [address4, '22'],
        [address4, '111'],
        [address6, '22'],
        [address6, '111'],
      ].map(([to = '', port = '']) => [name, to, port, way] as const),
    ),
  )('measure with %s to %s port %s what tcpdump measures', async (_, to, port, way) => {
    const capture = await lab.capture({ filter: `tcp port ${port}` })
    const { stdout, stderr } = await tool.run(lab, ['-c', '20', '-i', '0.02', ...way, '--json', to, port])
    const probes = probesOf(stdout)
    expect(stderr).toBe('')
    expect(probes.map(({ clock }) => clock)).toEqual(Array(20).fill('packet'))
    compare(probes, await capture.stop())
  })

  it.each(WAYS)('keep with %s a hundred overlapping probes apart', async (_, way) => {
    for (const host of [FAR.jitters, FAR.refusesLate]) {
      const capture = await lab.capture({ filter: `tcp port 1001 and host ${host}` })
      const args = ['-c', '100', '-i', '0.01', '-W', '5', ...way, '--json', host, '1001']
      const probes = probesOf((await tool.run(lab, args)).stdout)
      const segments = await capture.stop()
      expect(probes.filter(({ clock }) => clock === 'packet')).toHaveLength(100)
      expect(areOverlapping(segments)).toBe(true)
      compare(probes, segments)
    }
  })

  it('make no connection with --syn: a SYN that looks like the system’s, its answer, a RST', async () => {
    const capture = await lab.capture({ filter: 'tcp port 25' })
    await tool.run(lab, ['-c', '2', '-i', '0.1', '--syn', address4, '25'])
    const segments = await capture.stop()
    expect(segments.map(({ flags }) => flags)).toEqual(['S', 'SA', 'R', 'S', 'SA', 'R'])
    expect(new Set(segments.flatMap(({ flags, seq }) => (flags === 'S' ? [seq] : []))).size).toBe(2)
  })

  it('tell with --clock packet that a SYN was sent again, and give no round trip', async () => {
    const args = ['-c', '1', '-W', '3', '--clock', 'packet', FAR.loses, '1003']
    const [text, json] = await Promise.all([tool.run(lab, args), tool.run(lab, ['--json', ...args])])
    expect(text.stdout).toMatch(/^open from 10\.79\.0\.10:1003: seq=1 after 1\d\d\d\.\d ms \(SYN resent\)$/m)
    expect(probesOf(json.stdout)).toMatchObject([{ word: 'open', rttMs: null, syns: 2 }])
  })

  it('send with --syn one SYN a probe, whatever the time-out', async () => {
    const args = ['-c', '1', '-W', '3', '--syn', '--json', FAR.loses, '1004']
    expect(probesOf((await tool.run(lab, args)).stdout)).toMatchObject([{ word: 'stealth', syns: 1 }])
    const { flows } = await lab.tun.seen()
    expect(flows.filter(({ dport }) => dport === 1004)).toMatchObject([{ syns: 1 }])
  })

  it.each(WAYS)('need CAP_NET_RAW for %s, and nothing else', async (name, way) => {
    const [node, words] = tool.command('-c', '1', ...way, address4, '22')
    const without = await lab.exec('setpriv', [...NOBODY, node, ...words])
    expect(without).toMatchObject({ status: 2, stdout: '' })
    expect(without.stderr).toMatch(/^tcping: --[^\n]*CAP_NET_RAW[^\n]*\n$/)
    expect(without.stderr).toContain(`(tcping without ${name} needs no privilege)\n`)
    const withIt = await lab.exec('setpriv', [...NOBODY, ...ONLY_NET_RAW, node, ...words])
    expect(withIt).toMatchObject({ status: 0, stderr: '' })
  })

  it.each(WAYS)('leave by the interface, address and port that %s was told', async (_, way) => {
    for (const from of ['lab0', lab.probe.address4]) {
      const capture = await lab.capture({ filter: 'tcp port 22' })
      const args = ['-c', '1', ...way, '-I', from, '--source-port', '40123', '--ttl', '7', address4, '22']
      expect((await tool.run(lab, args)).status).toBe(0)
      const [syn] = await capture.stop()
      expect(syn).toMatchObject({ flags: 'S', src: lab.probe.address4, sport: 40_123, hops: 7 })
    }
  })

  it('find a port open again and again with --syn though no reset gets back to it', async () => {
    const rules = 'add table ip mute; add chain ip mute out { type filter hook output priority 0; }'
    const drop = 'add rule ip mute out tcp dport 110 tcp flags rst drop'
    expect(await lab.exec('nft', [`${rules}; ${drop}`])).toMatchObject({ status: 0 })
    const { stdout } = await tool.run(lab, ['-c', '5', '-i', '0.1', '--syn', address4, '110'])
    await lab.exec('nft', ['delete table ip mute'])
    expect(stdout).toContain('5 open, 0 closed, 0 stealth')
  })

  it('reach a link-local address with --syn', async () => {
    const args = ['-c', '1', '--syn', 'fe80::2%lab0', '22']
    expect((await tool.run(lab, args)).stdout).toMatch(/^open from \[fe80::2%lab0\]:22: seq=1 time=/m)
  })
})

describeLab('whole packets by an interface that goes down', {}, (lab) => {
  const tool = builtTool()

  const isUp = async (): Promise<boolean> =>
    (await lab.exec('ip', ['link', 'show', 'lab0'])).stdout.includes('state UP')

  it.each(WAYS)('go on with %s when it is up again', async (_, way) => {
    await lab.exec('ip', ['link', 'set', 'lab0', 'up'])
    await expect.poll(isUp, { timeout: 10_000 }).toBe(true)
    const args = ['-i', '0.05', '-W', '0.3', ...way, '-I', 'lab0', '--json', lab.target.address4, '22']
    const running = tool.start(lab, args)
    await running.until(/"word":"open"/)
    await lab.exec('ip', ['link', 'set', 'lab0', 'down'])
    await running.until(/"type":"error"/)
    await lab.exec('ip', ['link', 'set', 'lab0', 'up'])
    await running.until(/"type":"error"[\s\S]*"word":"open"/)
    process.kill(running.pid, 'SIGINT')
    const { status, stderr, stdout } = await running.done
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    const codes = recordsOf(stdout).flatMap((record) => (record.type === 'error' ? [record.code] : []))
    expect(new Set(codes)).toSatisfy((set: Set<unknown>) => [...set].every((code) => DOWN.has(String(code))))
  })
})

describeLab('a way over a router for single SYNs', { routed: true }, (lab) => {
  const tool = builtTool()

  it.each([
    [lab.target.address4, '10.78.0.254'],
    [lab.target.address6, 'fd78::fe'],
  ])('names the router where the time to live to %s ended', async (to, router) => {
    const { stdout, status } = await tool.run(lab, ['-c', '1', '--syn', '--ttl', '1', '--json', to, '22'])
    expect(probesOf(stdout)).toMatchObject([
      { word: 'unreachable', reason: 'time-exceeded', clock: 'packet', icmp: { from: router } },
    ])
    expect(status).toBe(1)
  })
})
