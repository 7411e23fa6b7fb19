import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createHostTimes } from '../src/hosts/host-times.ts'

const LIMITS = { minRttMs: 100, maxRttMs: 1000 } as const

it('knows nothing before the first answer', () => {
  expect(createHostTimes(LIMITS).snapshot()).toBeUndefined()
})

it.each([
  [[80], { srttUs: 80_000, rttvarUs: 40_000, timeoutUs: 240_000 }],
  [[80, 160], { srttUs: 90_000, rttvarUs: 50_000, timeoutUs: 290_000 }],
  [[0.04], { srttUs: 40, rttvarUs: 20, timeoutUs: 100_000 }],
  [[900], { srttUs: 900_000, rttvarUs: 450_000, timeoutUs: 1_000_000 }],
])('smooths answers after %j ms as RFC 6298 does, within limits', (answers, times) => {
  const timer = createHostTimes(LIMITS)
  for (const ms of answers) timer.see(ms * 1e6)
  expect(timer.snapshot()).toEqual(times)
})

it('stays between the shortest and the longest answer', () => {
  const law = fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { minLength: 1 }), (answers) => {
    const timer = createHostTimes(LIMITS)
    for (const ms of answers) timer.see(ms * 1e6)
    const { srttUs = 0 } = timer.snapshot() ?? {}
    expect(srttUs).toBeGreaterThanOrEqual(Math.min(...answers) * 1000)
    expect(srttUs).toBeLessThanOrEqual(Math.max(...answers) * 1000)
  })
  fc.assert(law)
})
