import { timeZone } from '@portkit/core'
import { describe, expect, it } from 'vitest'
import { hostText, MAC, many, START_MS, tableOf } from './text-kit.ts'

const user = (name: string) => ({ name, type: 'user' }) as const
const ptr = (name: string) => ({ name, type: 'PTR' }) as const
const first = (text: string): string => text.split('\n')[0] ?? ''

describe('a host', () => {
  it.each([
    { names: [], line: '10.77.0.2' },
    { names: [user('db.lan')], line: 'db.lan (10.77.0.2)' },
    { names: [ptr('a.lan')], line: 'a.lan (10.77.0.2)' },
    { names: [ptr('a.lan'), user('db.lan')], line: 'db.lan (10.77.0.2)' },
    { names: [user('')], line: '10.77.0.2' },
  ])('is called $line', ({ names, line }) => {
    expect(first(hostText({ names }))).toBe(`Nmap scan report for ${line}`)
  })

  it('has its other addresses, and its other name', () => {
    const names = [user('db.lan'), ptr('a.lan')]
    expect(hostText({ names, otherAddresses: ['fd77::2', '10.77.0.3'] })).toBe(
      `Nmap scan report for db.lan (10.77.0.2)
Host is up (0.000040s latency).
Other addresses for db.lan (not scanned): fd77::2 10.77.0.3
rDNS record for 10.77.0.2: a.lan
`,
    )
    expect(hostText({ names: [user('a.lan'), ptr('a.lan')] })).not.toContain('rDNS')
  })

  it.each([
    { reason: 'arp-response', ttl: 0, said: 'received arp-response' },
    { reason: 'echo-reply', ttl: 64, said: 'received echo-reply ttl 64' },
    { reason: 'net-unreach', ttl: 63, from: '10.0.0.1', said: 'received net-unreach ttl 63 from 10.0.0.1' },
  ])('is up because it $said', ({ said, ...status }) => {
    const host = { status: { ...status, state: 'up' } as const }
    const line = `Host is up, ${said} (0.000040s latency).`
    for (const options of [{ reason: true }, { verbose: 2 }, { debugging: 1 }]) {
      expect(hostText(host, options)).toContain(`${line}\n`)
    }
    expect(hostText(host)).toContain('\nHost is up (0.000040s latency).\n')
  })

  it('has no latency when it never answered', () => {
    expect(hostText({ times: undefined })).toBe('Nmap scan report for 10.77.0.2\nHost is up.\n')
  })

  it('that was only pinged ends without an empty line', () => {
    expect(hostText({ hardwareAddress: MAC, vendor: 'Xensource' })).toBe(`Nmap scan report for 10.77.0.2
Host is up (0.000040s latency).
MAC Address: 16:AE:8C:CD:EC:20 (Xensource)
`)
  })

  it('that is only listed is one line', () => {
    const status = { state: 'unknown', reason: 'user-set', ttl: 0 } as const
    expect(hostText({ status, times: undefined }, { verbose: 2 })).toBe('Nmap scan report for 10.77.0.2\n')
  })

  it('that is down is told of with -v only', () => {
    const down = { status: { state: 'down', reason: 'no-response', ttl: 0 }, times: undefined } as const
    expect(hostText(down)).toBe('')
    expect(hostText(down, { verbose: 1 })).toBe('Nmap scan report for 10.77.0.2 [host down]\n')
    expect(hostText(down, { verbose: 1, reason: true })).toBe(
      'Nmap scan report for 10.77.0.2 [host down, received no-response]\n',
    )
    expect(hostText(down, { verbose: 1, openOnly: true })).toBe('')
  })

  it('with -vv has the time of its scan, in whole seconds of the clock', () => {
    const ports = tableOf('22/tcp open ssh syn-ack')
    const zone = timeZone(START_MS)
    const host = { ports, startMs: START_MS + 900, endMs: START_MS + 1100 }
    const scanned = `latency).\nScanned at 2026-11-20 14:43:11 ${zone} for 1s\n\nPORT `
    expect(hostText(host, { verbose: 2 })).toContain(scanned)
    expect(hostText(host, { debugging: 1 })).toContain(scanned)
    expect(hostText(host, { verbose: 1 })).not.toContain('Scanned')
    expect(hostText({ ...host, ports: undefined }, { verbose: 2 })).not.toContain('Scanned')
  })

  it('with -d has its round-trip times', () => {
    const ports = tableOf('22/tcp open ssh syn-ack')
    expect(hostText({ ports, hardwareAddress: MAC }, { debugging: 1 })).toContain(
      '(Unknown)\nFinal times for host: srtt: 40 rttvar: 2830  to: 100000\n\n',
    )
  })

  it('of which no port was asked has no table', () => {
    expect(hostText({ ports: tableOf('') })).toBe(
      'Nmap scan report for 10.77.0.2\nHost is up (0.000040s latency).\n\n',
    )
  })
})

