import { expect, it } from 'vitest'
import { head, jsonText } from '../src/cli/json.ts'
import type {
  HostRecord,
  PortFindings,
  PortRecord,
  ScanDiffRecord,
  ScanEndRecord,
  ScanRecord,
  ScanStartRecord,
} from '../src/cli/json-scan-record.ts'
import { FITS, schemaErrors } from './result-schema.ts'

const HTTP: PortFindings = {
  port: 80,
  transport: 'tcp',
  state: 'open',
  word: 'open',
  reason: 'syn-ack',
  ttl: 64,
  from: null,
  service: 'http',
  identity: {
    method: 'probed',
    confidence: 10,
    product: 'nginx',
    version: null,
    info: null,
    hostname: null,
    os: null,
    tunnel: 'ssl',
    cpes: [],
  },
}
const SILENT = {
  transport: 'udp',
  state: 'open|filtered',
  word: 'open or stealth',
  reason: 'no-response',
} as const
const START: ScanStartRecord = {
  ...head('scan-start', 'portscan', 0),
  version: '1.0.0',
  args: 'portscan db',
  scans: [{ kind: 'syn', transport: 'tcp', ports: '1-7,80' }],
  verbose: 0,
  debugging: 0,
}
const PORT: PortRecord = {
  ...head('port', 'portscan', 0),
  host: 'db',
  address: '10.0.0.2',
  family: 4,
  ...HTTP,
}
const HOST: HostRecord = {
  ...head('host', 'portscan', 0),
  host: 'db',
  address: '10.0.0.2',
  family: 4,
  names: [{ name: 'db', type: 'user' }],
  otherAddresses: ['10.0.0.3'],
  state: 'up',
  reason: 'arp-response',
  ttl: null,
  from: null,
  hardwareAddress: '02:00:00:00:00:01',
  vendor: null,
  started: '1970-01-01T00:00:00.000Z',
  elapsedMs: 0,
  rttMs: { srtt: 0.04, rttvar: 2.8, timeout: 100 },
  ended: 'host-timeout',
  unasked: 3,
  hasVersions: true,
  ports: { groups: [{ ...SILENT, ttl: null, from: null, count: 7, ports: '1-7' }], rows: [HTTP] },
}
const END: ScanEndRecord = {
  ...head('scan-end', 'portscan', 0),
  elapsedMs: 1.5,
  hosts: { up: 1, down: 0, total: 1 },
  cut: 'SIGINT',
  packets: { sent: 1, sentOctets: 40, received: 0, receivedOctets: 0 },
}
const SCAN: ScanRecord = { ...head('scan', 'portscan', 0), start: START, hosts: [HOST], end: END }

const RUN = { scanner: 'nmap', version: '7.93', args: 'nmap db', started: '1970-01-01T00:00:00.000Z' }
const DIFF: ScanDiffRecord = {
  ...head('scan-diff', 'portscan diff', 0),
  same: false,
  before: RUN,
  after: RUN,
  hosts: [
    {
      address: '10.0.0.2',
      same: false,
      before: null,
      after: {
        state: 'up',
        names: ['db'],
        hardwareAddress: null,
        notShown: [{ state: 'closed', count: 90 }],
      },
      ports: [
        {
          port: 80,
          transport: 'tcp',
          before: null,
          after: {
            state: 'open',
            service: { name: 'http', product: 'nginx', version: null, info: null, tunnel: 'ssl' },
          },
        },
        { port: 81, transport: 'tcp', before: { state: 'closed', service: null }, after: null },
      ],
    },
  ],
}

it.each([
  START,
  PORT,
  HOST,
  { ...HOST, ports: null, rttMs: null, ended: null },
  END,
  { ...END, packets: null, cut: null },
  SCAN,
  DIFF,
])('knows the record $type', (record) => {
  expect(schemaErrors(JSON.parse(jsonText(record)))).toBe(FITS)
})

it.each([
  ['a scan without an end', { ...SCAN, end: undefined }],
  ['a difference of no host', { ...DIFF, hosts: [{ same: false }] }],
  ['a scan with a host that is none', { ...SCAN, hosts: [PORT] }],
  ['ports that are no ranges', { ...START, scans: [{ kind: 'syn', transport: 'tcp', ports: '1-,2' }] }],
  ['a port beyond the last', { ...PORT, port: 65_536 }],
  ['an unknown state', { ...PORT, state: 'ajar' }],
  [
    'a group without ports',
    { ...HOST, ports: { rows: [], groups: [{ ...SILENT, ttl: 1, from: null, count: 1 }] } },
  ],
  ['an unknown end of a host', { ...HOST, ended: 'tired' }],
])('refuses %s', (_, record) => {
  expect(schemaErrors(JSON.parse(JSON.stringify(record)))).not.toBe(FITS)
})
