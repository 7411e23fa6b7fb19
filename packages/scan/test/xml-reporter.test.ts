import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { describe, expect, it } from 'vitest'
import type { ScanEvent } from '../src/model/event.ts'
import { createXmlReporter, type XmlOptions } from '../src/report/xml-reporter.ts'
import { ALL_LISTED, PLAIN } from './read-kit.ts'
import { hostOf, many, START_MS, tableOf } from './text-kit.ts'

const RUN = {
  scanner: 'portscan',
  version: '1.2.3',
  args: 'portscan --stats-every 1s -p- <host> "a&b"',
  startMs: START_MS,
  scans: [{ kind: 'syn', protocol: 'tcp', ports: [1, 2, 3, 22] }],
  verbose: 0,
  debugging: 0,
} as const
const END = { endMs: START_MS + 1310, elapsedMs: 1310, hosts: { up: 1, down: 0, total: 1 } } as const
const PHASE = { title: 'SYN Stealth Scan', subject: undefined, total: '3 total ports', startMs: START_MS }

function xmlOf(events: readonly ScanEvent[], options: Partial<XmlOptions> = {}): string {
  let text = ''
  const sink = {
    write(more: string) {
      text += more
    },
  }
  const reporter = createXmlReporter({ ...PLAIN, ...options }, sink)
  for (const event of events) reporter.on(event)
  return text
}

function elementsOf(xml: string, name: string): readonly Record<string, string>[] {
  expect(XMLValidator.validate(xml)).toBe(true)
  const found: Record<string, string>[] = []
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: '',
    parseAttributeValue: false,
    updateTag(tag, _, attributes) {
      if (tag === name) found.push({ ...attributes })
      return true
    },
  })
  parser.parse(xml)
  return found
}

const BEGIN: ScanEvent = { kind: 'begin', run: RUN }
const whole = (...events: ScanEvent[]): ScanEvent[] => [BEGIN, ...events, { kind: 'end', end: END }]

