import { virtualClock } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { Budget, Patience } from '../src/dialogue/budget.ts'
import { createTurns } from '../src/run/turns.ts'

const NEVER = new AbortController().signal

describe('the budget of a port', () => {
  it('is over with its time, its octets, or the run', async () => {
    const clock = virtualClock()
    const control = new AbortController()
    const [time, octets, run] = [
      new Budget(clock, 100, NEVER),
      new Budget(clock, 1000, NEVER, 10),
      new Budget(clock, 1000, control.signal),
    ]
    expect([time, octets, run].map(({ isOver }) => isOver)).toEqual([false, false, false])
    octets.spend(11)
    control.abort()
    await clock.sleep(100)
    expect([time, octets, run].map(({ isOver }) => isOver)).toEqual([true, true, true])
    expect(octets.octetsLeft).toBe(0)
    expect(run.leftMs).toBe(0)
  })

  it('gets back what was spent waiting for our own turn', async () => {
    const clock = virtualClock()
    const budget = new Budget(clock, 100, NEVER)
    await clock.sleep(50)
    budget.giveBack(50e6)
    expect(budget.leftMs).toBe(100)
  })

  it('cuts waits to what is left, and ends them with the run', async () => {
    const clock = virtualClock()
    const control = new AbortController()
    const budget = new Budget(clock, 100, control.signal)
    await budget.wait(5000).over
    expect(clock.nowNs()).toBe(100e6)
    const other = new Budget(clock, 100, control.signal)
    void clock.sleep(30).then(() => control.abort())
    await other.wait(50).over
    expect(clock.nowNs()).toBe(130e6)
    expect(await other.wait(50).over).toBe('time')
    expect(clock.nowNs()).toBe(130e6)
  })

  it('leaves nothing behind a wait that is cancelled', () => {
    const clock = virtualClock()
    const budget = new Budget(clock, 100, NEVER)
    const waits = Array.from({ length: 100 }, () => budget.wait(50))
    const { signal, cancel } = budget.signalAfter(50)
    expect(clock.sleepers()).toBe(101)
    for (const wait of waits) wait.cancel()
    cancel()
    expect(clock.sleepers()).toBe(0)
    expect(signal.aborted).toBe(false)
  })

  it('is waited for with patience once more after the first octet only', async () => {
    const clock = virtualClock()
    const patience = new Patience(new Budget(clock, 1000, NEVER), 100, true)
    for (const ms of [60, 60, 30]) {
      await clock.sleep(ms)
      patience.onFirst()
    }
    await patience.over
    expect(clock.nowNs()).toBe(160e6)
  })
})

describe('turns', () => {
  it('come as many a second as they may, and at once without a limit', async () => {
    const clock = virtualClock()
    const turns = createTurns(clock, 4)
    const waited = await Promise.all([1, 2, 3].map(() => turns.next(NEVER)))
    expect(waited).toEqual([0, 250e6, 500e6])
    expect(await createTurns(clock, undefined).next(NEVER)).toBe(0)
  })

  it('do not save up what was not used', async () => {
    const clock = virtualClock()
    const turns = createTurns(clock, 1)
    await turns.next(NEVER)
    await clock.sleep(10_000)
    await turns.next(NEVER)
    expect(await turns.next(NEVER)).toBe(1e9)
  })

  it('are not waited for once the run is over', async () => {
    const clock = virtualClock()
    const control = new AbortController()
    const turns = createTurns(clock, 0.1)
    await turns.next(control.signal)
    void clock.sleep(5).then(() => control.abort())
    expect(await turns.next(control.signal)).toBe(5e6)
  })
})
