import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Claim } from '../src/probes/packet/packet-probe.ts'
import { attribute } from '../src/run/exchange/attribute.ts'
import { createLedger, type Ledger } from '../src/run/exchange/ledger.ts'
import { aimAt, datagrams, HERE, syns, THERE } from './exchange-kit.ts'

const SYNS = syns()
const DATAGRAMS = datagrams()

function claimOf(more: Partial<Claim> = {}): Claim {
  const ends = { local: HERE, remote: THERE, localPort: 40_000, remotePort: 22 }
  return { role: 'answer', ...ends, index: undefined, modulus: 0x1_0000, ...more }
}

/** Datagrams to port 22 of one host, a second apart. */
function ledgerOf(count: number): Ledger {
  const ledger = createLedger(128)
  for (let i = 0; i < count; i++) ledger.add(aimAt(DATAGRAMS), i * 1e9)
  return ledger
}

const answer = (ledger: Ledger, sinceNs = 0, claim = claimOf()) =>
  attribute(ledger, DATAGRAMS, claim, sinceNs)

describe('the shot that a packet belongs to', () => {
  it('is the one that its token names, however many fly to the same port', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 120 }), fc.nat(), (count, any) => {
        const index = any % count
        expect(answer(ledgerOf(count), 0, claimOf({ index }))).toEqual({ index, isAmbiguous: false })
      }),
    )
  })

  it.each<readonly [string, Partial<Claim>]>([
    ['another port', { remotePort: 23 }],
    ['another host', { remote: '10.0.0.3' }],
    ['an address of ours that did not send it', { local: '10.0.0.9' }],
    ['a number that was not sent yet', { index: 3 }],
  ])('is none for %s', (_, more) => {
    expect(answer(ledgerOf(3), 0, claimOf({ index: 1, ...more }))).toBeUndefined()
    if (more.index === undefined) expect(answer(ledgerOf(3), 0, claimOf(more))).toBeUndefined()
  })

  it('is none of another kind of probe', () => {
    expect(attribute(ledgerOf(3), SYNS, claimOf({ index: 1 }), 0)).toBeUndefined()
    expect(attribute(ledgerOf(3), SYNS, claimOf(), 0)).toBeUndefined()
  })

  it('is the oldest that waits when there is no token, and then the next', () => {
    const ledger = ledgerOf(3)
    for (const [index, isAmbiguous] of [
      [0, true],
      [1, true],
      [2, false],
    ] as const) {
      expect(answer(ledger)).toEqual({ index, isAmbiguous })
      ledger.states.settle(index, 'answered')
    }
    expect(answer(ledger)).toEqual({ index: 2, isAmbiguous: false })
  })

  it('cannot be told from one whose time has just been over, though it still waits', () => {
    const ledger = ledgerOf(2)
    ledger.states.settle(0, 'silent')
    expect(answer(ledger, -1)).toEqual({ index: 1, isAmbiguous: true })
    expect(answer(ledger, 0.5e9)).toEqual({ index: 1, isAmbiguous: false })
  })

  it('is the only one when a single one was late', () => {
    const ledger = ledgerOf(1)
    ledger.states.settle(0, 'silent')
    expect(answer(ledger, -1)).toEqual({ index: 0, isAmbiguous: false })
  })

  it('is looked for behind few settled ones only', () => {
    const few = ledgerOf(60)
    for (let i = 1; i < 60; i++) few.states.settle(i, 'answered')
    expect(answer(few)).toEqual({ index: 0, isAmbiguous: false })
    const ledger = ledgerOf(100)
    for (let i = 1; i < 100; i++) ledger.states.settle(i, i < 50 ? 'answered' : 'silent')
    // 99 settled ones lie between, all of them younger: without a token shots settle oldest first.
    expect(answer(ledger, 1e12)).toEqual({ index: 99, isAmbiguous: false })
  })

  it('is never one that was refused', () => {
    const ledger = ledgerOf(2)
    ledger.states.settle(0, 'answered')
    ledger.states.settle(1, 'refused')
    expect(answer(ledger)?.index).toBe(0)
    expect(answer(ledger, 0, claimOf({ index: 1 }))).toBeUndefined()
    expect(answer(ledger, 0, claimOf({ role: 'probe' }))?.index).toBe(0)
  })

  it('departs in the order in which it was sent', () => {
    const ledger = ledgerOf(3)
    const departure = claimOf({ role: 'probe' })
    for (const index of [0, 1, 2]) {
      expect(answer(ledger, 0, departure)?.index).toBe(index)
      ledger.departures.depart(index, index, 0)
    }
  })
})
