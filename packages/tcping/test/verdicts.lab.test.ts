import { describeLab, PORTS } from '@portkit/lab/vitest'
import { expect, it } from 'vitest'
import { builtTool, CLOCKS, inParallel, probesOf, recordsOf } from './lab-tool.ts'

type PortName = keyof typeof PORTS
type Clock = (typeof CLOCKS)[number]
type Family = 4 | 6

const OPEN = 'open syn-ack, status 0'
const STEALTH = 'stealth no-response, status 2'
const REFUSED = 'closed conn-refused, status 1'

/** What the error queue of Linux tells on both families, with the address of who sent the ICMP error. */
const SEEN = {
  open: OPEN,
  http: OPEN,
  tls: OPEN,
  smtp: OPEN,
  pop3: OPEN,
  alternateHttp: OPEN,
  closed: 'closed reset, status 1',
  stealth: STEALTH,
  hostUnreachable: 'unreachable host-unreach from TARGET, status 2',
  portUnreachable: 'unreachable port-unreach from TARGET, status 2',
  adminProhibited: 'unreachable admin-prohibited from TARGET, status 2',
  netUnreachable: 'unreachable net-unreach from TARGET, status 2',
  rejectedWithReset: 'closed reset, status 1',
  resetAfterAccept: OPEN,
  silent: OPEN,
  slowAccept: OPEN,
  fullQueue: STEALTH,
  flapping: OPEN,
  chatty: OPEN,
} as const satisfies Record<PortName, string>

/** Error numbers alone do not tell an ICMP error from a RST, nor who sent it. */
const BY_NUMBER = {
  closed: REFUSED,
  rejectedWithReset: REFUSED,
  portUnreachable: REFUSED,
  hostUnreachable: 'unreachable host-unreach, status 2',
  adminProhibited: 'unreachable host-unreach, status 2',
  netUnreachable: 'unreachable net-unreach, status 2',
} as const

const EXCEPT: Readonly<Record<`${Clock} ${Family}`, Partial<Record<PortName, string>>>> = {
  'kernel 4': {},
  // nftables' no-route: RFC 4443 section 3.1 calls code 0 of IPv6 so, on IPv4 it is net-unreachable.
  'kernel 6': { netUnreachable: 'unreachable no-route from TARGET, status 2' },
  'process 4': BY_NUMBER,
  // Linux gives an ICMPv6 prohibition the error number of a local prohibition.
  'process 6': { ...BY_NUMBER, adminProhibited: 'error EACCES, status 255' },
}

describeLab('verdicts', { needs: ['openssl'] }, (lab) => {
  const tool = builtTool()
  const { address4, address6 } = lab.target

  const seen = async (clock: Clock, address: string, port: number): Promise<string> => {
    const args = ['-c', '1', '--clock', clock, '--exit-code', 'state', '--json', address, String(port)]
    const { stdout, status } = await tool.run(lab, args)
    const [probe] = probesOf(stdout)
    if (probe === undefined) {
      const fault = recordsOf(stdout).find(({ type }) => type === 'error')
      return `error ${fault?.code}, status ${status}`
    }
    const from = probe.icmp?.from ? ` from ${probe.icmp.from}` : ''
    return `${probe.word} ${probe.reason}${from}, status ${status}`
  }

  it.each(CLOCKS.flatMap((clock) => ([4, 6] as const).map((family) => [clock, family] as const)))(
    'finds the state, the reason and the status of every port by the %s clock over IPv%s',
    async (clock, family) => {
      const address = family === 4 ? address4 : address6
      const names = Object.keys(SEEN) as PortName[]
      const found = await inParallel(names, 6, (name) => seen(clock, address, PORTS[name].port))
      const expected = { ...SEEN, ...EXCEPT[`${clock} ${family}`] }
      const named = names.map((name) => [name, expected[name].replace('TARGET', address)])
      expect(Object.fromEntries(names.map((name, i) => [name, found[i]]))).toEqual(Object.fromEntries(named))
    },
  )

  it.each(CLOCKS)('finds the same without any privilege by the %s clock', async (clock) => {
    const ports = Object.values(PORTS).map(({ port }) => port)
    const args = ['-c', '1', '--clock', clock, '--json', address4, ports.join(',')]
    const [node, words] = tool.command(...args)
    const [asRoot, asNobody] = await Promise.all([
      lab.exec(node, words),
      lab.exec('setpriv', ['--reuid', '65534', '--clear-groups', node, ...words]),
    ])
    const verdicts = ({ stdout }: { stdout: string }) =>
      probesOf(stdout)
        .map(({ port, word, reason, icmp }) => `${port} ${word} ${reason} ${icmp?.from}`)
        .toSorted()
    expect(verdicts(asNobody)).toHaveLength(ports.length)
    expect(verdicts(asNobody)).toEqual(verdicts(asRoot))
    expect(asNobody.stderr).toBe('')
  })

  it('names who sent an ICMP error', async () => {
    const { stdout } = await tool.run(lab, ['-c', '1', '--clock', 'kernel', address4, '9'])
    expect(stdout).toContain(`(admin-prohibited from ${address4})`)
  })

  it('follows a port that closes and opens again', async () => {
    const port = PORTS.flapping.port
    await lab.target.setPort(port, 'open')
    const running = tool.start(lab, ['-i', '0.05', '--until', 'closed', address4, String(port)])
    await running.until(/^open/m)
    await lab.target.setPort(port, 'closed')
    expect(await running.done).toMatchObject({ status: 0 })
    const waiting = tool.start(lab, ['-i', '0.05', '--until', 'open', address4, String(port)])
    await waiting.until(/^closed/m)
    await lab.target.setPort(port, 'open')
    const { status, stdout } = await waiting.done
    expect(status).toBe(0)
    expect(stdout).toMatch(/1 open, \d+ closed, 0 stealth; last: open; longest outage/)
  })

  it('stays with the first address of a name and says that there are others', async () => {
    const { stdout, stderr, status } = await tool.run(lab, ['-c', '1', '-W', '0.3', 'dead6.lab', '22'])
    expect(stdout).toMatch(
      /^TCPING dead6\.lab \(fd78::dead\) port 22 \(ssh\)\nstealth \[fd78::dead\]:22: seq=1/,
    )
    expect(stderr).toContain(address4)
    expect(status).toBe(1)
  })

  it('probes every address of a name when asked to', async () => {
    const args = ['-c', '1', '-W', '0.9', '--all-addresses', 'dead6.lab', '22']
    const { stdout, status } = await tool.run(lab, args)
    expect(stdout).toMatch(/^stealth dead6\.lab \(fd78::dead\):22: seq=1 no answer in \d+ ms$/m)
    expect(stdout).toContain('open from dead6.lab (10.78.0.2):22: seq=1 time=')
    expect(status).toBe(0)
  })

  it('says in one line that there is no such name', async () => {
    expect(await tool.run(lab, ['-c', '1', 'nobody.lab', '22'])).toMatchObject({
      stdout: '',
      stderr: 'tcping: nobody.lab: Name or service not known\n',
      status: 2,
    })
  })
})
