import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { PacketChannel } from '../src/io/packets.ts'
import { runScan } from '../src/run/exchange/scan.ts'
import { type SimIo, STILL_RUNNING } from '../src/sim/sim.ts'
import { aimAt, NEVER, openFor, datagrams as udp, world } from './exchange-kit.ts'
import { portsTo, type Scanned, scanIn, scannedWorld } from './scan-kit.ts'

const COUNT = 60
/** Longer than a busy machine needs. */
const LAW_MS = 60_000
const SILENT = [5, 17, 99]
const ALL = Array.from({ length: COUNT }, (_, k) => k)
const MOST_PASSES = 10

const host = fc.record({
  count: fc.constant(COUNT),
  silent: fc.subarray(portsTo(COUNT)),
  open: fc.subarray(portsTo(COUNT)),
  afterMs: fc.constantFrom(0, 0.05, 3, 90, 300, 1400),
  late: fc.dictionary(fc.constantFrom('1', '7', '50'), fc.integer({ min: 1, max: 2000 })),
  lossPercent: fc.constantFrom(0, 3, 20, 60),
  seed: fc.nat(),
})
const limit = fc.constantFrom(
  undefined,
  { perSecond: 500, burst: 5 },
  { perSecond: 100, burst: 50 },
  { perSecond: 1, burst: 6 },
)
const settings = fc.record({
  retries: fc.constantFrom(0, 1, 2, 4, 12),
  timeoutMs: fc.constantFrom(50, 300, 1000),
  intervalNs: fc.constantFrom(0, 1e4, 3e5),
  backend: fc.constantFrom('kernel' as const, 'raw-socket' as const),
})

describe('a scan of any host', { timeout: LAW_MS }, () => {
  it('tells each port that answered, and asks none more often than it may', async () => {
    await fc.assert(
      fc.asyncProperty(
        host,
        limit,
        settings,
        fc.option(fc.nat(600)),
        async (made, bound, more, abortAtMs) => {
          const io = scannedWorld({ ...made, ...(bound && { limit: bound }) })
          const control = new AbortController()
          if (abortAtMs !== null) void io.clock.sleep(abortAtMs).then(() => control.abort())
          const scanned = await scanIn(io, COUNT, { ...more, signal: control.signal })
          const { answered, unanswered, refused, passes, shots } = scanned
          const fates = ALL.map((k) => scanned.fateOf(k))
          expect(fates.filter((fate) => fate === 'answered')).toHaveLength(answered)
          expect([answered + unanswered, refused]).toEqual([COUNT, 0])
          for (const port of scanned.heardFrom) expect(scanned.fateOf(port - 1)).toBe('answered')
          expect(answered).toBeLessThanOrEqual(COUNT - made.silent.length)
          expect(ALL.map((k) => scanned.shotsAt(k))).toEqual(ALL.map((k) => scanned.sentTo.get(k + 1) ?? 0))
          const most = more.retries === 0 ? 1 : Math.max(MOST_PASSES, more.retries + 1)
          expect(passes).toBeLessThanOrEqual(most)
          expect(Math.max(...ALL.map((k) => scanned.shotsAt(k)))).toBeLessThanOrEqual(passes)
          expect(shots).toBe(ALL.reduce((sum, k) => sum + scanned.shotsAt(k), 0))
          if (scanned.end === 'complete' && more.retries > 0 && unanswered > 0)
            expect(passes).toBeGreaterThan(Math.min(more.retries, MOST_PASSES))
          expect(scanned.end === 'interrupted').toBe(
            abortAtMs !== null && scanned.tookMs >= abortAtMs && unanswered > 0,
          )
        },
      ),
      { numRuns: 50, endOnFailure: true },
    )
  })

  it('asks once what answers in time', async () => {
    await fc.assert(
      fc.asyncProperty(host, settings, async (made, more) => {
        const io = scannedWorld({ ...made, afterMs: 0.1, late: {}, lossPercent: 0 })
        const scanned = await scanIn(io, COUNT, more)
        const silent = new Set(made.silent)
        for (const k of ALL) {
          const isSilent = silent.has(k + 1)
          expect(scanned.fateOf(k)).toBe(isSilent ? 'unanswered' : 'answered')
          expect(scanned.shotsAt(k)).toBe(isSilent ? more.retries + 1 : 1)
        }
      }),
      { numRuns: 30, endOnFailure: true },
    )
  })
})

