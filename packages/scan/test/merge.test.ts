import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HostReport } from '../src/model/host-report.ts'
import { mergeResults } from '../src/results/merge.ts'
import { closed, open, plain, reportOf, rowsOf } from './journal-world.ts'
import { plainResult, resultOf, results, split } from './merge-world.ts'

const choices = fc.array(fc.nat(1000), { minLength: 1, maxLength: 40 })

function mergeHostReports(...reports: readonly HostReport[]) {
  const { result, warnings } = mergeResults(reports.map((report) => resultOf([report])))
  const [host] = result.hosts
  if (host === undefined || result.hosts.length > 1) throw new Error('not one host')
  return { host, warnings, counts: result.end?.hosts }
}

describe('merging', () => {
  it('the parts of any split of a result gives the result back', () => {
    const law = fc.property(results, fc.integer({ min: 1, max: 5 }), choices, (result, count, chosen) => {
      const merged = mergeResults(split(result, count, chosen))
      expect(plainResult(merged.result)).toEqual(plainResult(result))
    })
    fc.assert(law, { numRuns: 300 })
  })

  it('does not depend on the order of the parts', () => {
    const parts = fc.array(results, { minLength: 1, maxLength: 4 })
    const law = fc.property(parts, (some) => {
      const merged = mergeResults(some)
      const again = mergeResults([...some].reverse())
      expect(plainResult(again.result)).toEqual(plainResult(merged.result))
      expect(again.warnings).toEqual(merged.warnings)
      expect(plainResult(mergeResults([...some.slice(1), ...some.slice(0, 1)]).result)).toEqual(
        plainResult(merged.result),
      )
    })
    fc.assert(law, { numRuns: 300 })
  })

  it('does nothing to what is merged already, or given twice', () => {
    const law = fc.property(fc.array(results, { minLength: 1, maxLength: 3 }), (parts) => {
      const { result } = mergeResults(parts)
      expect(plainResult(mergeResults([result]).result)).toEqual(plainResult(result))
      expect(plainResult(mergeResults([result, result]).result)).toEqual(plainResult(result))
      expect(plainResult(mergeResults([...parts, ...parts]).result)).toEqual(plainResult(result))
    })
    fc.assert(law)
  })

  it('says when a part was given twice', () => {
    const part = resultOf([reportOf('10.0.0.1', [open(22)])])
    expect(mergeResults([part, part]).warnings).toEqual(['a part that was given more than once counts once'])
    expect(mergeResults([part]).warnings).toEqual([])
  })

  it('counts parts that look the same and differ in one port as two', () => {
    const parts = [
      [open(22), closed(80)],
      [closed(22), closed(80)],
    ].map((rows) => resultOf([reportOf('10.0.0.1', rows)]))
    const { result, warnings } = mergeResults(parts)
    expect(warnings).toEqual([expect.stringContaining('10.0.0.1: the parts disagree about 22/tcp')])
    expect(plainResult(mergeResults(parts.toReversed()).result)).toEqual(plainResult(result))
  })

  it('nothing is refused', () => {
    expect(() => mergeResults([])).toThrow(new RangeError('there is nothing to merge'))
  })

  it('orders hosts by the numbers of their addresses, IPv4 first', () => {
    const addresses = [
      '10.0.0.2',
      '10.0.0.10',
      '192.0.2.1',
      '2001:db8::9',
      '2001:db8::10',
      'fe80::1%eth0',
      'fe80::1%eth1',
      'fe80::2%eth0',
      '(none)',
    ]
    const parts = addresses.toReversed().map((address) => resultOf([reportOf(address, [])]))
    expect(mergeResults(parts).result.hosts.map(({ address }) => address)).toEqual(addresses)
  })
})

