import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PortRow } from '../src/model/port-table.ts'
import { createJournal } from '../src/spread/journal.ts'
import { planHash } from '../src/spread/plan-hash.ts'
import {
  closed,
  header,
  longRun,
  memoryFile,
  open,
  plain,
  read,
  reportOf,
  rowsOf,
  started,
  writeHost,
} from './journal-world.ts'

const status = { state: 'up', reason: 'echo-reply', ttl: 64 } as const

describe('a checkpoint', () => {
  it('begins with all that is needed to start the run again', () => {
    const { file } = started()
    expect(read(file.text()).header).toEqual(header)
    expect(file.text()).toMatch(/^\{"portscan":"checkpoint","format":1,/)
    expect([...file.text()].every((character) => character <= '~')).toBe(true)
  })

  it('has the verdicts of hosts under way, the reports of hosts that are done, and how far the run is', () => {
    const state = read(longRun())
    expect(state.passed).toEqual({ shares: 2, down: 1 })
    expect(state.hasEnded).toBe(false)
    expect([...state.underway()]).toEqual(['10.0.0.3'])
    expect(rowsOf(state.tableOf('10.0.0.3'))).toEqual([
      closed(2),
      open(80, { from: '10.0.0.254' }),
      open(443),
    ])
    expect(state.tableOf('10.0.0.2')).toBeUndefined()
    expect([...state.finished]).toEqual([[3, 'fd00::2']])
    expect([...state.reports()].map(plain)).toEqual([
      plain(reportOf('10.0.0.2', [open(22), closed(1), closed(2)], { vendor: 'Grüße' })),
      plain(reportOf('fd00::2', [])),
    ])
  })

  it('has what discovery found, until the host is done', () => {
    const { file, journal } = started()
    const times = { srttUs: 54.5, rttvarUs: 10, timeoutUs: 100_000 }
    const host = {
      address: 'fe80::1%eth0',
      family: 6,
      status,
      hardwareAddress: '02:00:00:00:00:01',
      times,
    } as const
    journal.found(3, host)
    journal.found(4, { address: '10.0.0.9', family: 4, status: { ...status, from: '10.0.0.1' } })
    journal.found(5, { address: '10.0.0.8', family: 4, status })
    journal.hostDone(5, reportOf('10.0.0.8', []))
    expect([...read(file.text()).found.values()]).toEqual([
      host,
      { address: '10.0.0.9', family: 4, status: { ...status, from: '10.0.0.1' } },
    ])
  })

  it('does not grow with hosts that are down', () => {
    const { file, journal } = started()
    const before = file.text()
    journal.found(0, {
      address: '10.0.0.1',
      family: 4,
      status: { state: 'down', reason: 'no-response', ttl: 0 },
    })
    journal.found(1, {
      address: '10.0.0.2',
      family: 4,
      status: { state: 'unknown', reason: 'unknown', ttl: 0 },
    })
    expect(file.text()).toBe(before)
  })

  it('writes the same verdicts of many ports as ranges, and only what is new', () => {
    const { file, journal } = started()
    for (let port = 65_535; port >= 0; port -= 1)
      journal.note('10.0.0.2', port === 22 ? open(22) : closed(port))
    journal.flush(0)
    journal.note('10.0.0.2', open(53, { protocol: 'udp', reason: 'udp-response' }))
    journal.flush(2000)
    journal.flush(9000)
    expect(file.text().split('\n').slice(1)).toEqual([
      '{"kind":"ports","address":"10.0.0.2","groups":' +
        '[["tcp","closed","reset",64,"0-21,23-65535"],["tcp","open","syn-ack",64,"22"]]}',
      '{"kind":"ports","address":"10.0.0.2","groups":[["udp","open","udp-response",64,"53"]]}',
      '',
    ])
  })

  it('is written every two seconds at most, however often it is asked', () => {
    const { file, journal } = started()
    const lines = () => file.text().split('\n').length - 2
    journal.flush(1000)
    for (let ms = 1001; ms < 3000; ms += 1) {
      journal.note('10.0.0.2', closed(ms))
      journal.flush(ms)
    }
    expect(lines()).toBe(0)
    journal.flush(3000)
    expect(lines()).toBe(1)
    journal.note('10.0.0.2', closed(1))
    journal.flush(500)
    expect(lines()).toBe(2)
  })

  it('keeps the last verdict of a port, also when both were noted between two writes', () => {
    const { file, journal } = started()
    const filtered = (port: number) => open(port, { state: 'filtered', reason: 'no-response', ttl: 0 })
    for (const row of [open(1), filtered(22), filtered(23), open(22)]) journal.note('10.0.0.2', row)
    journal.flush(0)
    journal.note('10.0.0.2', open(23))
    journal.close()
    expect(rowsOf(read(file.text()).tableOf('10.0.0.2'))).toEqual([open(1), open(22), open(23)])
  })

  it('does not let what waits grow with senders that nobody knows', () => {
    const { file, journal } = started()
    const rows = Array.from({ length: 10_000 }, (_, port) =>
      open(port, { from: `10.9.${port >> 8}.${port & 255}` }),
    )
    for (const row of rows) journal.note('10.0.0.2', row)
    expect(file.text().length).toBeGreaterThan(8192 * 30)
    journal.close()
    expect(rowsOf(read(file.text()).tableOf('10.0.0.2'))).toEqual(rows)
  })

  it('tells a host that was given twice from itself, and hosts behind a mark from those before it', () => {
    const { file, journal } = started()
    for (const share of [0, 2, 5]) journal.hostDone(share, reportOf('10.0.0.2', []))
    for (const share of [1, 3]) journal.found(share, { address: '10.0.0.9', family: 4, status })
    journal.passed(2, 1)
    journal.end()
    const state = read(file.text())
    expect([...state.finished.keys()]).toEqual([2, 5])
    expect([...state.found.keys()]).toEqual([3])
    expect([...state.reports()]).toHaveLength(3)
    expect(state.hasEnded).toBe(true)
  })

  it('is closed once, with all that waited', () => {
    const { file, journal } = started()
    journal.note('10.0.0.2', open(1))
    journal.end()
    journal.close()
    journal.end()
    expect(file.closed()).toBe(1)
    expect(file.text().match(/"end"/g)).toHaveLength(1)
    expect([...read(file.text()).underway()]).toEqual(['10.0.0.2'])
  })

  it('ends where a write failed, for half a line may be there, and is closed without a second complaint', () => {
    const file = memoryFile()
    let room = Number.POSITIVE_INFINITY
    const output = {
      write(octets: string): void {
        file.write(octets.slice(0, room))
        if (room < octets.length) throw new Error('no space left')
      },
      close: () => file.close(),
    }
    const journal = createJournal(output, header, writeHost)
    journal.note('10.0.0.2', open(1))
    journal.flush(0)
    journal.note('10.0.0.2', open(2))
    room = 20
    expect(() => journal.flush(2000)).toThrow('no space left')
    room = Number.POSITIVE_INFINITY
    journal.hostDone(0, reportOf('10.0.0.2', [open(1), open(2)]))
    journal.passed(1, 0)
    journal.end()
    expect(file.closed()).toBe(1)
    const state = read(file.text())
    expect(state.hasEnded).toBe(false)
    expect(rowsOf(state.tableOf('10.0.0.2'))).toEqual([open(1)])
  })

  it('is closed also when its last write fails', () => {
    const file = memoryFile()
    let isFull = false
    const output = {
      write(): void {
        if (isFull) throw new Error('no space left')
      },
      close: () => file.close(),
    }
    const journal = createJournal(output, header, writeHost)
    journal.note('10.0.0.2', open(1))
    isFull = true
    expect(() => journal.end()).toThrow('no space left')
    expect(file.closed()).toBe(1)
  })

  it('gives back the verdicts of any run', () => {
    const rows = fc.record({
      protocol: fc.constantFrom('tcp', 'udp'),
      port: fc.oneof(fc.nat(40), fc.nat(65_535)),
      state: fc.constantFrom('open', 'closed', 'filtered', 'open|filtered', 'unfiltered'),
      reason: fc.constantFrom('syn-ack', 'reset', 'no-response'),
      ttl: fc.nat(255),
    })
    const steps = fc.array(fc.tuple(fc.constantFrom('10.0.0.1', 'fd00::1'), rows, fc.boolean()), {
      maxLength: 60,
    })
    const law = fc.property(steps, (all) => {
      const { file, journal } = started()
      const wanted = new Map<string, Map<string, PortRow>>()
      for (const [i, [address, row, isFlushed]] of all.entries()) {
        journal.note(address, row)
        wanted.set(address, (wanted.get(address) ?? new Map()).set(`${row.protocol}${row.port}`, row))
        if (isFlushed) journal.flush(i * 2000)
      }
      journal.close()
      const state = read(file.text())
      expect([...state.underway()].sort()).toEqual([...wanted.keys()].sort())
      for (const [address, last] of wanted) {
        const sorted = [...last.values()].sort(
          (a, b) => a.protocol.localeCompare(b.protocol) || a.port - b.port,
        )
        expect(rowsOf(state.tableOf(address))).toEqual(sorted)
      }
    })
    fc.assert(law)
  })
})

describe('the hash of a plan', () => {
  it('is the same for the same plan, and changes with each target, port and place of a comma', () => {
    const plan = [['10.0.0.0/8', 'a'], Uint16Array.of(80, 443), ['syn']]
    expect(planHash(plan)).toBe('0064d8969102e16f236fa5eb79b1a6b2')
    expect(planHash([['10.0.0.0/8', 'a'], [80, 443], ['syn']])).toBe(planHash(plan))
    const others = [
      [['10.0.0.0/8,a'], [80, 443], ['syn']],
      [['10.0.0.0/8', 'b'], [80, 443], ['syn']],
      [['10.0.0.0/8', 'a'], [443, 80], ['syn']],
      [['10.0.0.0/8', 'a'], [80, 443], ['connect']],
      [['10.0.0.0/8', 'a'], [80], [443], ['syn']],
    ] as const
    expect(new Set([plan, ...others].map(planHash)).size).toBe(6)
  })
})
