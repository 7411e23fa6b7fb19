import { describe, expect, it } from 'vitest'
import { createXmlReporter } from '../src/report/xml-reporter.ts'
import { readResult } from '../src/results/read-result.ts'
import { ALL_LISTED, plain, written } from './read-kit.ts'
import { hostOf, many, START_MS, tableOf } from './text-kit.ts'

const PORT = '<port protocol="tcp" portid="22"><state state="open" reason="syn-ack" reason_ttl="64"/></port>'

function xmlWith(inside: string): string {
  return `<nmaprun scanner="nmap" args="nmap x" start="1" version="7.93"><host starttime="1"><address addr="10.0.0.2" addrtype="ipv4"/><ports>${inside}${PORT}</ports></host></nmaprun>`
}

describe('a result of another scanner', () => {
  it.each([
    ['<port protocol="sctp" portid="1"><state state="open" reason="init-ack"/></port>', '1 port of sctp'],
    ['<port protocol="ip" portid="1"><state state="open" reason="x"/></port>', '1 port of ip'],
    [
      '<port protocol="tcp" portid="65536"><state state="open" reason="x"/></port>',
      '1 port without a number',
    ],
    [
      '<port protocol="tcp" portid="1"><state state="tarpit" reason="x"/></port>',
      '1 port in the state tarpit',
    ],
    ['<port protocol="tcp" portid="1"></port>', '1 port in the state another kind'],
    [
      '<extraports state="closed" count="997"><extrareasons reason="resets" count="997"/></extraports>',
      '997 ports of which no numbers are given',
    ],
    [
      '<extraports state="closed" count="9"><extrareasons reason="x" count="9" proto="sctp" ports="1-9"/></extraports>',
      '9 ports of sctp',
    ],
  ])('is read without what ports cannot be, which is counted: %s', async (inside, what) => {
    const { hosts, warnings } = await readResult(xmlWith(inside), 'x.xml')
    expect(warnings).toEqual([`left out: ${what}`])
    expect(hosts.map(plain)).toMatchObject([{ ports: [{ port: 22, state: 'open' }] }])
    expect(hosts[0]?.ports?.size).toBe(1)
  })

  it('is read past scripts, operating systems and traces', async () => {
    const script =
      '<script id="x" output="a &lt; b&#xa;"><table key="state"><elem key="cpe">x</elem></table></script>'
    const { hosts, warnings } = await readResult(
      xmlWith(
        `<port protocol="tcp" portid="80"><state state="open" reason="syn-ack"/><service name="http"><cpe>cpe:/a:b&amp;c</cpe></service>${script}</port>`,
      ),
      'x.xml',
    )
    expect(warnings).toEqual([])
    expect(hosts[0]?.ports?.row('tcp', 80)?.service).toEqual({
      name: 'http',
      method: 'table',
      confidence: 3,
      cpes: ['cpe:/a:b&c'],
    })
  })

  it('counts hosts without an address', async () => {
    const { hosts, warnings } = await readResult(
      '<nmaprun version="1"><host><address addr="zigzag"/></host></nmaprun>',
      'x',
    )
    expect([hosts, warnings]).toEqual([[], ['left out: 1 host without an address']])
  })

  it('does not grow its warnings without end', async () => {
    const odd = Array.from({ length: 1000 }, (_, i) => `<port protocol="p${i}" portid="1"/>`).join('')
    expect((await readResult(xmlWith(odd), 'x')).warnings).toHaveLength(20)
  })

  it('takes the later of two findings about a port', async () => {
    const twice =
      '<extraports state="closed"><extrareasons reason="reset" proto="tcp" ports="20-25"/></extraports>'
    const { hosts } = await readResult(xmlWith(twice), 'x')
    const states = [...(hosts[0]?.ports?.rows() ?? [])].map(({ port, state }) => `${port} ${state}`)
    expect(states).toEqual(['20 closed', '21 closed', '22 open', '23 closed', '24 closed', '25 closed'])
    expect(hosts[0]?.ports?.portsOf('closed', 'tcp', 'reset')).toEqual([20, 21, 23, 24, 25])
  })
})

it('reads 256 hosts, and all of 65,535 ports in full', async () => {
  const run = {
    scanner: 'nmap',
    version: '7.93',
    args: '',
    startMs: START_MS,
    scans: [],
    verbose: 0,
    debugging: 0,
  }
  const xmlOf = (hosts: ReturnType<typeof hostOf>[]): string =>
    written((sink) => createXmlReporter(ALL_LISTED, sink), { run, hosts, end: undefined })
  const many256 = Array.from({ length: 256 }, (_, i) =>
    hostOf({ address: `10.0.0.${i}`, ports: tableOf('', ...many(1, 100, 'closed', 'reset')) }),
  )
  const read = await readResult(xmlOf(many256), 'x.xml')
  expect(read.hosts.map(({ ports }) => ports?.size)).toEqual(Array(256).fill(100))
  const full = await readResult(
    xmlOf([hostOf({ ports: tableOf('', ...many(1, 65_535, 'open', 'syn-ack')) })]),
    'x.xml',
  )
  expect(full.hosts[0]?.ports?.tallies()).toMatchObject([{ state: 'open', count: 65_535 }])
})
