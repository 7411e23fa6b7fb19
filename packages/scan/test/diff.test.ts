import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { HostReport } from '../src/model/host-report.ts'
import type { PortRow } from '../src/model/port-table.ts'
import type { ScanResult } from '../src/model/scan-result.ts'
import { diffResults, type ResultDiff } from '../src/results/diff.ts'
import type { HostDiff } from '../src/results/diff-hosts.ts'
import { pairs } from './diff-made.ts'
import { results } from './read-made.ts'
import { endOf, hostOf, many, RUN, tableOf } from './text-kit.ts'

function resultOf(hosts: readonly HostReport[], run = RUN): ScanResult {
  return { run, hosts, end: endOf() }
}

/** One host, with these ports before and after. */
function hostDiff(before: readonly PortRow[], after: readonly PortRow[], run = RUN): HostDiff {
  const [host] = diffResults(
    resultOf([hostOf({ ports: tableOf('', ...before) })], run),
    resultOf([hostOf({ ports: tableOf('', ...after) })]),
  ).hosts
  if (host === undefined) throw new Error('no host')
  return host
}

function changesOf(host: HostDiff): readonly string[] {
  return [...host.ports()].flatMap(({ port, protocol, before, after, isSame }) =>
    isSame ? [] : `${port}/${protocol} ${before?.state ?? '-'} ${after?.state ?? '-'}`,
  )
}

function plain({ isSame, hosts }: ResultDiff) {
  return { isSame, hosts: hosts.map((host) => ({ ...host, ports: [...host.ports()] })) }
}

const SSH: PortRow = { protocol: 'tcp', port: 22, state: 'open', reason: 'syn-ack', ttl: 64 }

describe('the difference of two results', () => {
  it('is none between a result and itself', () => {
    fc.assert(
      fc.property(results, (result) => {
        const diff = diffResults(result, result)
        expect(diff).toMatchObject({ isSame: true, isSameRun: true })
        for (const host of diff.hosts) for (const port of host.ports()) expect(port.isSame).toBe(true)
      }),
      { numRuns: 60 },
    )
  })

  it('is the same in the other direction, with what was and what is exchanged', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const { isSame, hosts } = plain(diffResults(b, a))
        const mirrored = hosts.map(({ before, after, ports, ...host }) => ({
          ...host,
          before: after,
          after: before,
          ports: ports.map((port) => ({ ...port, before: port.after, after: port.before })),
        }))
        expect(plain(diffResults(a, b))).toEqual({ isSame, hosts: mirrored })
      }),
    )
  })

  it('is never none where a port of which both know has another state', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        const { hosts } = diffResults(a, b)
        for (const one of a.hosts) {
          const other = b.hosts.find(({ address }) => address === one.address)
          const told = hosts.find(({ before }) => before?.addresses[0]?.addr === one.address)
          const changed = [...(one.ports?.rows() ?? [])].some(({ protocol, port, state }) => {
            const now = other?.ports?.row(protocol, port)
            return now !== undefined && now.state !== state
          })
          if (changed) expect(told?.isSame).toBe(false)
        }
      }),
    )
  })

  it('has every listed port as both results have it', () => {
    fc.assert(
      fc.property(pairs, ([a, b]) => {
        for (const host of diffResults(a, b).hosts) {
          const tables = [host.before, host.after].map(
            (facts, i) =>
              [a, b][i]?.hosts.find(({ address }) => address === facts?.addresses[0]?.addr)?.ports,
          )
          for (const { protocol, port, before, after } of host.ports()) {
            if (before !== undefined) expect(tables[0]?.row(protocol, port)).toEqual(before)
            if (after !== undefined) expect(tables[1]?.row(protocol, port)).toEqual(after)
          }
        }
      }),
    )
  })

  it('is not made by another command line, other times, reasons or packets', () => {
    const later = { ...RUN, args: 'portscan -T4', startMs: 0 }
    const before = hostOf({ ports: tableOf('', SSH) })
    const after = hostOf({
      ports: tableOf('', { ...SSH, reason: 'x', ttl: 1 }),
      startMs: 0,
      times: undefined,
    })
    const diff = diffResults(resultOf([before]), resultOf([after], later))
    expect(diff).toMatchObject({ isSame: true, isSameRun: false })
  })

  it('knows a host by its address, whatever its names are now', () => {
    const named = (name: string) => hostOf({ names: [{ name, type: 'PTR' }], ports: tableOf('', SSH) })
    const { hosts } = diffResults(resultOf([named('a.lan')]), resultOf([named('b.lan')]))
    expect(hosts).toMatchObject([
      { isSame: false, before: { names: ['a.lan'] }, after: { names: ['b.lan'] } },
    ])
    expect(hosts.flatMap(changesOf)).toEqual([])
  })

  it('compares the first scan of a host with the first one, the second with the second', () => {
    const [open, none] = [hostOf({ ports: tableOf('', SSH) }), hostOf({ ports: tableOf('') })]
    expect(diffResults(resultOf([open, none]), resultOf([open, none])).isSame).toBe(true)
    const { hosts } = diffResults(resultOf([open, none]), resultOf([open]))
    expect(hosts).toMatchObject([{ isSame: true }, { isSame: false, after: undefined }])
  })
})