describe('a host in several parts', () => {
  it('has the ports of all of them', () => {
    const udp = open(53, { protocol: 'udp', reason: 'udp-response' })
    const { host, warnings, counts } = mergeHostReports(
      reportOf('10.0.0.1', [open(22)], { startMs: 10, endMs: 20 }),
      reportOf('10.0.0.1', [closed(23), udp], { startMs: 5, endMs: 30, hasVersions: true }),
    )
    expect(rowsOf(host.ports)).toEqual([open(22), closed(23), udp])
    expect(host).toMatchObject({ startMs: 5, endMs: 30, hasVersions: true, unasked: 0 })
    expect(counts).toEqual({ up: 1, down: 0, total: 1 })
    expect(warnings).toEqual([])
  })

  it('has the state that a port had last, and a warning names the port', () => {
    const parts = [
      reportOf('10.0.0.1', [closed(22), open(80)], { endMs: 300 }),
      reportOf('10.0.0.1', [open(22), open(80, { ttl: 63 })], { endMs: 200 }),
    ]
    for (const order of [parts, parts.toReversed()]) {
      const { host, warnings } = mergeHostReports(...order)
      expect(rowsOf(host.ports)).toEqual([closed(22), open(80)])
      expect(warnings).toEqual([
        '10.0.0.1: the parts disagree about 22/tcp (closed at last); what ended later counts',
      ])
    }
  })

  it('that disagree about everything is one warning', () => {
    const ports = Array.from({ length: 5000 }, (_, port) => port)
    const { warnings } = mergeHostReports(
      reportOf(
        '10.0.0.1',
        ports.map((port) => open(port)),
        { endMs: 1 },
      ),
      reportOf(
        '10.0.0.1',
        ports.map((port) => closed(port)),
        { endMs: 2 },
      ),
    )
    expect(warnings).toEqual([
      '10.0.0.1: the parts disagree about 0/tcp (closed at last), 1/tcp (closed at last), 2/tcp (closed at last), ' +
        '3/tcp (closed at last), 4/tcp (closed at last) and 4995 more ports; what ended later counts',
    ])
  })

  it('keeps a service that one part asked for, while the port is in the same state', () => {
    const table = { name: 'ssh', method: 'table', confidence: 3 } as const
    const probed = { name: 'ssh', method: 'probed', confidence: 10, product: 'OpenSSH' } as const
    const { host } = mergeHostReports(
      reportOf('10.0.0.1', [open(22, { service: probed }), open(23, { service: probed })], { endMs: 1 }),
      reportOf('10.0.0.1', [open(22, { service: table }), closed(23, { service: table })], { endMs: 2 }),
    )
    expect(rowsOf(host.ports).map(({ service }) => service)).toEqual([probed, table])
  })

  it('is up if it was up in any', () => {
    const down = { state: 'down', reason: 'no-response', ttl: 0 } as const
    const { host, counts } = mergeHostReports(
      reportOf('10.0.0.1', [open(22)], { endMs: 1 }),
      reportOf('10.0.0.1', [], { endMs: 2, status: down, ports: undefined }),
    )
    expect(host.status.state).toBe('up')
    expect(rowsOf(host.ports)).toEqual([open(22)])
    expect(counts).toEqual({ up: 1, down: 0, total: 1 })
  })

  it('has all its names and addresses once, what the user typed first', () => {
    const { host } = mergeHostReports(
      reportOf('10.0.0.1', [], {
        endMs: 1,
        names: [{ name: 'b.example', type: 'PTR' }],
        otherAddresses: ['::1'],
      }),
      reportOf('10.0.0.1', [], {
        endMs: 2,
        names: [
          { name: 'b.example', type: 'PTR' },
          { name: 'a.example', type: 'user' },
        ],
        otherAddresses: ['::1', '::2'],
      }),
    )
    expect(host.names.map(({ name }) => name)).toEqual(['a.example', 'b.example'])
    expect(host.otherAddresses).toEqual(['::1', '::2'])
  })

  describe('that was cut short in one', () => {
    const cut = (rows: Parameters<typeof reportOf>[1], unasked: number, endMs = 1) =>
      reportOf('10.0.0.1', rows, { endMs, ended: 'host-timeout', unasked })
    const all = (protocol: 'tcp' | 'udp', ports: readonly number[]) =>
      ports.map((port) => open(port, { protocol }))
    const tcp = Array.from({ length: 12 }, (_, i) => 20 + i)

    it('is whole when the others have what is missing', () => {
      const { host } = mergeHostReports(
        cut(all('tcp', tcp.slice(0, 5)), 9),
        reportOf('10.0.0.1', [...all('tcp', tcp.slice(5)), ...all('udp', [20, 21])], { endMs: 2 }),
      )
      expect(host).toMatchObject({ ended: undefined, unasked: 0 })
    })

    it('is cut short as long as one port is missing, and says how many', () => {
      const { host } = mergeHostReports(
        cut(all('tcp', tcp.slice(0, 5)), 9),
        reportOf('10.0.0.1', [...all('tcp', tcp.slice(5)), ...all('udp', [20])], { endMs: 2 }),
      )
      expect(host).toMatchObject({ ended: 'host-timeout', unasked: 1 })
    })

    it('stays so where no part says which ports were asked', () => {
      const { run, ...rest } = resultOf([cut(all('tcp', tcp), 2)])
      const other = resultOf([reportOf('10.0.0.1', all('udp', [20, 21]), { endMs: 2 })])
      const { result } = mergeResults([{ run: { ...run, scans: [] }, ...rest }, other])
      expect(result.hosts[0]).toMatchObject({ ended: 'host-timeout', unasked: 2 })
    })

    it('is as it was when it is in no other part', () => {
      const report = cut(all('tcp', [20]), 3)
      expect(mergeHostReports(report).host).toBe(report)
    })
  })
})

