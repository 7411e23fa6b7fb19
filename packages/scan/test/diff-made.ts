import fc from 'fast-check'
import type { HostReport } from '../src/model/host-report.ts'
import type { PortRow, PortService } from '../src/model/port-table.ts'
import type { ScanResult } from '../src/model/scan-result.ts'
import { hostOf, many, RUN, START_MS, tableOf } from './text-kit.ts'

/** So that hosts that are down are in the files, too. */
export const VERBOSE = { verbose: 1, debugging: 0, openOnly: false } as const

const NAMES = ['mail.lan', 'ns1.lan', 'www.lan'] as const

const service: fc.Arbitrary<PortService | undefined> = fc.constantFrom<(PortService | undefined)[]>(
  undefined,
  { name: 'ssh', method: 'table', confidence: 3 },
  {
    name: 'ssh',
    method: 'probed',
    confidence: 10,
    product: 'OpenSSH',
    version: '9.2p1',
    info: 'protocol 2.0',
  },
  { name: 'ssh', method: 'probed', confidence: 10, product: 'OpenSSH', version: '9.3' },
  { name: 'http', method: 'probed', confidence: 10, tunnel: 'ssl' },
  { name: 'http', method: 'probed', confidence: 10, info: 'a "b" <c> & d', os: 'Linux' },
)

/** Ports that reports list one by one: open ones always, closed ones while they are few. */
const single: fc.Arbitrary<PortRow> = fc.record({
  protocol: fc.constantFrom('tcp', 'udp'),
  port: fc.constantFrom(7, 22, 80, 443, 8080),
  state: fc.constantFrom('open', 'closed', 'open|filtered'),
  reason: fc.constantFrom('syn-ack', 'reset', 'no-response'),
  ttl: fc.nat(255),
  service,
})

/** More ports than are listed; no two blocks have the same number. */
const blocks = fc
  .record({
    first: fc.option(fc.constantFrom('closed', 'filtered'), { nil: undefined }),
    second: fc.option(fc.constantFrom('closed', 'filtered', 'unfiltered'), { nil: undefined }),
  })
  .map(({ first, second }): readonly PortRow[] => [
    ...(first === undefined ? [] : many(1000, 1059, first, 'reset')),
    ...(second === undefined ? [] : many(2000, 2079, second, 'no-response')),
  ])

function host(address: string, name: string | undefined): fc.Arbitrary<HostReport> {
  return fc
    .record({
      rows: fc.array(single, { maxLength: 6 }),
      blocks,
      state: fc.constantFrom('up', 'up', 'up', 'down'),
      hasPorts: fc.boolean(),
      more: fc.subarray([...NAMES]),
      hardwareAddress: fc.constantFrom(undefined, '02:00:00:00:00:0a', '02:00:00:00:00:0b'),
    })
    .map(({ rows, blocks, state, hasPorts, more, hardwareAddress }) => {
      const names = name === undefined ? [] : [name, ...more]
      return hostOf({
        address,
        family: address.includes(':') ? 6 : 4,
        names: names.map((name, i) => ({ name, type: i === 0 ? 'user' : 'PTR' })),
        status: { state, reason: 'echo-reply', ttl: 64 },
        hardwareAddress,
        ...(hasPorts && state === 'up' && { ports: tableOf('', ...blocks, ...rows) }),
      })
    })
}

const hosts: fc.Arbitrary<readonly HostReport[]> = fc
  .tuple(
    host('10.0.0.2', undefined),
    host('10.0.0.10', 'a.lan'),
    host('9.0.0.1', 'b.lan'),
    host('fd00::2', undefined),
  )
  .chain((all) => fc.subarray(all))

function resultOf(hosts: readonly HostReport[], args: string): ScanResult {
  const run = { ...RUN, args, verbose: VERBOSE.verbose }
  const end = { endMs: START_MS + 1000, elapsedMs: 1000, hosts: { up: 1, down: 0, total: hosts.length } }
  return { run, hosts, end }
}

/**
 * Two results that often have the same hosts. In no host does a single port go from one state to another while both
 * reports only count it: that is what ndiff cannot see.
 */
export const pairs: fc.Arbitrary<readonly [ScanResult, ScanResult]> = fc
  .tuple(hosts, hosts, fc.constantFrom('portscan 10.0.0.2', 'portscan -v 10.0.0.2'))
  .map(([before, after, args]) => [resultOf(before, 'portscan 10.0.0.2'), resultOf(after, args)])
