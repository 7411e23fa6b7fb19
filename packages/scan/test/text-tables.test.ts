import { colours, displayWidth } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createPortTable, type PortRow } from '../src/model/port-table.ts'
import { createTextReporter } from '../src/report/text-reporter.ts'
import { hostOf, hostText, MAC, many, OPTIONS, paper, tableOf } from './text-kit.ts'

const SEEN = `
  8/tcp     filtered -                port-unreach 64
  9/tcp     filtered discard          host-unreach 64
  22/tcp    open     ssh              syn-ack 64
  80/tcp    open     http             syn-ack 64
  111/tcp   closed   rpcbind          reset 64
  137/tcp   filtered netbios-ns       no-response
  10000/tcp filtered snet-sensor-mgmt no-response
  20000/tcp filtered dnp              admin-prohibited 64
  30000/tcp closed   ndmps            reset 64
  65535/tcp open     -                syn-ack 64`

describe('the table of ports', () => {
  it('is as nmap 7.93 prints it', () => {
    expect(hostText({ ports: tableOf(SEEN), hardwareAddress: MAC })).toBe(`Nmap scan report for 10.77.0.2
Host is up (0.000040s latency).

PORT      STATE    SERVICE
8/tcp     filtered unknown
9/tcp     filtered discard
22/tcp    open     ssh
80/tcp    open     http
111/tcp   closed   rpcbind
137/tcp   filtered netbios-ns
10000/tcp filtered snet-sensor-mgmt
20000/tcp filtered dnp
30000/tcp closed   ndmps
65535/tcp open     unknown
MAC Address: 16:AE:8C:CD:EC:20 (Unknown)

`)
  })

  it('has reasons with --reason, -vv and -d', () => {
    const reasons = `
PORT      STATE    SERVICE          REASON
8/tcp     filtered unknown          port-unreach ttl 64
9/tcp     filtered discard          host-unreach ttl 64
22/tcp    open     ssh              syn-ack ttl 64
80/tcp    open     http             syn-ack ttl 64
111/tcp   closed   rpcbind          reset ttl 64
137/tcp   filtered netbios-ns       no-response
10000/tcp filtered snet-sensor-mgmt no-response
20000/tcp filtered dnp              admin-prohibited ttl 64
30000/tcp closed   ndmps            reset ttl 64
65535/tcp open     unknown          syn-ack ttl 64
`
    for (const options of [{ reason: true }, { verbose: 2 }, { debugging: 1 }]) {
      expect(hostText({ ports: tableOf(SEEN) }, options)).toContain(`\n${reasons}\n`.slice(1, -1))
    }
    expect(hostText({ ports: tableOf(SEEN) }, { verbose: 1 })).not.toContain('REASON')
  })

  it('says who answered in place of the host', () => {
    const row: PortRow = {
      protocol: 'tcp',
      port: 22,
      state: 'filtered',
      reason: 'admin-prohibited',
      ttl: 63,
      from: '10.0.0.1',
    }
    expect(hostText({ ports: tableOf('', row) }, { reason: true })).toContain(
      '22/tcp filtered unknown admin-prohibited ttl 63 from 10.0.0.1\n',
    )
  })

  it('lists TCP before UDP', () => {
    const ports = tableOf(`
      137/udp open|filtered netbios-ns no-response
      53/udp  open          domain     udp-response 64
      22/tcp  open          ssh        syn-ack 64
      161/udp closed        snmp       port-unreach 64
      111/tcp closed        rpcbind    reset 64`)
    expect(hostText({ ports })).toContain(`
PORT    STATE         SERVICE
22/tcp  open          ssh
111/tcp closed        rpcbind
53/udp  open          domain
137/udp open|filtered netbios-ns
161/udp closed        snmp
`)
  })

  it('has versions, and what they tell of the machine, as nmap -sV prints them', () => {
    const ports = tableOf(
      '111/tcp closed rpcbind reset 64',
      {
        protocol: 'tcp',
        port: 22,
        state: 'open',
        reason: 'syn-ack',
        ttl: 64,
        service: {
          name: 'ssh',
          method: 'probed',
          confidence: 10,
          product: 'OpenSSH',
          version: '9.2p1 Debian 2',
          info: 'protocol 2.0',
          os: 'Linux',
          cpes: ['cpe:/a:openbsd:openssh:9.2p1', 'cpe:/o:linux:linux_kernel'],
        },
      },
      {
        protocol: 'tcp',
        port: 80,
        state: 'open',
        reason: 'syn-ack',
        ttl: 64,
        service: { name: 'tcpwrapped', method: 'probed', confidence: 8 },
      },
    )
    expect(hostText({ ports, hasVersions: true, hardwareAddress: MAC })).toContain(`
PORT    STATE  SERVICE    VERSION
22/tcp  open   ssh        OpenSSH 9.2p1 Debian 2 (protocol 2.0)
80/tcp  open   tcpwrapped
111/tcp closed rpcbind
MAC Address: 16:AE:8C:CD:EC:20 (Unknown)
Service Info: OS: Linux; CPE: cpe:/o:linux:linux_kernel

`)
  })

  it('doubts a service that was asked and did not say what it is, and names the tunnel', () => {
    const web = { name: 'http', method: 'probed', confidence: 10, tunnel: 'ssl' } as const
    const ports = tableOf('81/tcp open hosts2-ns syn-ack 64\n82/tcp closed xfer reset 64', {
      protocol: 'tcp',
      port: 443,
      state: 'open',
      reason: 'syn-ack',
      ttl: 64,
      service: web,
    })
    expect(hostText({ ports, hasVersions: true }, { reason: true })).toContain(`
PORT    STATE  SERVICE    REASON         VERSION
81/tcp  open   hosts2-ns? syn-ack ttl 64
82/tcp  closed xfer       reset ttl 64
443/tcp open   ssl/http   syn-ack ttl 64
`)
  })

  it('paints the states on a terminal as the other tools do, and keeps its columns', () => {
    const painted = colours({ isTty: true }, {}, 'always')
    const ports = tableOf('22/tcp open ssh a\n23/tcp closed telnet b\n24/tcp filtered - c')
    const text = hostText({ ports }, { colours: painted })
    expect(text).toContain('22/tcp \u001b[32mopen\u001b[39m     ssh\n')
    expect(text).toContain('23/tcp \u001b[31mclosed\u001b[39m   telnet\n')
    expect(text).toContain('24/tcp \u001b[35mfiltered\u001b[39m unknown\n')
    expect(hostText({ ports }, { colours: painted, isFile: true })).toBe(hostText({ ports }))
  })

  it('is written in pieces when it is long', () => {
    const table = createPortTable()
    for (const row of many(1, 65_535, 'open', 'syn-ack')) table.put(row)
    const sink = paper()
    createTextReporter(OPTIONS, sink).on({ kind: 'host', report: hostOf({ ports: table }) })
    expect(sink.text().match(/^\d+\/tcp +open +unknown$/gm)).toHaveLength(65_535)
    expect(Math.max(...sink.pieces.map((piece) => piece.length))).toBeLessThan(40_000)
  })
})

