import { expect, it } from 'vitest'
import { run } from './group-scan-kit.ts'
import type { PaperAnswer } from './paper-gun.ts'

const silent = (): PaperAnswer => 'silent'
const ONCE = { maxRetries: 0, isMaxRetriesFixed: true, initialRttMs: 100 }

it('keeps the least rate for the hosts that are left, not only for all of them together', async () => {
  const short = { answerOf: (): PaperAnswer => 'closed', rttMs: 0.1 }
  const hosts = [{ answerOf: silent, rttMs: 0.1 }, ...Array.from({ length: 19 }, () => short)]
  const settled = (host: number): Uint8Array => new Uint8Array(20_000).fill(host === 0 ? 0 : 1)
  const { elapsedMs } = await run(hosts, { ports: 20_000, timing: { ...ONCE, minRate: 20_000 }, settled })
  expect(elapsedMs).toBeLessThan(1600)
})

it('keeps the least rate when answers are lost', async () => {
  const host = { answerOf: (): PaperAnswer => 'closed', rttMs: 0.1, resetsPerS: 50 }
  const { elapsedMs } = await run([host], { ports: 5000, timing: { ...ONCE, minRate: 2000 } })
  expect(elapsedMs).toBeLessThan(3500)
})

it("takes what other kinds of scans have used up off a host's time-out", async () => {
  const timing = { hostTimeoutMs: 1000 }
  const { ends } = await run([{ answerOf: silent, rttMs: 5 }], { ports: 60_000, timing, spentNs: () => 9e8 })
  expect(ends.get(0)?.end).toBe('host-timeout')
  expect(ends.get(0)?.elapsedNs).toBeLessThan(2e8)
})
