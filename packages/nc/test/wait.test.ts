import { virtualClock } from '@portkit/core/sim'
import { expect, it } from 'vitest'
import { retrying } from '../src/connect/wait.ts'

/** Attempts of the given lengths, the last one repeated; they keep to the time they are given. */
async function waiting(waitMs: number, lengthsMs: readonly number[], opensAt = Number.POSITIVE_INFINITY) {
  const clock = virtualClock()
  const begun: number[] = []
  const given: number[] = []
  const result = await retrying(
    async (leftMs) => {
      begun.push(clock.nowNs() / 1e6)
      given.push(leftMs)
      await clock.sleep(Math.min(leftMs, lengthsMs[Math.min(begun.length, lengthsMs.length) - 1] ?? 0))
      return { open: begun.length >= opensAt, attempt: begun.length }
    },
    { waitMs, pauseMs: 1000, clock },
  )
  return { result, begun, given, tookMs: clock.nowNs() / 1e6 }
}

it('ends with the first attempt that is open', async () => {
  expect(await waiting(10_000, [5], 3)).toEqual({
    result: { open: true, attempt: 3 },
    begun: [0, 1000, 2000],
    given: [10_000, 9000, 8000],
    tookMs: 2005,
  })
})

it('does not wait after an attempt that is open at once', async () => {
  expect(await waiting(10_000, [0], 1)).toMatchObject({ begun: [0], tookMs: 0 })
})

it('counts the pause from the start of an attempt, so that slow ones follow at once', async () => {
  const { begun } = await waiting(5000, [300, 1700, 999, 1000])
  expect(begun).toEqual([0, 1000, 2700, 3700, 4700])
})

it('begins none after the limit, and cuts the last to what is left', async () => {
  const { result, begun, given, tookMs } = await waiting(2500, [5000])
  expect({ result, begun, given, tookMs }).toEqual({
    result: { open: false, attempt: 1 },
    begun: [0],
    given: [2500],
    tookMs: 2500,
  })
  expect(await waiting(2500, [1])).toMatchObject({
    begun: [0, 1000, 2000],
    given: [2500, 1500, 500],
    tookMs: 2001,
  })
})

it.each([0, 1, 999, 1000])('makes one attempt within %d ms', async (waitMs) => {
  expect((await waiting(waitMs, [0])).begun).toEqual([0])
})

it('ends at once when it is interrupted', async () => {
  const clock = virtualClock()
  const abort = new AbortController()
  const settings = { waitMs: 60_000, pauseMs: 1000, clock, signal: abort.signal }
  const attempt = async () => {
    abort.abort('SIGINT')
    return { open: false }
  }
  await expect(retrying(attempt, settings)).rejects.toBe('SIGINT')
  await expect(retrying(attempt, settings)).rejects.toBe('SIGINT')
  expect(clock.nowNs()).toBe(0)
})

it('ends when an attempt throws', async () => {
  const settings = { waitMs: 60_000, pauseMs: 1000, clock: virtualClock() }
  const attempt = async () => {
    throw new Error('nc: getaddrinfo')
  }
  await expect(retrying(attempt, settings)).rejects.toThrow('nc: getaddrinfo')
})
