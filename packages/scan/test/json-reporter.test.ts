import type { Transport } from '@portkit/core'
import { describe, expect, it } from 'vitest'
import { FITS, schemaErrors } from '../../core/test/result-schema.ts'
import type { HostReport } from '../src/model/host-report.ts'
import { createJsonReporter } from '../src/report/json-reporter.ts'
import type { CollapseRule } from '../src/report/not-shown.ts'
import { readResult } from '../src/results/read-result.ts'
import { ALL_LISTED, PLAIN, plain, recorded, written } from './read-kit.ts'
import { hostOf, many, START_MS, tableOf } from './text-kit.ts'

const TIME = new Date(START_MS).toISOString()
const RUN = {
  scanner: 'portscan',
  version: '1.2.3',
  args: 'portscan db.lan',
  startMs: START_MS,
  scans: [{ kind: 'syn', protocol: 'tcp' as Transport, ports: [1, 2, 3, 22] }],
  verbose: 0,
  debugging: 0,
}
const END = { endMs: START_MS + 1310, elapsedMs: 1310, hosts: { up: 1, down: 0, total: 1 } }

function textOf(hosts: readonly HostReport[], options: CollapseRule = PLAIN, cut?: string): string {
  return written((sink) => createJsonReporter(options, sink), { run: RUN, hosts, end: { ...END, cut } })
}

function documentOf(...args: Parameters<typeof textOf>): {
  hosts: { ports: { groups: unknown; rows: unknown } }[]
} {
  const document = JSON.parse(textOf(...args))
  expect(schemaErrors(document)).toBe(FITS)
  return document
}

describe('--json', () => {
  it('is one document of the schema', () => {
    const service = {
      name: 'ssh',
      method: 'probed',
      confidence: 10,
      product: 'OpenSSH',
      info: 'protocol 2.0',
      cpes: ['cpe:/a:openbsd:openssh'],
    } as const
    const ports = tableOf(
      '80/tcp closed http reset 64',
      { protocol: 'tcp', port: 22, state: 'open', reason: 'syn-ack', ttl: 64, service },
      { protocol: 'tcp', port: 23, state: 'filtered', reason: 'admin-prohibited', ttl: 63, from: '10.0.0.1' },
    )
    const host = hostOf({
      ports,
      names: [
        { name: 'db.lan', type: 'user' },
        { name: 'db', type: 'PTR' },
      ],
      hardwareAddress: '02:00:00:00:00:01',
    })
    const unknown = { product: null, version: null, info: null, hostname: null, os: null, tunnel: null }
    const common = { schema: 'portkit/1', tool: 'portscan' }
    expect(documentOf([host])).toEqual({
      ...common,
      type: 'scan',
      time: TIME,
      start: {
        ...common,
        type: 'scan-start',
        time: TIME,
        version: '1.2.3',
        args: 'portscan db.lan',
        scans: [{ kind: 'syn', transport: 'tcp', ports: '1-3,22' }],
        verbose: 0,
        debugging: 0,
      },
      hosts: [
        {
          ...common,
          type: 'host',
          time: new Date(START_MS + 1000).toISOString(),
          host: 'db.lan',
          address: '10.77.0.2',
          family: 4,
          names: host.names,
          otherAddresses: [],
          state: 'up',
          reason: 'arp-response',
          ttl: null,
          from: null,
          hardwareAddress: '02:00:00:00:00:01',
          vendor: null,
          started: TIME,
          elapsedMs: 1000,
          rttMs: { srtt: 0.04, rttvar: 2.83, timeout: 100 },
          ended: null,
          unasked: 0,
          hasVersions: false,
          ports: {
            groups: [],
            rows: [
              {
                port: 22,
                transport: 'tcp',
                state: 'open',
                word: 'open',
                reason: 'syn-ack',
                ttl: 64,
                from: null,
                service: 'ssh',
                identity: {
                  ...unknown,
                  method: 'probed',
                  confidence: 10,
                  product: 'OpenSSH',
                  info: 'protocol 2.0',
                  cpes: ['cpe:/a:openbsd:openssh'],
                },
              },
              {
                port: 23,
                transport: 'tcp',
                state: 'filtered',
                word: 'unreachable',
                reason: 'admin-prohibited',
                ttl: 63,
                from: '10.0.0.1',
              },
              {
                port: 80,
                transport: 'tcp',
                state: 'closed',
                word: 'closed',
                reason: 'reset',
                ttl: 64,
                from: null,
                service: 'http',
              },
            ],
          },
        },
      ],
      end: {
        ...common,
        type: 'scan-end',
        time: new Date(START_MS + 1310).toISOString(),
        elapsedMs: 1310,
        hosts: END.hosts,
        cut: null,
        packets: null,
      },
    })
  })

  it('has ports that the text report only counts as ranges, and all others as rows', () => {
    const silent = [...many(1, 7, 'filtered', 'no-response'), ...many(10, 40, 'filtered', 'no-response')]
    const ports = tableOf(
      '22/tcp open ssh syn-ack 64\n80/tcp closed - reset 64\n81/tcp filtered - host-unreach 63',
      ...silent,
    )
    const [host] = documentOf([hostOf({ ports })]).hosts
    expect(host?.ports.groups).toMatchObject([
      { state: 'filtered', word: 'stealth', reason: 'no-response', ttl: null, count: 38, ports: '1-7,10-40' },
      { state: 'filtered', word: 'unreachable', reason: 'host-unreach', ttl: 63, count: 1, ports: '81' },
    ])
    expect(host?.ports.rows).toMatchObject([{ port: 80 }])
    expect(documentOf([hostOf({ ports })], ALL_LISTED).hosts[0]?.ports).toMatchObject({
      groups: [],
      rows: { length: 40 },
    })
  })

  it('ends well when the run was cut, before any host too', () => {
    expect(documentOf([], PLAIN, 'SIGINT')).toMatchObject({ hosts: [], end: { cut: 'SIGINT' } })
  })

  it('has no host that took less than no time, when the clock was set back', () => {
    const host = hostOf({ startMs: START_MS, endMs: START_MS - 3_600_000 })
    expect(documentOf([host]).hosts).toMatchObject([{ elapsedMs: 0 }])
  })

  it('says null where no ports were asked', () => {
    expect(documentOf([hostOf()]).hosts[0]?.ports).toBeNull()
  })

  it('holds no character that a terminal would act upon', () => {
    const names = [{ name: '\u{1b}[31m\u{9b}\u{202e}\u{2028}', type: 'PTR' }] as const
    const text = textOf([hostOf({ names })])
    for (const character of '\u{1b}\u{9b}\u{202e}\u{2028}') expect(text).not.toContain(character)
    expect(JSON.parse(text).hosts[0].names).toEqual(names)
  })

  it('is read after somebody has formatted it', async () => {
    const result = await readResult(recorded('nmap-full-sS.xml'), 'full.xml')
    const text = written((sink) => createJsonReporter(PLAIN, sink), result)
    const pretty = JSON.stringify(JSON.parse(text), undefined, 2)
    const read = await readResult(pretty, 'pretty.json')
    expect(read.hosts.map(plain)).toEqual(result.hosts.map(plain))
    expect(read.end).toEqual(result.end)
  })
})
