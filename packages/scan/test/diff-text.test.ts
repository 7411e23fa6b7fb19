import { describe, expect, it } from 'vitest'
import type { HostReport } from '../src/model/host-report.ts'
import type { PortService } from '../src/model/port-table.ts'
import { diffResults } from '../src/results/diff.ts'
import { diffJson } from '../src/results/diff-json.ts'
import { diffText } from '../src/results/diff-text.ts'
import { diffXml } from '../src/results/diff-xml.ts'
import { readResult } from '../src/results/read-result.ts'
import { recorded } from './read-kit.ts'
import { endOf, hostOf, MAC, many, RUN, tableOf } from './text-kit.ts'

const PORTS = tableOf('22/tcp open ssh\n80/tcp closed http')
const HOST = hostOf({ ports: PORTS })

function diffOf(before: readonly HostReport[], after: readonly HostReport[], args = RUN.args) {
  const end = endOf()
  return diffResults({ run: RUN, hosts: before, end }, { run: { ...RUN, args }, hosts: after, end })
}

/** Without the line about the run. */
function text(before: readonly HostReport[], after: readonly HostReport[], verbose = false): string {
  return [...diffText(diffOf(before, after), verbose)].join('').replace(/^ portscan .*\n/, '')
}

/** A host with OpenSSH of some version. */
function ssh(service: Partial<PortService> | undefined): HostReport {
  const row = { protocol: 'tcp', port: 22, state: 'open', reason: 'syn-ack', ttl: 64 } as const
  if (service === undefined) return hostOf({ ports: tableOf('', row) })
  const whole = { name: 'ssh', method: 'probed', confidence: 10, ...service } as const
  return hostOf({ ports: tableOf('', { ...row, service: whole }) })
}

const lines = (...all: readonly string[]): string => all.map((line) => `${line}\n`).join('')

// What ndiff 7.93 writes of the same.
describe('the text', () => {
  it('is nothing where all is the same', () => {
    expect(text([HOST], [HOST])).toBe('')
  })

  it('begins with the runs where they are two', () => {
    const diff = diffOf([HOST], [HOST], 'portscan other')
    expect([...diffText(diff, false)].join('')).toBe(
      lines(
        '-portscan 1.2.3 scan initiated Fri Nov 20 14:43:11 2026 as: portscan -n -p 22,111 10.77.0.2',
        '+portscan 1.2.3 scan initiated Fri Nov 20 14:43:11 2026 as: portscan other',
      ),
    )
  })

  it('has all of a host with -v', () => {
    expect(text([HOST], [HOST], true)).toBe(
      lines(
        '',
        ' 10.77.0.2:',
        ' Host is up.',
        ' PORT   STATE  SERVICE VERSION',
        ' 22/tcp open   ssh',
        ' 80/tcp closed http',
      ),
    )
  })

  it('has all of a host that is there no more, and of one that is new', () => {
    const names = [
      { name: 'c.d', type: 'PTR' },
      { name: 'a.b', type: 'user' },
    ] as const
    const ports = tableOf('22/tcp open ssh', ...many(100, 199, 'closed', 'reset'))
    const host = hostOf({ ports, names, hardwareAddress: MAC })
    const body = [
      'a.b, c.d (10.77.0.2, 16:AE:8C:CD:EC:20):',
      'Host is up.',
      'Not shown: 100 closed ports',
      'PORT   STATE SERVICE VERSION',
      '22/tcp open  ssh',
    ]
    expect(text([host], [])).toBe(lines('', ...body.map((line) => `-${line}`)))
    expect(text([], [host])).toBe(lines('', ...body.map((line) => `+${line}`)))
  })

  it('has what became of a host, its names and its addresses', () => {
    const down = hostOf({
      status: { state: 'down', reason: 'no-response', ttl: 0 },
      names: [{ name: 'db.lan', type: 'PTR' }],
      hardwareAddress: MAC,
    })
    expect(text([hostOf()], [down])).toBe(
      lines('', '-10.77.0.2:', '+db.lan (10.77.0.2, 16:AE:8C:CD:EC:20):', '-Host is up.', '+Host is down.'),
    )
  })

  it('has ports with other states, ports that came and ports that went', () => {
    const after = tableOf('22/tcp closed -\n53/udp open domain\n8080/tcp open|filtered http-proxy')
    expect(text([HOST], [hostOf({ ports: after })])).toBe(
      lines(
        '',
        ' 10.77.0.2:',
        ' PORT     STATE         SERVICE    VERSION',
        '-22/tcp   open          ssh',
        '+22/tcp   closed',
        '+53/udp   open          domain',
        '-80/tcp   closed        http',
        '+8080/tcp open|filtered http-proxy',
      ),
    )
  })

  it('has the numbers of ports that are not shown, by count', () => {
    const many3 = [
      ...many(100, 129, 'closed', 'reset'),
      ...many(200, 299, 'filtered', 'no-response'),
      ...many(300, 329, 'open|filtered', 'no-response'),
    ]
    expect(text([hostOf({ ports: tableOf('', ...many3) })], [hostOf({ ports: tableOf('') })])).toBe(
      lines('', ' 10.77.0.2:', '-Not shown: 100 filtered ports, 30 open|filtered ports, 30 closed ports'),
    )
  })

  it.each([
    ['its version', { product: 'OpenSSH', version: '1.0', info: 'x' }, 'ssh     OpenSSH 1.0 (x)'],
    ['TLS', { tunnel: 'ssl' }, 'ssl/ssh'],
    ['its name', { name: 'sftp' }, 'sftp'],
  ] as const)('has a service of which it is known now: %s', (_, service, shown) => {
    expect(text([ssh({})], [ssh(service)])).toContain(`\n-22/tcp open  ssh\n+22/tcp open  ${shown}\n`)
  })

  it('passes over what ndiff does: the system, the host that a service names, how well it is known', () => {
    const probed = ssh({ os: 'Linux', hostname: 'x', confidence: 10, cpes: ['cpe:/a:b'] })
    expect(text([probed], [ssh({ method: 'table', confidence: 3 })])).toBe('')
    expect(text([ssh(undefined)], [ssh({})])).toContain('\n-22/tcp open\n+22/tcp open  ssh\n')
  })

  it('is safe for a terminal, whatever the peers say', () => {
    const nasty = '\u{1b}[31m\nx'
    const host = { ...ssh({ name: nasty, version: nasty }), names: [{ name: nasty, type: 'PTR' }] as const }
    const shown = text([], [host])
    expect(shown).not.toContain('\u{1b}')
    expect(shown.split('\n')).toHaveLength(6)
  })
})

