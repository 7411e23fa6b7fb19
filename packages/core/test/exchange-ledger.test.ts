import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createDepartures } from '../src/run/exchange/departures.ts'
import { type Aim, createLedger, type Ledger } from '../src/run/exchange/ledger.ts'
import type { ShotState } from '../src/run/exchange/states.ts'
import { aimAt, datagrams, syns } from './exchange-kit.ts'

const CAPACITY = 8
/** Its answers say not which shot they belong to. */
const PROBE = datagrams()
const AIMS = [22, 23].flatMap((port) => ['10.0.0.2', '10.0.0.3'].map((host) => aimAt(PROBE, port, host)))

interface Shot {
  readonly aim: Aim
  readonly sentNs: number
  state: ShotState
}

/** The same in plain words: every shot in a list, of which the newest are remembered. */
interface Model {
  readonly shots: Shot[]
  /** Of those that were ever added. */
  highest: number
}

const deed = fc.oneof(
  { weight: 5, arbitrary: fc.record({ does: fc.constant('add' as const), aim: fc.nat(AIMS.length - 1) }) },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('settle' as const),
      back: fc.nat(2 * CAPACITY),
      state: fc.constantFrom<ShotState>('answered', 'silent', 'refused'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ does: fc.constant('takeBack' as const), count: fc.nat(CAPACITY) }) },
)
type Deed = typeof deed extends fc.Arbitrary<infer T> ? T : never

function isRemembered({ shots, highest }: Model, index: number): boolean {
  return index >= Math.max(0, highest - CAPACITY) && index < shots.length
}

function perform(ledger: Ledger, model: Model, step: Deed, atNs: number): void {
  const { shots } = model
  switch (step.does) {
    case 'add': {
      const aim = AIMS[step.aim]
      if (aim === undefined || !ledger.hasRoom()) return
      expect(ledger.add(aim, atNs)).toBe(shots.length)
      shots.push({ aim, sentNs: atNs, state: 'flying' })
      model.highest = Math.max(model.highest, shots.length)
      return
    }
    case 'settle': {
      const index = shots.length - 1 - step.back
      ledger.states.settle(index, step.state)
      const shot = shots[index]
      if (shot !== undefined && isRemembered(model, index)) shot.state = step.state
      return
    }
    case 'takeBack': {
      const first = Math.max(shots.length - step.count, model.highest - CAPACITY, 0)
      ledger.takeBack(first)
      shots.length = Math.min(shots.length, first)
    }
  }
}

function compare(ledger: Ledger, model: Model): void {
  const { shots } = model
  const known = shots
    .map((shot, index) => ({ ...shot, index }))
    .filter(({ index }) => isRemembered(model, index))
  const flying = known.filter(({ state }) => state === 'flying')
  expect(ledger.states.next).toBe(shots.length)
  expect(ledger.states.flying).toBe(flying.length)
  expect(ledger.states.oldest()).toBe(flying[0]?.index)
  expect(ledger.hasRoom()).toBe(shots.length - (flying[0]?.index ?? shots.length) < CAPACITY)
  for (let index = -1; index <= shots.length; index++) {
    const shot = isRemembered(model, index) ? shots[index] : undefined
    expect(ledger.states.of(index)).toBe(shot?.state ?? 'forgotten')
    expect(ledger.aimOf(index)).toBe(shot?.aim)
    if (shot !== undefined) expect(ledger.sentNs(index)).toBe(shot.sentNs)
  }
  for (const aim of AIMS) {
    const chain: number[] = []
    let at = ledger.newestAt(aim.route.destination, aim.port)
    for (; at !== undefined && chain.length <= CAPACITY; at = ledger.before(at)) chain.push(at)
    expect(chain).toEqual(
      known
        .filter((shot) => shot.aim === aim)
        .map(({ index }) => index)
        .reverse(),
    )
  }
}

describe('the ledger', () => {
  it('looks for no shot by its port that a token names', () => {
    const ledger = createLedger(CAPACITY)
    const aim = aimAt(syns())
    for (let i = 0; i < 3 * CAPACITY; i++) ledger.states.settle(ledger.add(aim, i), 'answered')
    expect(ledger.newestAt(aim.route.destination, aim.port)).toBeUndefined()
    expect(ledger.newest(3 * CAPACITY - 1, 2 ** 32)).toBe(3 * CAPACITY - 1)
  })

  it('knows the newest shots, whatever was added, settled and taken back, through many turns of its ring', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 120 }), (deeds) => {
        const ledger = createLedger(CAPACITY)
        const model: Model = { shots: [], highest: 0 }
        for (const [i, step] of deeds.entries()) {
          perform(ledger, model, step, i)
          compare(ledger, model)
        }
      }),
    )
  })

  it('forgets a shot for good whose place another one had that was taken back', () => {
    const ledger = createLedger(2)
    const [one, other] = AIMS
    if (one === undefined || other === undefined) throw new Error('no aims')
    for (const aim of [one, one]) ledger.states.settle(ledger.add(aim, 0), 'answered')
    ledger.takeBack(ledger.add(other, 1))
    expect(ledger.states.of(0)).toBe('forgotten')
    expect(ledger.aimOf(0)).toBeUndefined()
    expect(ledger.newest(0, 2)).toBeUndefined()
    expect(ledger.newest(1, 2)).toBe(1)
  })

  it('has no room as long as the shot flies whose place is next', () => {
    const ledger = createLedger(CAPACITY)
    const aim = aimAt(PROBE)
    for (let i = 0; i < CAPACITY; i++) ledger.add(aim, 0)
    expect(ledger.hasRoom()).toBe(false)
    for (let i = 1; i < CAPACITY; i++) ledger.states.settle(i, 'answered')
    expect(ledger.hasRoom()).toBe(false)
    ledger.states.settle(0, 'silent')
    expect(ledger.hasRoom()).toBe(true)
  })

  it.each([0x1_0000, 0x1_0000_0000, 5] as const)(
    'finds the newest shot that is congruent modulo %d',
    (modulus) => {
      fc.assert(
        fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(0x1_0000_0000 - 1), (count, index) => {
          const ledger = createLedger(16)
          for (let i = 0; i < count; i++) ledger.states.settle(ledger.add(aimAt(PROBE), i), 'answered')
          const all = Array.from({ length: count }, (_, i) => i).filter((i) => i >= count - 16)
          expect(ledger.newest(index % modulus, modulus)).toBe(
            all.findLast((i) => i % modulus === index % modulus),
          )
        }),
      )
    },
  )
})

describe('departures', () => {
  it('keep the first stamp of a shot and compare it with nothing of another era', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1e6), fc.nat(3)), { minLength: 1, maxLength: 5 }),
        fc.nat(3),
        (stamps, era) => {
          const departures = createDepartures(4)
          expect(departures.hasDeparted(5)).toBe(false)
          const taken = stamps.map(([atNs, of]) => departures.depart(5, atNs, of))
          expect(taken).toEqual(stamps.map((_, i) => i === 0))
          const [firstNs, firstEra] = stamps[0] ?? []
          expect(departures.departedNs(5, era)).toBe(firstEra === era ? firstNs : undefined)
        },
      ),
    )
  })

  it('know nothing of a shot that has the place of an old one', () => {
    const departures = createDepartures(4)
    departures.depart(1, 100, 0)
    departures.clear(5)
    expect(departures.hasDeparted(5)).toBe(false)
    expect(departures.departedNs(5, 0)).toBeUndefined()
  })
})
