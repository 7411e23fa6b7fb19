import { createQueue } from '@portkit/core'
import { virtualClock } from '@portkit/core/sim'
import { describe, expect, it } from 'vitest'
import { withTicks } from '../src/run/ticks.ts'

/** One value after 100 ms and one after 1300 ms. */
async function heard(isWatched: boolean): Promise<readonly (string | number)[]> {
  const clock = virtualClock()
  const queue = createQueue<number>()
  for (const ms of [100, 1300]) void clock.sleep(ms).then(() => queue.push(ms))
  void clock.sleep(1400).then(() => queue.end())
  const all: (string | number)[] = []
  for await (const value of withTicks(queue, clock, isWatched)) all.push(value)
  expect(clock.sleepers()).toBe(0)
  return all
}

describe('ticks', () => {
  it('come while nothing else does, for whoever watches', async () => {
    expect(await heard(true)).toEqual([100, 'tick', 'tick', 1300])
  })

  it('do not come where nobody watches', async () => {
    expect(await heard(false)).toEqual([100, 1300])
  })

  it('leave faults as they are', async () => {
    const clock = virtualClock()
    const queue = createQueue<number>()
    queue.fail(new Error('broken'))
    await expect(withTicks(queue, clock, true).next()).rejects.toThrow('broken')
  })
})