describe('the machine as its services tell it', () => {
  const at = (port: number, service: object) => ({
    protocol: 'tcp' as const,
    port,
    state: 'open' as const,
    reason: 'syn-ack',
    ttl: 64,
    service: { name: 'x', method: 'probed' as const, confidence: 10, ...service },
  })

  it('has every name and system once, five at most', () => {
    const ports = tableOf(
      '',
      ...[1, 2, 3, 4, 5, 6, 7].map((n) => at(n, { hostname: `h${n}`, os: n < 4 ? 'Linux' : 'Unix' })),
    )
    expect(hostText({ ports, hasVersions: true })).toContain(
      '\nService Info: Hosts: h1, h2, h3, h4, h5; OSs: Linux, Unix\n\n',
    )
  })

  it('is not told when nothing is known, or versions were not asked for', () => {
    expect(hostText({ ports: tableOf('', at(1, {})), hasVersions: true })).not.toContain('Service Info')
    expect(hostText({ ports: tableOf('', at(1, { os: 'Linux' })) })).not.toContain('Service Info')
  })
})

describe('a host that was left early', () => {
  const ports = tableOf('22/tcp open ssh syn-ack 64', ...many(100, 199, 'filtered', 'no-response'))
  const rest = `Not shown: 100 filtered tcp ports (no-response)
PORT   STATE SERVICE
22/tcp open  ssh
MAC Address: 16:AE:8C:CD:EC:20 (Unknown)

`

  it.each([
    {
      ended: 'host-timeout',
      said: 'Skipping host 10.77.0.2 due to host timeout\nPartial result: 3899 of 4000 ports without a verdict.',
    },
    {
      ended: 'interrupted',
      said: 'Interrupted while scanning 10.77.0.2: 3899 of 4000 ports without a verdict.',
    },
    {
      ended: 'max-open',
      said: 'Left 10.77.0.2: more open ports than --max-open allows, 3899 of 4000 ports without a verdict.',
    },
  ] as const)('by $ended tells why, what is missing, and what is known', ({ ended, said }) => {
    expect(hostText({ ports, ended, unasked: 3899, hardwareAddress: MAC })).toBe(
      `Nmap scan report for 10.77.0.2\nHost is up (0.000040s latency).\n${said}\n${rest}`,
    )
  })

  it('when all its ports were known says only why', () => {
    const why = (ended: 'host-timeout' | 'interrupted' | 'max-open') =>
      hostText({ ports, ended }).split('\n')[2]
    expect(why('host-timeout')).toBe('Skipping host 10.77.0.2 due to host timeout')
    expect(why('interrupted')).toBe('Interrupted while scanning 10.77.0.2.')
    expect(why('max-open')).toBe('Left 10.77.0.2: more open ports than --max-open allows.')
  })

  it('before any verdict has no table', () => {
    expect(
      hostText({ ports: tableOf(''), ended: 'interrupted', unasked: 1 }),
    ).toBe(`Nmap scan report for 10.77.0.2
Host is up (0.000040s latency).
Interrupted while scanning 10.77.0.2: 1 of 1 port without a verdict.

`)
  })
})

describe('hostile texts', () => {
  const evil = 'a\n22/tcp open ssh\r\u001b[2J\t\u202e'
  it('keep to their line and move no cursor', () => {
    const text = hostText(
      {
        names: [
          { name: evil, type: 'user' },
          { name: `${evil}b`, type: 'PTR' },
        ],
        otherAddresses: [evil],
        status: { state: 'up', reason: evil, ttl: 1, from: evil },
        hardwareAddress: evil,
        vendor: evil,
        hasVersions: true,
        ended: 'interrupted',
        unasked: 1,
        ports: tableOf('', ...many(1, 30, 'closed', evil), {
          protocol: 'tcp',
          port: 99,
          state: 'open',
          reason: evil,
          ttl: 1,
          from: evil,
          service: {
            name: evil,
            method: 'probed',
            confidence: 10,
            product: evil,
            version: evil,
            info: evil,
            hostname: evil,
            os: evil,
            cpes: [evil],
          },
        }),
      },
      { reason: true },
    )
    expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u)
    expect(text.split('\n').map((line) => line.split(/[ ,:]/)[0])).toEqual([
      'Nmap',
      'Host',
      'Other',
      'rDNS',
      'Interrupted',
      'Not',
      'PORT',
      '99/tcp',
      'MAC',
      'Service',
      '',
      '',
    ])
  })
})
