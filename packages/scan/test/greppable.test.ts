import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ScanEvent } from '../src/model/event.ts'
import type { HostReport } from '../src/model/host-report.ts'
import type { PortRow } from '../src/model/port-table.ts'
import { createGreppableReporter } from '../src/report/greppable-reporter.ts'
import type { CollapseRule } from '../src/report/not-shown.ts'
import { endOf, hostOf, many, paper, phaseOf, progressOf, RUN, rowOf, tableOf } from './text-kit.ts'

function grepped(events: readonly ScanEvent[], rule: Partial<CollapseRule> = {}): string {
  const sink = paper()
  const reporter = createGreppableReporter({ verbose: 0, debugging: 0, openOnly: false, ...rule }, sink)
  for (const event of events) reporter.on(event)
  return sink.text()
}

const hostLines = (host: Partial<HostReport>, rule: Partial<CollapseRule> = {}): string =>
  grepped([{ kind: 'host', report: hostOf(host) }], rule)

const UP = 'Host: 10.77.0.2 ()\tStatus: Up\n'

describe('the greppable report', () => {
  it('is as nmap 7.93 writes it', () => {
    const ports = tableOf(`
      22/tcp open ssh syn-ack 64
      111/tcp closed rpcbind reset 64
      53/udp open domain udp-response
      137/udp open|filtered netbios-ns no-response
      17000/tcp open - syn-ack`)
    const events: readonly ScanEvent[] = [
      { kind: 'begin', run: RUN },
      { kind: 'phase', phase: phaseOf() },
      { kind: 'port', address: '10.77.0.2', row: rowOf('22/tcp open ssh syn-ack 64') },
      { kind: 'progress', progress: progressOf() },
      { kind: 'host', report: hostOf({ ports }) },
      { kind: 'end', end: endOf() },
    ]
    expect(grepped(events)).toBe(
      `# portscan 1.2.3 scan initiated Fri Nov 20 14:43:11 2026 as: portscan -n -p 22,111 10.77.0.2
${UP}Host: 10.77.0.2 ()\tPorts: 22/open/tcp//ssh///, 111/closed/tcp//rpcbind///, 17000/open/tcp/////, 53/open/udp//domain///, 137/open|filtered/udp//netbios-ns///
# Nmap done at Fri Nov 20 14:43:12 2026 -- 1 IP address (1 host up) scanned in 1.33 seconds
`,
    )
  })

  it('with -v tells which ports were asked', () => {
    const scans = [
      { kind: 'syn', protocol: 'tcp', ports: [1, 2, 3, 22, 80, 81] },
      { kind: 'udp', protocol: 'udp', ports: [53] },
    ]
    const begin: ScanEvent = { kind: 'begin', run: { ...RUN, scans } }
    const line = '# Ports scanned: TCP(6;1-3,22,80-81) UDP(1;53) SCTP(0;) PROTOCOLS(0;)\n'
    expect(grepped([begin], { verbose: 1 })).toContain(`10.77.0.2\n${line}`)
    expect(grepped([begin])).not.toContain('Ports scanned')
    expect(grepped([{ kind: 'begin', run: { ...RUN, scans: [] } }], { debugging: 1 })).toContain(
      '\n# Ports scanned: TCP(0;) UDP(0;) SCTP(0;) PROTOCOLS(0;)\n',
    )
  })

  it('counts what is not listed when it is one state', () => {
    const closed = tableOf('22/tcp open ssh syn-ack', ...many(1000, 1100, 'closed', 'reset'))
    expect(hostLines({ ports: closed })).toBe(
      `${UP}Host: 10.77.0.2 ()\tPorts: 22/open/tcp//ssh///\tIgnored State: closed (101)\n`,
    )
    const none = tableOf('', ...many(1000, 1100, 'closed', 'reset'))
    expect(hostLines({ ports: none })).toBe(`${UP}Host: 10.77.0.2 ()\tPorts: \tIgnored State: closed (101)\n`)
    const two = tableOf(
      '22/tcp open ssh syn-ack',
      ...many(1000, 1100, 'closed', 'reset'),
      ...many(1, 9, 'filtered', 'no-response', 'udp'),
      ...many(2000, 2100, 'filtered', 'no-response'),
    )
    expect(hostLines({ ports: two })).toBe(`${UP}Host: 10.77.0.2 ()\tPorts: 22/open/tcp//ssh///\n`)
  })

  it('names hosts as a reverse lookup does', () => {
    const typed = { name: 'db.lan', type: 'user' } as const
    const looked = { name: 'a.lan', type: 'PTR' } as const
    expect(hostLines({ names: [typed] })).toBe(UP)
    expect(hostLines({ names: [typed, looked] })).toBe('Host: 10.77.0.2 (a.lan)\tStatus: Up\n')
  })

  it('has hosts that are down with -v only, and those that are only listed', () => {
    const down = { status: { state: 'down', reason: 'no-response', ttl: 0 } } as const
    expect(hostLines(down)).toBe('')
    expect(hostLines(down, { verbose: 1 })).toBe('Host: 10.77.0.2 ()\tStatus: Down\n')
    expect(hostLines(down, { verbose: 1, openOnly: true })).toBe('')
    const listed = { status: { state: 'unknown', reason: 'user-set', ttl: 0 } } as const
    expect(hostLines(listed)).toBe('Host: 10.77.0.2 ()\tStatus: Unknown\n')
  })

  it('with --open has hosts with open ports only', () => {
    const shut = tableOf('22/tcp closed ssh reset')
    expect(hostLines({ ports: shut }, { openOnly: true })).toBe('')
    const open = tableOf('22/tcp closed ssh reset\n80/tcp open http syn-ack')
    expect(hostLines({ ports: open }, { openOnly: true })).toBe(
      `${UP}Host: 10.77.0.2 ()\tPorts: 80/open/tcp//http///\tIgnored State: closed (1)\n`,
    )
  })

  it('has versions, with bars in place of slashes', () => {
    const service = {
      name: 'http',
      method: 'probed',
      confidence: 10,
      tunnel: 'ssl',
      product: 'a/b',
      version: '1',
      info: 'x/y',
    } as const
    const row: PortRow = { protocol: 'tcp', port: 443, state: 'open', reason: 'syn-ack', ttl: 0, service }
    expect(hostLines({ ports: tableOf('', row), hasVersions: true })).toContain(
      'Ports: 443/open/tcp//ssl|http//a|b 1 (x|y)/\n',
    )
  })

  it('keeps what is known of a host that was left early, and says how much is missing', () => {
    const ports = tableOf('22/tcp open ssh syn-ack')
    const known = 'Host: 10.77.0.2 ()\tPorts: 22/open/tcp//ssh///\tNo Verdict: 99\n'
    const timeout = 'Host: 10.77.0.2 ()\tStatus: Timeout\n'
    expect(hostLines({ ports, ended: 'host-timeout', unasked: 99 })).toBe(UP + timeout + known)
    expect(hostLines({ ports, ended: 'interrupted', unasked: 99 })).toBe(UP + known)
    expect(hostLines({ ports: tableOf(''), ended: 'host-timeout', unasked: 99 })).toBe(UP + timeout)
  })

  it('stays two lines a host and seven fields a port, whatever peers and files say', () => {
    const text = fc.string({ unit: 'binary', maxLength: 12 })
    fc.assert(
      fc.property(text, text, text, (name, product, info) => {
        const service = { name, method: 'probed', confidence: 10, product, info } as const
        const row: PortRow = { protocol: 'tcp', port: 1, state: 'open', reason: name, ttl: 0, service }
        const lines = hostLines({
          names: [{ name, type: 'PTR' }],
          ports: tableOf('', row),
          hasVersions: true,
        })
        expect(lines.match(/\n/g)).toHaveLength(2)
        expect(lines).not.toMatch(/[^\P{Cc}\t\n]/u)
        const [, ports = ''] = lines.split('\tPorts: ')
        expect(ports.split('/')).toHaveLength(8)
        expect(lines.match(/\t/g)).toHaveLength(2)
      }),
    )
  })
})