describe('a scan where packets are lost', () => {
  const cases = [1, 2, 3].flatMap((seed) => [0, 3, 20].map((lossPercent) => ({ seed, lossPercent })))
  it.each(cases)('finds all that answer: $lossPercent of 100 lost, seed $seed', async (loss) => {
    const count = 1000
    const io = scannedWorld({ count, silent: SILENT, open: [22, 80], ...loss })
    const scanned = await scanIn(io, count)
    expect(scanned).toMatchObject({ end: 'complete', answered: 997, unanswered: 3, isUnsettled: false })
    expect(SILENT.map((port) => scanned.fateOf(port - 1))).toEqual(Array(3).fill('unanswered'))
    const once = portsTo(count).filter((port) => scanned.shotsAt(port - 1) === 1)
    if (loss.lossPercent === 0) expect([scanned.passes, once.length]).toEqual([3, 997])
    else expect(once.length).toBeLessThan(997)
  })

  it('goes slower after a loss, pass after pass', async () => {
    const io = scannedWorld({ count: 1000, silent: portsTo(100), lossPercent: 20 })
    const scanned = await scanIn(io, 1000)
    expect(shotIntervals(io, scanned).slice(0, 4)).toEqual([10_000, 10_000, 20_000, 40_000])
  })

  it('goes slower after packets were lost here, and finds all', async () => {
    const io = scannedWorld({ count: 1000, silent: SILENT })
    const losing = (channel: PacketChannel): PacketChannel => losesSome(channel, () => io.clock.nowNs() < 2e6)
    const scanned = await scanIn(io, 1000, { through: losing })
    expect(scanned).toMatchObject({ answered: 997, unanswered: 3 })
    expect(shotIntervals(io, scanned).slice(0, 2)).toEqual([10_000, 20_000])
  })

  it.each([
    { perSecond: 500, burst: 5 },
    { perSecond: 500, burst: 50 },
    { perSecond: 150, burst: 10 },
    { perSecond: 2000, burst: 1 },
  ])('finds all at a host that answers only so many times: %o', async (bound) => {
    const io = scannedWorld({ count: 1500, silent: SILENT, open: [22], limit: bound })
    const scanned = await scanIn(io, 1500)
    expect(scanned).toMatchObject({ end: 'complete', answered: 1497, unanswered: 3 })
    // Twice as long as the host takes to answer that often, at most.
    expect(scanned.tookMs).toBeLessThan((2 * 1497 * 1000) / bound.perSecond + 2000)
  })

  it('finds all at a host that sends ICMP errors only so many times', async () => {
    const io = scannedWorld({ count: 600, silent: SILENT, byIcmp: true, limit: { perSecond: 200, burst: 6 } })
    expect(await scanIn(io, 600)).toMatchObject({ answered: 597, unanswered: 3 })
  })
})

/** A channel that loses every second packet that comes in while `isLosing`. */
function losesSome(channel: PacketChannel, isLosing: () => boolean): PacketChannel {
  let dropped = 0
  let seen = 0
  return {
    backend: channel.backend,
    clock: channel.clock,
    wallOffsetNs: () => channel.wallOffsetNs(),
    send: (packets, count) => channel.send(packets, count),
    drain: (see, most) =>
      channel.drain((packet) => {
        seen += packet.direction === 'in' ? 1 : 0
        if (packet.direction === 'in' && isLosing() && seen % 2 === 0) dropped += 1
        else see(packet)
      }, most),
    ready: (signal) => channel.ready(signal),
    dropped: () => dropped,
    fault: () => channel.fault(),
    close: () => channel.close(),
  }
}

/** Of each pass the time from shot to shot, nanoseconds. */
function shotIntervals({ wire }: SimIo, { portOf }: Scanned): readonly number[] {
  const passes: number[][] = []
  for (const [index, { timeNs }] of wire.filter(({ direction }) => direction === 'out').entries()) {
    const isFirst = index === 0 || (portOf(index) ?? 0) < (portOf(index - 1) ?? 0)
    if (isFirst) passes.push([])
    passes.at(-1)?.push(timeNs)
  }
  return passes.map((times) => Math.round(((times.at(-1) ?? 0) - (times[0] ?? 0)) / (times.length - 1)))
}