describe('the XML report', () => {
  it('begins as nmap begins, with our name where the DTD leaves room for it', () => {
    const [first, doctype, comment, root, scan, ...more] = xmlOf(whole()).split('\n')
    expect([first, doctype]).toEqual(['<?xml version="1.0" encoding="UTF-8"?>', '<!DOCTYPE nmaprun>'])
    expect(comment).toBe(
      '<!-- portscan 1.2.3 scan initiated Fri Nov 20 14:43:11 2026 as: portscan -&#45;stats-every 1s -p- &lt;host&gt; &quot;a&amp;b&quot; -->',
    )
    expect(root).toBe(
      `<nmaprun scanner="nmap" args="portscan -&#45;stats-every 1s -p- &lt;host&gt; &quot;a&amp;b&quot;" start="${START_MS / 1000}" startstr="Fri Nov 20 14:43:11 2026" version="portscan 1.2.3" xmloutputversion="1.05">`,
    )
    expect(scan).toBe('<scaninfo type="syn" protocol="tcp" numservices="4" services="1-3,22"/>')
    expect(more.slice(0, 2)).toEqual(['<verbose level="0"/>', '<debugging level="0"/>'])
  })

  it('names a stylesheet only when there is one', () => {
    expect(xmlOf(whole())).not.toContain('stylesheet')
    const line = '<?xml-stylesheet href="https://example.org/a.xsl?b&amp;c" type="text/xsl"?>'
    expect(xmlOf(whole(), { stylesheet: 'https://example.org/a.xsl?b&c' }).split('\n')[2]).toBe(line)
  })

  it('ends well when the run was cut, and says why', () => {
    const xml = xmlOf([BEGIN, { kind: 'end', end: { ...END, cut: 'SIGINT' } }])
    expect(elementsOf(xml, 'finished')).toMatchObject([
      { exit: 'error', errormsg: 'SIGINT', elapsed: '1.31' },
    ])
    expect(elementsOf(xmlOf(whole()), 'finished')[0]).not.toHaveProperty('errormsg')
    expect(xmlOf([{ kind: 'end', end: END }])).toBe('')
  })

  it('tells tasks with -v, and progress as often as it was asked for', () => {
    const progress = (elapsedMs: number): ScanEvent => ({
      kind: 'progress',
      progress: {
        elapsedMs,
        nowMs: START_MS + elapsedMs,
        hostsDone: 0,
        hostsUp: 1,
        hostsUnderway: 1,
        hostsTotal: 1,
        phase: 'SYN Stealth Scan',
        done: elapsedMs / 10_000,
        remainingMs: elapsedMs > 2500 ? 10_000 - elapsedMs : undefined,
        openPorts: 0,
      },
    })
    const events = whole(
      { kind: 'phase', phase: PHASE },
      ...[500, 999, 1000, 1700, 3300, 3400].map(progress),
      { kind: 'phase-end', phase: PHASE, elapsedMs: 4000, endMs: START_MS + 4000 },
    )
    expect(xmlOf(events)).not.toContain('<task')
    const at = (ms: number): string => String((START_MS + ms) / 1000)
    const told = xmlOf(events, { statsEveryMs: 1000 })
    expect(elementsOf(told, 'taskprogress')).toEqual([
      { task: 'SYN Stealth Scan', time: at(1000), percent: '10.00' },
      { task: 'SYN Stealth Scan', time: at(3000), percent: '33.00', remaining: '7', etc: at(10_000) },
    ])
    expect(told).not.toContain('<taskbegin')
    const verbose = xmlOf(events, { verbose: 1 })
    expect(elementsOf(verbose, 'taskbegin')).toEqual([{ task: 'SYN Stealth Scan', time: at(0) }])
    expect(elementsOf(verbose, 'taskend')).toEqual([
      { task: 'SYN Stealth Scan', time: at(4000), extrainfo: '3 total ports' },
    ])
  })

  it('hints at hosts that are up', () => {
    const { address, family, status } = hostOf()
    const hint = {
      address,
      family,
      status,
      names: [{ name: 'db', type: 'user' }],
      hardwareAddress: '02:0a:00:00:00:01',
    } as const
    expect(xmlOf(whole({ kind: 'hint', host: { ...hint, vendor: 'Ab & Co' } }))).toContain(
      [
        '<hosthint><status state="up" reason="arp-response" reason_ttl="0"/>',
        '<address addr="10.77.0.2" addrtype="ipv4"/>',
        '<address addr="02:0A:00:00:00:01" addrtype="mac" vendor="Ab &amp; Co"/>',
        '<hostnames>',
        '<hostname name="db" type="user"/>',
        '</hostnames>',
        '</hosthint>',
      ].join('\n'),
    )
  })

  it('lists 25 ports of a state and counts 26, of both protocols together', () => {
    const xmlWith = (tcp: number, udp: number): string =>
      xmlOf(
        whole({
          kind: 'host',
          report: hostOf({
            ports: tableOf(
              '',
              ...many(1, tcp, 'closed', 'reset'),
              ...many(1, udp, 'closed', 'port-unreach', 'udp'),
            ),
          }),
        }),
      )
    expect(elementsOf(xmlWith(13, 12), 'port')).toHaveLength(25)
    const counted = xmlWith(13, 13)
    expect(elementsOf(counted, 'port')).toHaveLength(0)
    expect(elementsOf(counted, 'extraports')).toEqual([{ state: 'closed', count: '26' }])
    expect(elementsOf(counted, 'extrareasons')).toEqual([
      { reason: 'port-unreach', count: '13', proto: 'udp', ports: '1-13' },
      { reason: 'reset', count: '13', proto: 'tcp', ports: '1-13' },
    ])
  })

  it('says that a host ran out of time, and lists what is known nevertheless', () => {
    const ports = tableOf('22/tcp open ssh syn-ack 64')
    const partial = hostOf({ ports, ended: 'host-timeout', unasked: 999 })
    const xml = xmlOf(whole({ kind: 'host', report: partial }))
    expect(elementsOf(xml, 'host')).toMatchObject([
      { timedout: 'true', comment: 'ended early (host-timeout): 999 ports without a state' },
    ])
    expect(elementsOf(xml, 'port')).toEqual([{ protocol: 'tcp', portid: '22' }])
  })

  it('leaves out hosts without open ports with --open, and hosts that are down without -v', () => {
    const closed: ScanEvent = { kind: 'host', report: hostOf({ ports: tableOf('1/tcp closed - reset 64') }) }
    const down: ScanEvent = {
      kind: 'host',
      report: hostOf({ status: { state: 'down', reason: 'no-response', ttl: 0 }, times: undefined }),
    }
    expect(xmlOf(whole(closed), { openOnly: true })).not.toContain('<host ')
    expect(xmlOf(whole(closed))).toContain('<host ')
    expect(xmlOf(whole(down))).not.toContain('<host>')
    expect(xmlOf(whole(down), { verbose: 1 })).toContain(
      '<host><status state="down" reason="no-response" reason_ttl="0"/>\n<address addr="10.77.0.2" addrtype="ipv4"/>\n</host>\n',
    )
  })

  it('is well-formed whatever a service says', () => {
    const nasty =
      '\u{0}\u{1b}[31m\u{d800}\u{fffe}\u{1f600}--]]><a b=\'"&amp;\t\r\n\u{85}\u{2028}\u{202e}\u{feff}é'
    const service = { name: nasty, method: 'probed', confidence: 10, product: nasty, cpes: [nasty] } as const
    const row = { protocol: 'tcp', port: 1, state: 'open', reason: 'syn-ack', ttl: 64, service } as const
    const xml = xmlOf(whole({ kind: 'host', report: hostOf({ ports: tableOf('', row) }) }))
    expect(XMLValidator.validate(xml)).toBe(true)
    expect(xml).toContain(
      '<cpe>\\x00\\x1b[31m\\ud800\\ufffe\u{1f600}-&#45;]]&gt;&lt;a b=&apos;&quot;&amp;amp;&#9;&#13;&#10;&#133;&#8232;&#8238;&#65279;é</cpe>',
    )
  })

  it('writes 65,535 listed ports in pieces of some kilobytes', () => {
    const lengths: number[] = []
    const reporter = createXmlReporter(ALL_LISTED, { write: (text) => lengths.push(text.length) })
    reporter.on(BEGIN)
    reporter.on({
      kind: 'host',
      report: hostOf({ ports: tableOf('', ...many(1, 65_535, 'open', 'syn-ack')) }),
    })
    expect(Math.max(...lengths)).toBeLessThan(20_000)
    expect(lengths.length).toBeGreaterThan(100)
  })
})