describe('any table', () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 })
  const service = fc.record({
    name: text,
    method: fc.constantFrom('table', 'probed'),
    confidence: fc.nat(10),
    product: text,
    version: text,
    info: text,
    hostname: text,
    os: text,
    cpes: fc.array(text, { maxLength: 7 }),
  })
  const row = fc.record({
    protocol: fc.constantFrom('tcp', 'udp'),
    port: fc.nat(65_535),
    state: fc.constantFrom('open', 'closed', 'filtered', 'open|filtered', 'unfiltered'),
    reason: text,
    ttl: fc.nat(255),
    from: fc.option(text, { nil: undefined }),
    service: fc.option(service, { nil: undefined }),
  }) as fc.Arbitrary<PortRow>

  it('has no line with a blank at its end and no control character, and states begin in one column', () =>
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 20 }), fc.boolean(), (rows, reason) => {
        const shown = hostText({ ports: tableOf('', ...rows), hasVersions: true }, { reason })
        const lines = shown.split('\n')
        expect(shown).toMatch(/^[^\p{Cc}]*(?:\n[^\p{Cc}]*)*$/u)
        const [head = ''] = lines.filter((line) => /^PORT +STATE/.test(line))
        const listed = lines.filter((line) => /^\d+\/(?:tcp|udp) /.test(line))
        const at = head.indexOf('STATE')
        for (const line of [head, ...listed]) expect(line).toBe(line.trimEnd())
        for (const line of listed) {
          expect(line.slice(at - 1)).toMatch(/^ (?:open|closed|filtered|unfiltered|open\|filtered) /)
          expect(displayWidth(line)).toBeGreaterThan(at)
        }
        const names = new Set(rows.map(({ port, protocol }) => `${port}/${protocol}`))
        expect(listed).toHaveLength(names.size)
      }),
    ))
})