describe('the run of merged parts', () => {
  const part = (startMs: number, endMs: number, more: object = {}) => {
    const { run, hosts, end } = resultOf([reportOf(`10.0.0.${startMs}`, [])])
    return {
      run: { ...run, startMs, ...more },
      hosts,
      end: end && { ...end, endMs, elapsedMs: endMs - startMs },
    }
  }

  it('lasts from the first start to the last end', () => {
    const { result } = mergeResults([part(20, 90), part(10, 50), part(15, 60)])
    expect(result.run.startMs).toBe(10)
    expect(result.end).toMatchObject({ endMs: 90, elapsedMs: 80, hosts: { up: 3, down: 0, total: 3 } })
  })

  it('asked for all that its parts did', () => {
    const { result } = mergeResults([
      part(1, 2, { scans: [{ kind: 'syn', protocol: 'tcp', ports: [22, 80] }], verbose: 2 }),
      part(3, 4, {
        scans: [
          { kind: 'syn', protocol: 'tcp', ports: [23, 80] },
          { kind: 'udp', protocol: 'udp', ports: [53] },
        ],
      }),
    ])
    expect(result.run.scans).toEqual([
      { kind: 'syn', protocol: 'tcp', ports: [22, 23, 80] },
      { kind: 'udp', protocol: 'udp', ports: [53] },
    ])
    expect(result.run.verbose).toBe(2)
  })

  it('was cut when one of them was, or ends too early', () => {
    const whole = part(1, 2)
    const cut = part(3, 4)
    const torn = { ...part(5, 6), end: undefined }
    const { result } = mergeResults([whole, { ...cut, end: cut.end && { ...cut.end, cut: 'SIGINT' } }])
    expect(result.end?.cut).toBe('SIGINT')
    const merged = mergeResults([whole, torn])
    expect(merged.result.end).toMatchObject({ cut: 'a part is not complete', hosts: { up: 2, total: 2 } })
    expect(merged.warnings).toEqual(['a part ends before its run did'])
    expect(mergeResults([torn]).result.end).toBeUndefined()
  })

  it('keeps hosts that no part tells apart', () => {
    const reports = [reportOf('10.0.0.1', [open(22)]), reportOf('10.0.0.2', [open(22)])]
    expect(mergeResults([resultOf(reports)]).result.hosts.map(plain)).toEqual(reports.map(plain))
  })
})
