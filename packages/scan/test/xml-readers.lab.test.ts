import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { missing } from '@portkit/lab'
import { run } from '@portkit/lab/command'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ScanResult } from '../src/model/scan-result.ts'
import type { CollapseRule } from '../src/report/not-shown.ts'
import { createXmlReporter } from '../src/report/xml-reporter.ts'
import { ALL_LISTED, PLAIN, written } from './read-kit.ts'
import { hostOf, many, START_MS, tableOf } from './text-kit.ts'

const DTD = '/usr/share/nmap/nmap.dtd'
const STYLESHEET = '/usr/share/nmap/nmap.xsl'
const FILES = [DTD, STYLESHEET, '/usr/share/perl5/Nmap/Parser.pm']
const MODULES = ['libnmap', 'nmap'].map((name) => `/usr/lib/python3/dist-packages/${name}`)
const PROGRAMS = ['xmllint', 'ndiff', 'xsltproc', 'perl', 'python3']
const lacks = [...missing(PROGRAMS), ...[...FILES, ...MODULES].filter((path) => !existsSync(path))]
const skipped = lacks.length > 0 ? ` (skipped: needs ${lacks.join(', ')})` : ''

const NASTY = '\u{0}\u{1b}[31m\u{d800}\u{fffe}\u{1f600}--]]><a b=\'"&amp;\t\r\n\u{85}é'
const RUN = {
  scanner: 'portscan',
  version: '1.2.3',
  args: `portscan --open -- ${NASTY}`,
  startMs: START_MS,
  scans: [
    { kind: 'syn', protocol: 'tcp', ports: Array.from({ length: 1000 }, (_, i) => i + 1) },
    { kind: 'udp', protocol: 'udp', ports: [53, 137] },
  ],
  verbose: 1,
  debugging: 0,
} as const
const END = { endMs: START_MS + 1310, elapsedMs: 1310, hosts: { up: 3, down: 1, total: 4 } }
const SERVICE = {
  name: NASTY,
  method: 'probed',
  confidence: 10,
  product: NASTY,
  version: '9.2p1',
  info: NASTY,
  hostname: NASTY,
  os: 'Linux',
  tunnel: 'ssl',
  cpes: ['cpe:/a:openbsd:openssh:9.2p1', NASTY],
} as const

const BIG = hostOf({
  names: [
    { name: 'db.lan', type: 'user' },
    { name: NASTY, type: 'PTR' },
  ],
  hardwareAddress: '02:00:00:00:00:01',
  vendor: NASTY,
  ports: tableOf(
    '80/tcp open http syn-ack 64\n53/udp open domain udp-response 64\n137/udp open|filtered netbios-ns no-response',
    ...many(100, 900, 'closed', 'reset'),
    ...many(901, 990, 'filtered', 'no-response'),
    { protocol: 'tcp', port: 22, state: 'open', reason: 'syn-ack', ttl: 64, service: SERVICE },
    { protocol: 'tcp', port: 23, state: 'filtered', reason: 'admin-prohibited', ttl: 63, from: '10.0.0.1' },
  ),
})
const RESULT: ScanResult = {
  run: RUN,
  hosts: [
    BIG,
    hostOf({
      address: '10.77.0.3',
      ports: tableOf('22/tcp open ssh syn-ack 64'),
      ended: 'host-timeout',
      unasked: 9,
    }),
    hostOf({ address: 'fd77::4', family: 6, status: { state: 'up', reason: 'nd-response', ttl: 0 } }),
    hostOf({ address: '10.77.0.5', status: { state: 'down', reason: 'no-response', ttl: 0 } }),
  ],
  end: END,
}

const XML = {
  whole: xmlOf(RESULT),
  cut: xmlOf({ ...RESULT, end: { ...END, cut: `SIGINT ${NASTY}` } }),
  'without hosts': xmlOf({ ...RESULT, hosts: [] }),
  'all listed': xmlOf(
    { run: RUN, hosts: [hostOf({ ports: tableOf('', ...many(0, 1999, 'open', 'syn-ack')) })], end: END },
    ALL_LISTED,
  ),
} as const

function xmlOf(result: ScanResult, rule: CollapseRule = { ...PLAIN, verbose: 1 }): string {
  return written((sink) => createXmlReporter({ ...rule, stylesheet: STYLESHEET }, sink), result)
}

