import { describe, expect, it } from 'vitest'
import { createXmlReporter } from '../src/report/xml-reporter.ts'
import { readResult } from '../src/results/read-result.ts'
import { recorded, written } from './read-kit.ts'

const FILES = ['basic', 'tcpudp', 'ipv6', 'sv', 'multi-v', 'hosttimeout', 'open', 'full-sS', 'stats']

/** Days and times of day are those of the machine's time zone. */
function withoutLocalTimes(xml: string): string {
  return xml.replace(/[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}/g, 'TIME')
}

/** What was told while the scan ran is no part of its result. */
function withoutProgress(xml: string): string {
  return xml.replace(/<hosthint>.*?<\/hosthint>\n/gs, '').replace(/<task.*\n/g, '')
}

describe('XML that nmap 7.93 wrote', () => {
  it.each(FILES)('%s is written in the same octets once it was read', async (name) => {
    const theirs = recorded(`nmap-${name}.xml`)
    const result = await readResult(theirs, name)
    const { verbose, debugging } = result.run
    const stylesheet = /xml-stylesheet href="([^"]*)"/.exec(theirs)?.[1]
    const options = { stylesheet, openOnly: name === 'open', verbose, debugging }
    const ours = written((sink) => createXmlReporter(options, sink), result)
    expect(withoutLocalTimes(ours)).toBe(withoutLocalTimes(withoutProgress(theirs)))
    expect(result.warnings).toEqual([])
  })

  it('has all of 65,535 ports, those that are only counted too', async () => {
    const { hosts, run, end } = await readResult(recorded('nmap-full-sS.xml'), 'full.xml')
    const table = hosts[0]?.ports
    expect(table?.size).toBe(65_535)
    expect(table?.row('tcp', 10_500)).toEqual({
      protocol: 'tcp',
      port: 10_500,
      state: 'filtered',
      reason: 'no-response',
      ttl: 0,
    })
    expect(table?.has('tcp', 0)).toBe(false)
    expect(table?.has('udp', 1)).toBe(false)
    expect(table?.tallies()).toMatchObject([
      { state: 'closed', count: 64_490, reasons: [{ reason: 'reset', count: 64_490 }] },
      { state: 'filtered', count: 1013, reasons: [{ reason: 'no-response', count: 1002 }, {}, {}, {}] },
      { state: 'open', count: 32 },
    ])
    expect(run.scans).toMatchObject([{ kind: 'syn', protocol: 'tcp', ports: { length: 65_535 } }])
    expect(end).toMatchObject({ elapsedMs: 6010, hosts: { up: 1, down: 0, total: 1 } })
  })

  it('says what was found out about services', async () => {
    const { hosts } = await readResult(recorded('nmap-sv.xml'), 'sv.xml')
    expect(hosts[0]).toMatchObject({ hasVersions: true, hardwareAddress: '16:ae:8c:cd:ec:20' })
    expect(hosts[0]?.ports?.row('tcp', 22)?.service).toEqual({
      name: 'ssh',
      method: 'probed',
      confidence: 10,
      product: 'OpenSSH',
      version: '9.2p1 Debian 2',
      info: 'protocol 2.0',
      os: 'Linux',
      cpes: ['cpe:/a:openbsd:openssh:9.2p1', 'cpe:/o:linux:linux_kernel'],
    })
  })
})

it('joins the hosts that masscan writes once for every port', async () => {
  const { run, hosts, end } = await readResult(recorded('masscan.xml'), 'masscan.xml')
  expect(run).toMatchObject({ scanner: 'masscan', version: '1.0-BETA', args: '' })
  expect(
    hosts.map(({ address, ports }) => [address, [...(ports?.rows() ?? [])].map(({ port }) => port)]),
  ).toEqual([['10.77.0.2', [22, 80]]])
  expect(end).toMatchObject({ elapsedMs: 5000, hosts: { up: 2, down: 0, total: 2 } })
})
