import { describe, expect, it } from 'vitest'
import { run, wrong } from './group-scan-kit.ts'
import type { PaperAnswer } from './paper-gun.ts'

const mostlyClosed = (port: number): PaperAnswer =>
  port < 5 ? 'open' : port % 64 === 9 ? 'silent' : port === 77 ? 'rejected' : 'closed'
const stealth = (port: number): PaperAnswer => (port < 2 ? 'open' : 'silent')

describe('a group of hosts', () => {
  it('has every port right, and asks silent ones twice', async () => {
    const host = { answerOf: mostlyClosed, rttMs: 0.1 }
    const { found, ends, sent } = await run([host], { ports: 20_000 })
    expect(wrong(host, found[0], 20_000)).toBe(0)
    const silent = Array.from({ length: 20_000 }, (_, port) => mostlyClosed(port)).filter(
      (a) => a === 'silent',
    )
    expect(ends.get(0)).toMatchObject({ end: 'complete', waiting: silent.length })
    expect(ends.get(0)?.passes).toBeGreaterThanOrEqual(2)
    expect(sent).toBeLessThan(20_000 * 1.2)
  })

  it('takes about as long for a stealth host as its two passes do at full speed', async () => {
    const host = { answerOf: stealth, rttMs: 0.1 }
    const { found, ends, elapsedMs } = await run([host], { ports: 65_535 })
    expect(wrong(host, found[0], 65_535)).toBe(0)
    expect(ends.get(0)?.passes).toBe(2)
    expect(elapsedMs).toBeLessThan(1500)
  })

  it('asks a host that nothing is known to answer at as quickly as it dares', async () => {
    const host = { answerOf: (): PaperAnswer => 'silent', rttMs: 0.1 }
    const { ends, elapsedMs } = await run([host], { ports: 65_535 })
    expect(ends.get(0)).toMatchObject({ end: 'complete', waiting: 65_535, passes: 2 })
    expect(elapsedMs).toBeLessThan(9000)
  })

  it('asks no port of a small scan twice that has answered', async () => {
    const { sent } = await run([{ answerOf: (): PaperAnswer => 'open', rttMs: 0.1 }], { ports: 6 })
    expect(sent).toBe(6)
  })

  it.each([1, 2, 3, 4, 5])('has no port wrong where 3 % of the answers are lost (%i)', async (seed) => {
    const host = { answerOf: mostlyClosed, rttMs: 0.1, loss: 0.03 }
    const { found, elapsedMs } = await run([host], { ports: 65_535, seed })
    expect(wrong(host, found[0], 65_535)).toBe(0)
    expect(elapsedMs).toBeLessThan(4000)
  })

  it('asks a host that limits its resets as often as it answers', async () => {
    const host = { answerOf: mostlyClosed, rttMs: 0.1, resetsPerS: 500 }
    const { found, elapsedMs } = await run([host], { ports: 5000 })
    expect(wrong(host, found[0], 5000)).toBe(0)
    expect(elapsedMs).toBeLessThan(13_000)
  })

  it.each([0, 0.01])('is quick over a far link that loses %d', async (loss) => {
    const host = { answerOf: mostlyClosed, rttMs: 50, loss }
    const { found, elapsedMs } = await run([host], { ports: 65_535 })
    expect(wrong(host, found[0], 65_535)).toBe(0)
    expect(elapsedMs).toBeLessThan(4000)
  })

  it('scans many hosts at once', async () => {
    const hosts = Array.from({ length: 256 }, () => ({ answerOf: mostlyClosed, rttMs: 0.1 }))
    const { found, elapsedMs } = await run(hosts, { ports: 100 })
    expect(hosts.reduce((sum, host, i) => sum + wrong(host, found[i], 100), 0)).toBe(0)
    expect(elapsedMs).toBeLessThan(500)
  })

  it('is not held up by one host that limits its resets', async () => {
    const slow = { answerOf: mostlyClosed, rttMs: 0.1, resetsPerS: 20 }
    const { found, ends } = await run([slow, { answerOf: stealth, rttMs: 0.1 }], { ports: 300 })
    expect(wrong(slow, found[0], 300)).toBe(0)
    expect(ends.get(1)?.elapsedNs ?? 0).toBeLessThan((ends.get(0)?.elapsedNs ?? 0) / 4)
  })

  it('gives up a host that dies, and keeps what it knows', async () => {
    const host = { answerOf: mostlyClosed, rttMs: 50, diesAtMs: 300 }
    const { found, ends, elapsedMs } = await run([host], { ports: 10_000 })
    expect(ends.get(0)?.end).toBe('complete')
    expect(found[0]?.size).toBeGreaterThan(50)
    expect(elapsedMs).toBeLessThan(60_000)
  })

  it('ends a host at its time-out, the others go on', async () => {
    const dead = { answerOf: (): PaperAnswer => 'silent', rttMs: 50 }
    const { ends } = await run([dead, { answerOf: mostlyClosed, rttMs: 0.1 }], {
      ports: 30_000,
      timing: { hostTimeoutMs: 900 },
    })
    expect(ends.get(0)).toMatchObject({ end: 'host-timeout', waiting: 30_000 })
    expect(ends.get(1)?.end).toBe('complete')
  })

  it('leaves a host that says yes to everything', async () => {
    const tarpit = { answerOf: (): PaperAnswer => 'open', rttMs: 0.1 }
    const { ends, found } = await run([tarpit], { ports: 60_000, timing: { maxOpen: 100 } })
    expect(ends.get(0)?.end).toBe('max-open')
    expect(found[0]?.size).toBe(101)
  })

  it('ends at once when the user wants that', async () => {
    const host = { answerOf: stealth, rttMs: 50 }
    const { ends, elapsedMs } = await run([host], { ports: 65_535, abortAtMs: 500 })
    expect(ends.get(0)?.end).toBe('interrupted')
    expect(elapsedMs).toBeLessThan(600)
  })

  it('asks only what is not known yet', async () => {
    const host = { answerOf: mostlyClosed, rttMs: 0.1 }
    const settled = Uint8Array.from({ length: 1000 }, (_, port) => (port < 900 ? 1 : 0))
    const { found, sent } = await run([host], { ports: 1000, settled: () => settled.slice() })
    expect([...(found[0]?.keys() ?? [])].every((port) => port >= 900)).toBe(true)
    expect(sent).toBeLessThan(150)
  })

  it.each([
    [{ maxRate: 100 }, 1950, 2500],
    [{ scanDelayMs: 20 }, 3900, 4500],
  ])('keeps %j', async (timing, leastMs, mostMs) => {
    const host = { answerOf: (): PaperAnswer => 'closed', rttMs: 0.1 }
    const { elapsedMs } = await run([host], { ports: 200, timing })
    expect(elapsedMs).toBeGreaterThanOrEqual(leastMs)
    expect(elapsedMs).toBeLessThan(mostMs)
  })

  it('has no more probes under way than the user wants', async () => {
    const host = { answerOf: (): PaperAnswer => 'closed', rttMs: 20 }
    const { elapsedMs } = await run([host], { ports: 100, timing: { maxParallelism: 2 } })
    expect(elapsedMs).toBeGreaterThanOrEqual(50 * 20)
    expect(elapsedMs).toBeLessThan(60 * 20)
  })

  it('has at least as many under way as the user wants, whatever its own pace', async () => {
    const host = { answerOf: (): PaperAnswer => 'silent', rttMs: 20 }
    const timing = { initialRttMs: 100, maxRetries: 0, isMaxRetriesFixed: true }
    const { elapsedMs } = await run([host], { ports: 5000, timing: { ...timing, minParallelism: 5000 } })
    expect(elapsedMs).toBeLessThan(200)
  })

  it('asks once only when no retries are wanted', async () => {
    const { ends } = await run([{ answerOf: stealth, rttMs: 0.1 }], {
      timing: { maxRetries: 0, isMaxRetriesFixed: true },
    })
    expect(ends.get(0)?.passes).toBe(1)
  })
})