const LIBNMAP = `
import sys
from libnmap.parser import NmapParser
report = NmapParser.parse_fromfile(sys.argv[1])
host = report.hosts[0]
print(report.hosts_up, report.hosts_total, report.elapsed, len(report.hosts))
print(host.address, host.mac, host.hostnames[0], [p for p, _ in host.get_open_ports()])
print(host.get_service(22).service_dict['version'], host.is_up())
`
const PYTHON_NMAP = `
import sys, nmap
scan = nmap.PortScanner().analyse_nmap_xml_scan(open(sys.argv[1], encoding='utf-8').read())
host = scan['scan']['10.77.0.2']
print(sorted(scan['scan']), scan['nmap']['scanstats']['uphosts'])
print(host['hostnames'][0], sorted(host['tcp']), host['tcp'][22]['version'], host['udp'][137]['state'])
`
const PERL = `
use Nmap::Parser;
my $parser = Nmap::Parser->new;
$parser->parsefile($ARGV[0]);
my $host = $parser->get_host('10.77.0.2');
print join(' ', $host->hostname, $host->mac_addr, $host->tcp_open_ports, $host->extraports_count, $host->tcp_service(22)->version), "\\n";
print join(' ', sort $parser->get_ips('up')), "\\n";
`

describe.skipIf(skipped !== '')(`readers of nmap's XML${skipped}`, () => {
  let folder = ''
  const path = (name: string): string => join(folder, `${name}.xml`)
  /** What a program says on its standard output, which has to end well. */
  const said = async (command: string, ...args: readonly string[]): Promise<string> => {
    const { stdout, stderr, status } = await run(command, args, { timeoutMs: 50_000 })
    expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
    return stdout
  }

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'portkit-xml-'))
    for (const [name, text] of Object.entries(XML)) writeFileSync(path(name), text)
  })
  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  it.each(Object.keys(XML))("xmllint finds that a report is valid by nmap's DTD: %s", async (name) => {
    await said('xmllint', '--noout', '--nonet', '--dtdvalid', DTD, path(name))
  })

  it('ndiff sees no difference between a report and itself, and one between two', async () => {
    expect(await said('ndiff', path('whole'), path('whole'))).toBe('')
    const { status, stdout } = await run('ndiff', [path('whole'), path('without hosts')])
    expect(status).toBe(1)
    expect(stdout).toMatch(/^-80\/tcp +open +http/m)
  })

  it("xsltproc turns a report into nmap's web page", async () => {
    const html = await said('xsltproc', '--nonet', STYLESHEET, path('whole'))
    expect(html).toContain('10.77.0.2')
    expect(html).toMatch(/801.*closed/s)
  })

  it('python3-libnmap reads a report', async () => {
    expect(await said('/usr/bin/python3', '-c', LIBNMAP, path('whole'))).toBe(
      '3 4 1.31 4\n10.77.0.2 02:00:00:00:00:01 db.lan [22, 80, 53]\n9.2p1 True\n',
    )
  })

  it('python3-nmap reads a report', async () => {
    expect(await said('/usr/bin/python3', '-c', PYTHON_NMAP, path('whole'))).toBe(
      [
        "['10.77.0.2', '10.77.0.3', '10.77.0.5', 'fd77::4'] 3",
        "{'name': 'db.lan', 'type': 'user'} [22, 80] 9.2p1 open|filtered",
        '',
      ].join('\n'),
    )
  })

  it('Nmap::Parser reads a report', async () => {
    expect(await said('perl', '-e', PERL, path('whole'))).toBe(
      'db.lan 02:00:00:00:00:01 22 80 801 9.2p1\n10.77.0.2 10.77.0.3 fd77::4\n',
    )
  })

  it.each(['cut', 'all listed'])('all of them read one that is %s', async (name) => {
    await said('xsltproc', '--nonet', '-o', '/dev/null', STYLESHEET, path(name))
    await said('ndiff', path(name), path(name))
    await said('/usr/bin/python3', '-c', LIBNMAP.split('print')[0] ?? '', path(name))
    await said('perl', '-MNmap::Parser', '-e', 'Nmap::Parser->new->parsefile($ARGV[0])', path(name))
  })
})
