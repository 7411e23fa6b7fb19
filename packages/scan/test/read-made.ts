import fc from 'fast-check'
import type { HostReport } from '../src/model/host-report.ts'
import { createPortTable, type PortRow, type PortService, PROTOCOLS } from '../src/model/port-table.ts'
import type { RunEnd, RunInfo, ScanResult } from '../src/model/scan-result.ts'
import { STATES } from './read-kit.ts'

/** Anything that a peer or a user may write, halves of surrogate pairs and control characters included. */
const anyText = fc.string({ unit: 'binary', maxLength: 12 })
const nastyText = fc.oneof(
  anyText,
  fc.constantFrom(
    '--',
    '-->',
    '<a b="c">&amp;',
    ']]>',
    '\'"',
    '\u{0}\u{1b}[31m',
    '\u{d800}x',
    '\u{1f600}',
    '\t\r\n ',
  ),
)
const millis = fc.integer({ min: 0, max: 4_102_444_799_999 })

const maybe = <K extends string, T>(key: K, of: fc.Arbitrary<T>): fc.Arbitrary<Partial<Record<K, T>>> =>
  fc
    .option(of, { nil: undefined })
    .map((value) => (value === undefined ? {} : { [key]: value }) as Partial<Record<K, T>>)

const merged = (...parts: fc.Arbitrary<object>[]): fc.Arbitrary<object> =>
  fc.tuple(...parts).map((objects) => Object.assign({}, ...objects))

const service = merged(
  fc.record({
    name: nastyText,
    method: fc.constantFrom('table', 'probed'),
    confidence: fc.integer({ min: 0, max: 10 }),
  }),
  maybe('product', nastyText),
  maybe('version', nastyText),
  maybe('info', nastyText),
  maybe('hostname', nastyText),
  maybe('os', nastyText),
  maybe('tunnel', fc.constant('ssl')),
  maybe('cpes', fc.array(nastyText, { minLength: 1, maxLength: 3 })),
) as fc.Arbitrary<PortService>

const port = merged(
  fc.record({
    protocol: fc.constantFrom(...PROTOCOLS),
    port: fc.oneof(fc.integer({ min: 0, max: 300 }), fc.integer({ min: 0, max: 65_535 })),
    state: fc.constantFrom(...STATES),
    reason: fc.constantFrom('syn-ack', 'reset', 'no-response', 'port-unreach', 'x&y'),
    ttl: fc.integer({ min: 0, max: 255 }),
  }),
  maybe('from', fc.constantFrom('10.0.0.1', 'fe80::1%eth0')),
  maybe('service', service),
) as fc.Arbitrary<PortRow>

/** Ports one behind the other, all alike: what reports collapse. */
const block = fc
  .record({ row: port, length: fc.integer({ min: 1, max: 60 }) })
  .map(({ row: { service: _, ...row }, length }) =>
    Array.from({ length }, (_, i) => ({ ...row, port: Math.min(65_535, row.port + i) })),
  )

const rows = fc
  .tuple(fc.array(port, { maxLength: 20 }), fc.array(block, { maxLength: 3 }))
  .map(([single, blocks]) => [...blocks.flat(), ...single])

const ports = rows.map((all) => {
  const table = createPortTable()
  for (const row of all) table.put(row)
  return table
})

const started = fc.record({ startMs: millis, lasted: fc.integer({ min: 0, max: 1e7 }) })

const host = fc
  .tuple(
    fc.constantFrom(
      { address: '10.0.0.2', family: 4 },
      { address: 'fd77::2', family: 6 },
      { address: 'fe80::1%eth0', family: 6 },
    ),
    started,
    merged(
      fc.record({
        names: fc.array(fc.record({ name: nastyText, type: fc.constantFrom('user', 'PTR') }), {
          maxLength: 3,
        }),
        otherAddresses: fc.array(fc.ipV4(), { maxLength: 2 }),
        status: merged(
          fc.record({
            state: fc.constantFrom('up', 'down', 'unknown'),
            reason: fc.constantFrom('arp-response', 'no-response', 'user-set'),
            ttl: fc.integer({ min: 0, max: 255 }),
          }),
          maybe('from', fc.constant('10.0.0.1')),
        ),
        unasked: fc.nat(70_000),
        hasVersions: fc.boolean(),
      }),
      maybe('hardwareAddress', fc.constant('02:00:00:00:00:0a')),
      maybe('vendor', nastyText),
      maybe('times', fc.record({ srttUs: fc.nat(1e7), rttvarUs: fc.nat(1e7), timeoutUs: fc.nat(1e7) })),
      maybe('ports', ports),
      maybe('ended', fc.constantFrom('host-timeout', 'interrupted', 'max-open')),
    ),
  )
  .map(
    ([address, { startMs, lasted }, more]) =>
      ({ ...address, startMs, endMs: startMs + lasted, ...more }) as HostReport,
  )

const someUniquePorts = fc
  .uniqueArray(fc.integer({ min: 0, max: 65_535 }), { maxLength: 20 })
  .map((all) => all.sort((a, b) => a - b))

const run: fc.Arbitrary<RunInfo> = fc.record({
  scanner: fc.constantFrom('portscan', 'nmap'),
  version: fc.constantFrom('1.2.3', '7.93', '0.0.0-dev'),
  args: nastyText,
  startMs: millis,
  scans: fc.array(
    fc.record({
      kind: fc.constantFrom('syn', 'udp'),
      protocol: fc.constantFrom(...PROTOCOLS),
      ports: someUniquePorts,
    }),
    { maxLength: 2 },
  ),
  verbose: fc.nat(5),
  debugging: fc.nat(5),
})

const count = fc.nat(1e9)

const end = merged(
  fc.record({
    endMs: millis,
    elapsedMs: fc.nat(1e8),
    hosts: fc.record({ up: count, down: count, total: count }),
  }),
  maybe('cut', nastyText),
  maybe('packets', fc.record({ sent: count, sentOctets: count, received: count, receivedOctets: count })),
) as fc.Arbitrary<RunEnd>

/** Any result of a scan. */
export const results: fc.Arbitrary<ScanResult> = fc.record({
  run,
  hosts: fc.array(host, { maxLength: 3 }),
  end: fc.option(end, { nil: undefined }),
})