describe('the XML', () => {
  const xml = (before: readonly HostReport[], after: readonly HostReport[], verbose = false): string =>
    [...diffXml(diffOf(before, after), verbose)].join('')

  it('is an empty nmapdiff where all is the same', () => {
    expect(xml([HOST], [HOST])).toBe(
      '<?xml version="1.0" encoding="utf-8"?>\n<nmapdiff version="1"><scandiff></scandiff></nmapdiff>\n',
    )
  })

  it('has a change of a state within the host that it is of', () => {
    const before = hostOf({ ports: tableOf('22/tcp open -'), names: [{ name: 'a', type: 'PTR' }] })
    const after = hostOf({ ports: tableOf('22/tcp closed -'), names: [{ name: 'b', type: 'PTR' }] })
    expect(xml([before], [after]).replaceAll('\n', '')).toContain(
      '<hostdiff><host><address addr="10.77.0.2" addrtype="ipv4"/>' +
        '<hostnames><a><hostname name="a"/></a><b><hostname name="b"/></b></hostnames>' +
        '<ports><portdiff><a><port portid="22" protocol="tcp"><state state="open"/></port></a>' +
        '<b><port portid="22" protocol="tcp"><state state="closed"/></port></b></portdiff></ports>' +
        '</host></hostdiff>',
    )
  })

  it('is well-formed whatever the peers say', () => {
    const nasty = '<&">\u{0}]]>'
    const shown = xml([], [ssh({ name: nasty, info: nasty })])
    expect(shown).toContain('name="&lt;&amp;&quot;&gt;\\x00]]&gt;"')
  })
})

it('the JSON has runs, hosts and ports that differ, and null for what is not there', () => {
  const diff = diffOf([HOST], [hostOf({ ports: tableOf('22/tcp closed ssh'), hardwareAddress: MAC })])
  const told = JSON.parse([...diffJson(diff, false, 0)].join(''))
  expect(told).toMatchObject({ type: 'scan-diff', same: false, before: { scanner: 'portscan' } })
  const service = { name: 'ssh', product: null, version: null, info: null, tunnel: null }
  expect(told.hosts).toEqual([
    {
      address: '10.77.0.2',
      same: false,
      before: { state: 'up', names: [], hardwareAddress: null, notShown: [] },
      after: { state: 'up', names: [], hardwareAddress: MAC, notShown: [] },
      ports: [
        {
          port: 22,
          transport: 'tcp',
          before: { state: 'open', service },
          after: { state: 'closed', service },
        },
        {
          port: 80,
          transport: 'tcp',
          before: { state: 'closed', service: { ...service, name: 'http' } },
          after: null,
        },
      ],
    },
  ])
  expect(JSON.parse([...diffJson(diffOf([HOST], [HOST]), false, 0)].join('')).hosts).toEqual([])
  expect(JSON.parse([...diffJson(diffOf([HOST], [HOST]), true, 0)].join('')).hosts).toMatchObject([
    { same: true, ports: [{ port: 22 }, { port: 80 }] },
  ])
})

it("compares nmap's own files", async () => {
  const [full, basic] = await Promise.all(
    ['nmap-full-sS.xml', 'nmap-basic.xml'].map((name) => readResult(recorded(name), name)),
  )
  if (full === undefined || basic === undefined) throw new Error('not read')
  const { isSame, hosts } = diffResults(basic, full)
  expect(isSame).toBe(false)
  expect(hosts.map(({ after }) => after?.hidden)).toMatchObject([[{ state: 'closed', count: 64_490 }, {}]])
  expect(diffResults(full, full).isSame).toBe(true)
})
