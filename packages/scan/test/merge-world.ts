import fc from 'fast-check'
import type { HostReport } from '../src/model/host-report.ts'
import type { PortRow } from '../src/model/port-table.ts'
import type { RunInfo, ScanResult } from '../src/model/scan-result.ts'
import { plain, reportOf, tableOf } from './journal-world.ts'

const PORTS = Array.from({ length: 12 }, (_, i) => 20 + i)

const run: RunInfo = {
  scanner: 'portscan',
  version: '1.0.0',
  args: 'portscan -p 20-31 10.0.0.0/24',
  startMs: 1000,
  scans: [
    { kind: 'syn', protocol: 'tcp', ports: PORTS },
    { kind: 'udp', protocol: 'udp', ports: [20, 21] },
  ],
  verbose: 1,
  debugging: 0,
}

export function resultOf(hosts: readonly HostReport[], more: Partial<ScanResult> = {}): ScanResult {
  const up = hosts.filter(({ status }) => status.state === 'up').length
  const down = hosts.filter(({ status }) => status.state === 'down').length
  return {
    run,
    hosts,
    end: { endMs: 9000, elapsedMs: 8000.5, hosts: { up, down, total: hosts.length } },
    ...more,
  }
}

/** Rows in place of tables, to be compared. */
export function plainResult(result: ScanResult) {
  return { ...result, hosts: result.hosts.map(plain) }
}

const row: fc.Arbitrary<PortRow> = fc.oneof(
  fc.record({
    protocol: fc.constant('tcp' as const),
    port: fc.constantFrom(...PORTS),
    state: fc.constantFrom('open', 'closed', 'filtered'),
    reason: fc.constantFrom('syn-ack', 'reset', 'no-response'),
    ttl: fc.nat(255),
  }),
  fc.record({
    protocol: fc.constant('udp' as const),
    port: fc.constantFrom(20, 21),
    state: fc.constantFrom('open', 'open|filtered'),
    reason: fc.constant('udp-response'),
    ttl: fc.constant(64),
  }),
)

const rows = fc.uniqueArray(row, { selector: ({ protocol, port }) => `${protocol}${port}` })
const address = fc.oneof(
  fc.ipV4(),
  fc.nat(0xffff).map((group) => (group === 0 ? 'fd00::' : `fd00::${group.toString(16)}`)),
)

const host: fc.Arbitrary<HostReport> = fc
  .record({
    address,
    rows,
    cut: fc.boolean(),
    isDown: fc.boolean(),
    hasPorts: fc.boolean(),
    endMs: fc.nat(8000),
  })
  .map(({ address, rows, cut, isDown, hasPorts, endMs }) => {
    if (isDown) {
      return reportOf(address, [], {
        status: { state: 'down', reason: 'no-response', ttl: 0 },
        ports: undefined,
        endMs,
      })
    }
    const missing = PORTS.length + 2 - rows.length
    return reportOf(address, rows, {
      names: [
        { name: 'typed.example', type: 'user' },
        { name: 'found.example', type: 'PTR' },
      ],
      otherAddresses: ['192.0.2.1'],
      times: { srttUs: 50, rttvarUs: 5, timeoutUs: 100_000 },
      hardwareAddress: '02:00:00:00:00:01',
      endMs,
      ...(!hasPorts && { ports: undefined }),
      ...(hasPorts && cut && missing > 0 && { ended: 'interrupted' as const, unasked: missing }),
    })
  })

/** Hosts in the order of a merged result; some more that are down are only counted. */
export const results: fc.Arbitrary<ScanResult> = fc
  .record({
    hosts: fc.uniqueArray(host, { selector: (report) => report.address, maxLength: 8 }),
    unlisted: fc.nat(300),
    sent: fc.option(fc.nat(9000), { nil: undefined }),
  })
  .map(({ hosts, unlisted, sent }) => {
    const result = resultOf(hosts.toSorted((a, b) => compareAddresses(a.address, b.address)))
    return { ...result, end: result.end && withCounts(result.end, unlisted, sent) }
  })

function withCounts(end: NonNullable<ScanResult['end']>, unlisted: number, sent: number | undefined) {
  const { up, down, total } = end.hosts
  return {
    ...end,
    hosts: { up, down: down + unlisted, total: total + unlisted },
    ...(sent !== undefined && {
      packets: { sent, sentOctets: sent * 44, received: sent, receivedOctets: sent * 40 },
    }),
  }
}

function compareAddresses(a: string, b: string): number {
  const key = (text: string) =>
    text.includes(':')
      ? `6${(text.split('::')[1] ?? '').padStart(4, '0')}`
      : `4${text.split('.').map((octet) => octet.padStart(3, '0'))}`
  return key(a) < key(b) ? -1 : 1
}

/** Divides a result: each row goes to the part that the next number says, each host without rows to one part. */
export function split(result: ScanResult, count: number, choices: readonly number[]): readonly ScanResult[] {
  let next = 0
  const choose = (): number => (choices[next++ % choices.length] ?? 0) % count
  const parts = Array.from({ length: count }, (): HostReport[] => [])
  for (const report of result.hosts) {
    const divided = new Map<number, PortRow[]>()
    for (const one of report.ports?.rows() ?? []) {
      const part = choose()
      divided.set(part, [...(divided.get(part) ?? []), one])
    }
    if (divided.size === 0) parts[choose()]?.push(report)
    for (const [part, some] of divided) {
      const unasked = report.ended === undefined ? 0 : PORTS.length + 2 - some.length
      parts[part]?.push({ ...report, ports: tableOf(some), unasked })
    }
  }
  return parts.map((hosts, i) => {
    const part = resultOf(hosts)
    if (part.end === undefined || result.end === undefined) return part
    const listed = resultOf(result.hosts).end?.hosts.total ?? 0
    const unlisted = i === 0 ? result.end.hosts.total - listed : 0
    const zero = { sent: 0, sentOctets: 0, received: 0, receivedOctets: 0 }
    const packets = result.end.packets && (i === 0 ? result.end.packets : zero)
    return { ...part, end: { ...withCounts(part.end, unlisted, undefined), ...(packets && { packets }) } }
  })
}
