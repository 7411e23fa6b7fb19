import { expect, it } from 'vitest'
import { HostWork } from '../src/engine/host-work.ts'
import { run, wrong } from './group-scan-kit.ts'
import { type PaperAnswer, USUAL_TIMING } from './paper-gun.ts'

const closed = (): PaperAnswer => 'closed'
const stealth = (port: number): PaperAnswer => (port < 2 ? 'open' : 'silent')

it.each([
  ['closed', closed],
  ['stealth', stealth],
])('is done with all ports of a host that went down within minutes (%s)', async (_name, answerOf) => {
  const { ends, elapsedMs } = await run([{ answerOf, rttMs: 20, diesAtMs: 100 }], { ports: 65_535 })
  expect(ends.get(0)).toMatchObject({ end: 'complete', isMute: true })
  expect(elapsedMs).toBeLessThan(200_000)
})

it('is not held up by an open port that limits itself, as ufw does', async () => {
  const { ends, elapsedMs } = await run(
    [{ answerOf: (port) => (port === 0 ? 'open' : 'silent'), rttMs: 20 }],
    {
      ports: 20_000,
      around: (gun, clock) => {
        let nextNs = 0
        const isLimited = (): boolean => {
          if (clock.nowNs() < nextNs) return true
          nextNs = clock.nowNs() + 10e9
          return false
        }
        const fire: typeof gun.fire = (host, port, pass) =>
          port === 0 && isLimited() ? undefined : gun.fire(host, port, pass)
        return { ...gun, room: () => gun.room(), fire }
      },
    },
  )
  expect(ends.get(0)).toMatchObject({ end: 'complete', waiting: 19_999 })
  expect(elapsedMs).toBeLessThan(120_000)
})

it('does not take a host that answers slowly for one that answers no more', async () => {
  const host = { answerOf: closed, rttMs: 20, resetsPerS: 1 }
  const { found, ends, elapsedMs } = await run([host], { ports: 200 })
  expect(wrong(host, found[0], 200)).toBe(0)
  expect(ends.get(0)).toMatchObject({ end: 'complete', isMute: false })
  expect(elapsedMs).toBeLessThan(400_000)
})

it('times answers right after more than 71 minutes', () => {
  const limits = { startPerS: 1, floorPerS: 1, capPerS: 1, blindPerS: 1, mutePerS: 1, burst: 1 }
  const work = new HostWork({
    ports: 2,
    settled: new Uint8Array(2),
    timing: USUAL_TIMING,
    limits,
    times: undefined,
    startNs: 5e9,
    spentNs: 0,
    answering: [],
    lastPass: 11,
  })
  work.look(5e9, false)
  const port = work.next() ?? -1
  const atNs = 5e9 + 75 * 60e9
  work.sent(port, atNs)
  const verdict = { state: 'open', reason: 'syn-ack' } as const
  const hit = { host: 0, port, pass: 0, verdict, ttl: 64, from: undefined, rttNs: undefined }
  work.hear(hit, atNs + 20e6)
  expect(work.times?.srttUs).toBe(20_000)
})