describe('the time that a scan waits', () => {
  it('is that of the settings while nobody answers', async () => {
    const scanned = await scanIn(scannedWorld({ count: 20, silent: portsTo(20) }), 20, { intervalNs: 0 })
    expect(scanned).toMatchObject({ end: 'complete', passes: 3, shots: 60, tookMs: 3000, answered: 0 })
  })

  it('follows the round trips, and doubles after each pass in vain', async () => {
    const io = scannedWorld({ count: 20, silent: [3] })
    const scanned = await scanIn(io, 20, { intervalNs: 0, retries: 3 })
    expect(scanned.passes).toBe(4)
    expect(scanned.tookMs).toBe(100 + 100 + 200 + 400)
  })

  it('is no longer than the settings say', async () => {
    const io = scannedWorld({ count: 20, silent: [3] })
    expect((await scanIn(io, 20, { intervalNs: 0, timeoutMs: 30 })).tookMs).toBe(90)
  })

  it('is enough for a slow host', async () => {
    const scanned = await scanIn(scannedWorld({ count: 500, afterMs: 300 }), 500)
    expect(scanned).toMatchObject({ end: 'complete', passes: 1, shots: 500, answered: 500 })
    expect(scanned.tookMs).toBeLessThan(310)
  })

  it('does not keep what comes later from being counted', async () => {
    const late = { 7: 250, 8: 290, 50: 180 }
    const scanned = await scanIn(scannedWorld({ count: 100, late }), 100)
    expect(scanned).toMatchObject({ end: 'complete', answered: 100, unanswered: 0 })
    expect([50, 7].map((port) => scanned.shotsAt(port - 1))).toEqual([2, 2])
  })

  it('may be too short for all of them: each answers a shot of an earlier pass', async () => {
    const scanned = await scanIn(scannedWorld({ count: 50, afterMs: 1400 }), 50)
    expect(scanned).toMatchObject({ end: 'complete', passes: 2, answered: 50, unanswered: 0 })
    const words = [...scanned.log.told].filter(([index]) => index < 50).map(([, told]) => told.at(-1))
    expect(new Set(words)).toEqual(new Set(['late']))
  })
})