describe('ports that reports only count', () => {
  it('are compared, so that an exchange that leaves the numbers as they are is found', () => {
    const before = [...many(1, 40, 'closed', 'reset'), ...many(41, 80, 'filtered', 'no-response')]
    const after = [
      ...many(1, 39, 'closed', 'reset'),
      ...many(40, 40, 'filtered', 'no-response'),
      ...many(41, 41, 'closed', 'reset'),
      ...many(42, 80, 'filtered', 'no-response'),
    ]
    const host = hostDiff(before, after)
    expect(host.isSame).toBe(false)
    expect(changesOf(host)).toEqual(['40/tcp closed filtered', '41/tcp filtered closed'])
  })

  it('are told by their numbers where many changed', () => {
    const host = hostDiff([...many(1, 26, 'closed', 'reset')], [...many(1, 26, 'filtered', 'no-response')])
    expect(host).toMatchObject({
      isSame: false,
      before: { hidden: [{ state: 'closed', count: 26 }] },
      after: { hidden: [{ state: 'filtered', count: 26 }] },
    })
    expect(changesOf(host)).toEqual([])
  })

  it('are told one by one where many changed and the numbers are the same', () => {
    const [low, high] = [
      [1, 30],
      [31, 60],
    ] as const
    const host = hostDiff(
      [...many(...low, 'closed', 'reset'), ...many(...high, 'filtered', 'no-response')],
      [...many(...low, 'filtered', 'no-response'), ...many(...high, 'closed', 'reset')],
    )
    expect(changesOf(host)).toHaveLength(60)
  })

  it('are seen as the less verbose report has them', () => {
    const ports = [...many(1, 40, 'closed', 'reset')]
    expect(hostDiff(ports, ports, { ...RUN, verbose: 1 }).isSame).toBe(true)
    expect(hostDiff(ports, ports, { ...RUN, debugging: 3 }).isSame).toBe(true)
  })

  it('are those of --open where one run had it', () => {
    const ports = [SSH, ...many(1, 3, 'closed', 'reset')]
    const host = hostDiff(ports, ports, { ...RUN, args: 'nmap --open 10.77.0.2' })
    expect(host).toMatchObject({ isSame: true, before: { hidden: [{ state: 'closed', count: 3 }] } })
  })

  it('come and go from the list with their state', () => {
    const closed = [...many(1, 100, 'closed', 'reset')]
    const host = hostDiff(closed, [...closed, { ...SSH, port: 80 }])
    expect(changesOf(host)).toEqual(['80/tcp - open'])
    expect(host).toMatchObject({ before: { hidden: [{ count: 100 }] }, after: { hidden: [{ count: 99 }] } })
  })
})
