import { stripVTControlCharacters } from 'node:util'
import { colours, displayWidth, percentilesLine, type VerdictRow, verdictTable } from '@portkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hopTable } from '../src/words/hop-table.ts'

const PLAIN = { colours: colours({ isTty: false }, {}, 'never') }
const one = (rttNs: number): VerdictRow['rtt'] => ({ minNs: rttNs, avgNs: rttNs, maxNs: rttNs })

function row(port: number, state: string, reason: string, fields: Partial<VerdictRow> = {}): VerdictRow {
  return { target: '10.77.0.2', port: `${port}/tcp`, state, reason, sent: 1, received: 1, ...fields }
}

describe('verdictTable', () => {
  it('aligns the columns and leaves out those that nothing stands in', () => {
    const rows = [
      row(22, 'open', 'syn-ack', { rtt: one(123_000) }),
      row(137, 'filtered', 'no-response', { received: 0 }),
    ]
    expect(verdictTable(rows, PLAIN)).toBe(
      'TARGET     PORT     STATE     REASON       RTT\n' +
        '10.77.0.2  22/tcp   open      syn-ack      0.123ms\n' +
        '10.77.0.2  137/tcp  filtered  no-response\n',
    )
  })

  it('says from whom a rejection came, and how many of several probes were answered', () => {
    const rtt = { minNs: 1e6, avgNs: 2e6, maxNs: 4e6 }
    const rows = [row(8, 'filtered', 'admin-prohibited', { from: '10.78.0.1', sent: 5, received: 3, rtt })]
    expect(verdictTable(rows, PLAIN)).toBe(
      'TARGET     PORT   STATE     REASON            FROM       RTT                  RCVD/SENT\n' +
        '10.77.0.2  8/tcp  filtered  admin-prohibited  10.78.0.1  1.000/2.000/4.000ms  3/5\n',
    )
  })

  it('folds many ports of one kind into a line, never the open ones', () => {
    const closed = Array.from({ length: 995 }, (_, i) => row(i + 1, 'closed', 'reset'))
    const open = Array.from({ length: 30 }, (_, i) => row(2000 + i, 'open', 'syn-ack'))
    const text = verdictTable([...closed, ...open], PLAIN)
    expect(text.match(/ open /g)).toHaveLength(30)
    expect(text).toMatch(/\nNot shown: 995 closed ports \(reset\)\n$/)
    expect(text).not.toContain('995/tcp')
  })

  it('shows as many as 25 of a kind, and folds each target by itself', () => {
    const few = Array.from({ length: 25 }, (_, i) => row(i, 'closed', 'reset'))
    expect(verdictTable(few, PLAIN)).not.toContain('Not shown')
    const many = Array.from({ length: 26 }, (_, i) => row(i, 'closed', 'reset', { target: '10.77.0.3' }))
    expect(verdictTable([...few, ...many], PLAIN)).toMatch(
      /Not shown on 10\.77\.0\.3: 26 closed ports \(reset\)\n$/,
    )
  })

  it('leaves the columns aligned when states are coloured', () => {
    const look = { colours: colours({ isTty: true }, {}, 'always') }
    const rows = [row(22, 'open', 'syn-ack'), row(23, 'closed', 'reset')]
    const text = verdictTable(rows, look)
    expect(text).toContain('\u{1b}[32mopen\u{1b}[39m    syn-ack')
    expect(stripVTControlCharacters(text)).toBe(verdictTable(rows, PLAIN))
  })

  it('keeps to the width of the terminal and lets nothing act upon it', () => {
    const text = fc.string({ unit: 'binary', maxLength: 40 })
    fc.assert(
      fc.property(text, text, text, fc.integer({ min: 1, max: 100 }), (target, state, reason, width) => {
        const table = verdictTable([row(1, state, reason, { target, from: target })], { ...PLAIN, width })
        const lines = table.split('\n')
        expect(Math.max(...lines.map(displayWidth))).toBeLessThanOrEqual(width)
        expect(table.replaceAll('\n', '')).not.toMatch(/\p{Cc}/u)
      }),
    )
  })

  it('prints nothing without a row', () => {
    expect(verdictTable([], PLAIN)).toBe('')
  })
})

describe('percentilesLine', () => {
  const ranks = (count: number) => ({ count: () => count, percentile: (percent: number) => percent * 1000 })

  it('tells four percentiles of at least ten round trips', () => {
    expect(percentilesLine(ranks(10))).toBe(
      'Rtt percentiles: p50: 0.050ms | p90: 0.090ms | p95: 0.095ms | p99: 0.099ms\n',
    )
    expect(percentilesLine(ranks(9))).toBe('')
  })
})

describe('hopTable', () => {
  it('shows every hop with the times of all rounds, and a star where nobody answered', () => {
    const first = { address: '10.77.0.2', name: 'gw.lab', rttNs: 123_000 }
    const other = { address: '10.77.0.9', rttNs: 1_456_000 }
    const hops = [
      { ttl: 1, rounds: [first, undefined, other] },
      { ttl: 2, rounds: [undefined, undefined, undefined] },
      { ttl: 10, rounds: [{ address: '10.79.0.2', rttNs: undefined }, undefined, undefined] },
    ]
    expect(hopTable(hops)).toBe(
      'HOP  ADDRESS                 RTT\n' +
        '  1  10.77.0.2 (gw.lab)  0.123ms  *\n' +
        '     10.77.0.9                       1.456ms\n' +
        '  2  *                         *  *        *\n' +
        ' 10  10.79.0.2                 ?  *        *\n',
    )
  })

  it('prints nothing without a hop', () => {
    expect(hopTable([])).toBe('')
  })
})