describe('a scan', () => {
  it('counts what answers more than once as one', async () => {
    const mischief = { '10.0.0.2': { againMs: [0.1, 5, 150] } }
    const scanned = await scanIn(scannedWorld({ count: 60, silent: [9] }, { mischief }), 60)
    expect(scanned).toMatchObject({ answered: 59, unanswered: 1, passes: 3, shots: 62 })
    expect(scanned.log.told.get(0)).toEqual(['sent', 'departed', 'first', 'again', 'again', 'again'])
  })

  it.each([
    ['first', 50, 1],
    ['second', 130, 2],
    ['third', 250, 3],
  ])('ends at once when it is interrupted in its %s pass', async (_, atMs, passes) => {
    const io = scannedWorld({ count: 20, silent: [3, 4] })
    const control = new AbortController()
    void io.clock.sleep(atMs).then(() => control.abort())
    const scanned = await scanIn(io, 20, { intervalNs: 0, signal: control.signal })
    expect(scanned).toMatchObject({ end: 'interrupted', passes, tookMs: atMs, answered: 18, unanswered: 2 })
  })

  it('tells what it had not asked yet when it was interrupted', async () => {
    const io = scannedWorld({ count: 20 })
    const control = new AbortController()
    void io.clock.sleep(4.5).then(() => control.abort())
    const scanned = await scanIn(io, 20, { intervalNs: 1e6, signal: control.signal })
    const fates = [0, 4, 5, 19].map((k) => scanned.fateOf(k))
    expect(fates).toEqual(['answered', 'answered', 'unasked', 'unasked'])
    expect(scanned).toMatchObject({ end: 'interrupted', shots: 5, unanswered: 15 })
  })

  it('sends nothing when it was interrupted before', async () => {
    const scanned = await scanIn(scannedWorld({ count: 5 }), 5, { signal: AbortSignal.abort() })
    expect(scanned).toMatchObject({ end: 'interrupted', passes: 0, shots: 0, unanswered: 5 })
    expect(scanned.sentTo.size).toBe(0)
  })

  it('ends with the channel', async () => {
    const io = scannedWorld({ count: 20, silent: [3] }, { link: { downAtMs: 150 } })
    const scanned = await scanIn(io, 20, { intervalNs: 0 })
    expect(scanned).toMatchObject({ end: 'fault', passes: 2, tookMs: 150, unanswered: 1 })
  })

  it('is complete without any aims', async () => {
    expect(await scanIn(scannedWorld({ count: 0 }), 0)).toMatchObject({
      end: 'complete',
      passes: 0,
      shots: 0,
    })
  })

  it('does not ask again what the system refuses to send', async () => {
    const failures = [{ packet: 2, does: 'fault', code: 'EPERM' } as const]
    const scanned = await scanIn(scannedWorld({ count: 5, silent: [5] }, { link: { failures } }), 5)
    expect(scanned).toMatchObject({ end: 'complete', answered: 3, unanswered: 1, refused: 1 })
    expect([scanned.fateOf(2), scanned.shotsAt(2)]).toEqual(['refused', 0])
    expect(scanned.log.faults.map(({ code }) => code)).toEqual(['EPERM'])
  })

  it('keeps its interval from pass to pass, and ends with the last answer', async () => {
    const io = scannedWorld({ count: 4, silent: [2] })
    const scanned = await scanIn(io, 4, { intervalNs: 1e9, retries: 1 })
    const outgoing = io.wire.filter(({ direction }) => direction === 'out')
    expect(outgoing.map(({ timeNs }) => timeNs / 1e6)).toEqual([0, 1000, 2000, 3000, 4000])
    expect(scanned).toMatchObject({ answered: 3, unanswered: 1, tookMs: 4100 })
    const quick = await scanIn(scannedWorld({ count: 4 }), 4, { intervalNs: 1e9 })
    expect(quick.tookMs).toBeCloseTo(3000.1, 6)
  })

  it('can be interrupted between two passes', async () => {
    const io = scannedWorld({ count: 2, silent: [2] })
    const control = new AbortController()
    void io.clock.sleep(1500).then(() => control.abort())
    const scanned = await scanIn(io, 2, { intervalNs: 1e9, signal: control.signal })
    expect(scanned).toMatchObject({ end: 'interrupted', passes: 1, shots: 2, tookMs: 1500 })
  })

  it('keeps the order of its aims, also where there is no room for a while', async () => {
    const failures = [70, 71, 130].map((packet) => ({ packet, does: 'no-room', forMs: 5 }) as const)
    const io = scannedWorld({ count: 200, silent: [8, 150] }, { link: { failures } })
    const scanned = await scanIn(io, 200, { intervalNs: 0 })
    const ports = Array.from({ length: scanned.shots }, (_, index) => scanned.portOf(index))
    expect(ports).toEqual([...portsTo(200), 8, 150, 8, 150])
    expect(scanned).toMatchObject({ answered: 198, unanswered: 2 })
  })

  it('fails as its aims do', async () => {
    const failing = scanIn(scannedWorld({ count: 5 }), 5, {
      aimOf() {
        throw new Error('no such aim')
      },
    })
    await expect(failing).rejects.toThrow('no such aim')
  })
})

describe('a scan by datagrams, whose answers do not name their shots', () => {
  it('asks each port until it answers, be it by a datagram or by an ICMP error', async () => {
    const to = (port: number): string => `10.0.0.2:${port}`
    const datagrams = {
      [to(1)]: { does: 'answer', octets: 'yes', afterMs: 3 },
      [to(2)]: { does: 'drop' },
      [to(3)]: { does: 'answer', octets: 'later', afterMs: 180 },
    } as const
    const mischief = { [to(4)]: { lost: [0] }, [to(1)]: { lost: [0, 1] } }
    const io = world({ datagrams, mischief })
    const probe = udp()
    const channel = await openFor(io, [probe])
    const outcome = await io.runUntilIdle(
      runScan({
        channel,
        clock: io.clock,
        probes: [probe],
        count: 6,
        aimOf: (k) => aimAt(probe, k + 1),
        listener: () => ({}),
        signal: NEVER,
      }),
    )
    if (outcome === STILL_RUNNING) throw new Error('the scan does not end')
    const found = portsTo(6).map((port) => [outcome.fateOf(port - 1), outcome.shotsAt(port - 1)])
    expect(found.slice(0, 2)).toEqual([
      ['answered', 3],
      ['unanswered', outcome.passes],
    ])
    expect(found.slice(3)).toEqual([
      ['answered', 2],
      ['answered', 1],
      ['answered', 1],
    ])
    expect(found[2]?.[0]).toBe('answered')
    channel.close()
  })
})
