import fc from 'fast-check'
import { expect, it } from 'vitest'
import { PacketClock } from '../src/io/kernel/packet-clock.ts'

/** A machine whose two clocks go as told; each look at one of them takes time. */
function machine(startNs = 5_000_000, lookNs = 300) {
  const state = { nowNs: startNs, wallNs: 1_795_000_000_123_456_789n, lookNs }
  const pass = (ns: number): void => {
    state.nowNs += ns
    state.wallNs += BigInt(ns)
  }
  const clock = new PacketClock(
    () => {
      pass(state.lookNs)
      return state.nowNs
    },
    () => wall(state.wallNs),
  )
  return { state, pass, clock, set: (ns: bigint) => (state.wallNs += ns) }
}
const wall = (ns: bigint) => ({
  seconds: Number(ns / 1_000_000_000n),
  nanoseconds: Number(ns % 1_000_000_000n),
})

const timeOf = ({ clock, state }: ReturnType<typeof machine>, wallNs = state.wallNs): number => {
  const { seconds, nanoseconds } = wall(wallNs)
  return clock.timeNs(seconds, nanoseconds)
}

it('gives differences of stamps to the nanosecond, for days', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 90 * 86_400 }), fc.nat(999_999_999), (seconds, nanoseconds) => {
      const some = machine()
      const stamp = some.state.wallNs + BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds)
      expect(timeOf(some, stamp) - timeOf(some)).toBe(seconds * 1e9 + nanoseconds)
    }),
  )
})

it('puts stamps on the monotonic clock and gives the date back', () => {
  const some = machine()
  some.pass(123_456_789)
  expect(Math.abs(timeOf(some) - some.state.nowNs)).toBeLessThan(1000)
  expect(BigInt(timeOf(some)) + some.clock.wallOffsetNs()).toBe(some.state.wallNs)
})

it('stays in its era while both clocks go alike, however long and however slow the look', () => {
  const some = machine()
  for (const ns of [0, 1, 1e6, 3.6e12, 8.64e13]) {
    some.pass(ns)
    some.state.lookNs = ns === 1 ? 4_000_000 : 300
    expect(some.clock.wasSet()).toBe(false)
  }
  expect(some.clock.era).toBe(0)
})

it.each([50_000n, -50_000n, 10_000_000n, 3_600_000_000_000n, -1_000_000_000n])(
  'begins an era when the wall clock is set by %i ns, and has the new difference at once',
  (ns) => {
    const some = machine()
    some.set(ns)
    expect(some.clock.wasSet()).toBe(true)
    expect(some.clock.era).toBe(1)
    expect(Math.abs(timeOf(some) - some.state.nowNs)).toBeLessThan(1000)
    expect(some.clock.wasSet()).toBe(false)
  },
)
