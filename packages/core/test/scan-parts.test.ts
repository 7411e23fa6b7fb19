import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type AimFate, createScanAims } from '../src/run/exchange/scan-aims.ts'
import { createScanPace, type PassReport } from '../src/run/exchange/scan-pace.ts'
import { createPassCounts } from '../src/run/exchange/scan-pass.ts'
import { createProspects } from '../src/run/exchange/scan-prospects.ts'
import { createRoundTrips } from '../src/run/exchange/scan-round-trips.ts'

describe('round trips', () => {
  it('tell nothing before the first one', () => {
    expect(createRoundTrips().timeoutNs()).toBeUndefined()
  })

  it.each([
    ['of nothing', [0], 100],
    ['that are short', [0.05, 0.05], 100],
    ['one only: three times as long', [300], 900],
    ['two, by the formulas of RFC 6298 section 2.3', [400, 480], 410 + 4 * 170],
    ['many that are alike: some time for the event loop', Array(200).fill(300), 320],
  ])('give an answer time: %s', (_, seenMs, ms) => {
    const trips = createRoundTrips()
    for (const each of seenMs) trips.see(each * 1e6)
    expect((trips.timeoutNs() ?? 0) / 1e6).toBeCloseTo(ms, 3)
  })
})

const report = (shots: number, answers: number, more: Partial<PassReport> = {}): PassReport => {
  const shootingNs = (shots - 1) * 1e4
  return { shots, shootingNs, answers, lateAnswers: 0, answeringNs: shootingNs, hasDropped: false, ...more }
}

describe('the pace of a scan', () => {
  const paceAfter = (leastNs: number, reports: readonly PassReport[]) => {
    const pace = createScanPace(leastNs)
    const losses = reports.map((each) => pace.learn(each))
    return { intervalNs: pace.intervalNs, losses }
  }
  const limited = { answeringNs: 2e9 }

  it.each([
    ['stays while nothing is lost', [report(1000, 900), report(100, 0), report(100, 0)], 0, 'none'],
    ['is halved when a pass brings what was lost', [report(1000, 900), report(100, 10)], 2e4, 'some'],
    ['is halved when packets were lost here', [report(1000, 900, { hasDropped: true })], 2e4, 'some'],
    ['is not halved for late answers', [report(1000, 0), report(1000, 0, { lateAnswers: 50 })], 0, 'none'],
    ['is measured where it is slower', [report(9, 9), report(11, 1, { shootingNs: 1e7 })], 1e6, 'some'],
    [
      'is never below 1000 a second by halving',
      [report(9, 9), report(11, 1, { shootingNs: 8e6 })],
      1e6,
      'some',
    ],
    [
      'is that of the answers where as many come each time',
      [report(1000, 60), report(940, 60, { answeringNs: 6e7 })],
      1e6 / 0.9,
      'limited',
    ],
    ['is 100 a second at least', [report(1000, 60), report(940, 60, limited)], 10e6, 'limited'],
    ['is halved for a few', [report(1000, 4), report(996, 4, limited)], 2e4, 'some'],
    ['is halved for few after many', [report(1000, 900), report(9, 5), report(8, 5, limited)], 4e4, 'some'],
    [
      'is halved where going slower did not help',
      [report(1000, 60), report(940, 60, limited), report(880, 50)],
      10e6,
      'some',
    ],
  ] as const)('%s', (_, reports, intervalNs, losses) => {
    const { intervalNs: found, losses: told } = paceAfter(0, reports)
    expect(found).toBeCloseTo(intervalNs, 3)
    expect(told.at(-1)).toBe(losses)
  })

  it('is never quicker than it was, nor than the settings say, and ends above all limits', () => {
    const any = fc.record({
      shots: fc.integer({ min: 0, max: 2 ** 20 }),
      shootingNs: fc.integer({ min: 0, max: 1e12 }),
      answers: fc.nat(2 ** 20),
      lateAnswers: fc.nat(10),
      answeringNs: fc.integer({ min: 0, max: 1e12 }),
      hasDropped: fc.boolean(),
    })
    fc.assert(
      fc.property(fc.array(any, { maxLength: 12 }), fc.constantFrom(0, 1e4, 5e7), (reports, leastNs) => {
        const pace = createScanPace(leastNs)
        for (const each of reports) {
          const before = pace.intervalNs
          pace.learn(each)
          const measuredNs = each.shots > 1 ? each.shootingNs / (each.shots - 1) : 0
          expect(pace.intervalNs).toBeGreaterThanOrEqual(before)
          expect(pace.intervalNs).toBeLessThanOrEqual(Math.max(before, measuredNs, 10e6))
        }
      }),
    )
  })
})

describe('the prospects of another pass', () => {
  const after = (answers: readonly number[]): boolean => {
    const prospects = createProspects()
    for (const each of answers) prospects.learn(report(1000, each), 'some')
    return prospects.areGood
  }
  it.each([
    ['good before the first one', [], true],
    ['good while passes bring answers', [900, 30, 1], true],
    ['bad after one in vain where little is lost', [900, 10, 1, 0], false],
    ['good after one in vain where one in five is lost', [800, 160, 32, 6, 1, 0], true],
    ['bad after some', [800, 160, 32, 6, 1, 0, 0, 0, 0], false],
    ['bad where nothing ever came', [0], false],
  ] as const)('are %s', (_, answers, areGood) => {
    expect(after(answers)).toBe(areGood)
  })

  it('are good after late answers and lost packets, and bad when a limit was found and kept', () => {
    const prospects = createProspects()
    prospects.learn(report(9, 0, { lateAnswers: 1 }), 'none')
    expect(prospects.areGood).toBe(true)
    prospects.learn(report(9, 0, { hasDropped: true }), 'some')
    expect(prospects.areGood).toBe(true)
    for (const answers of [50, 50, 60]) prospects.learn(report(1000, answers), 'limited')
    prospects.learn(report(9, 0), 'none')
    expect(prospects.areGood).toBe(false)
  })
})

describe('the counts of a pass', () => {
  const answer = (timeNs: number, rttNs: number | undefined) =>
    ({ timing: { rttNs, clock: 'packet', elapsedNs: 1 }, packet: { timeNs } }) as Parameters<
      ReturnType<typeof createPassCounts>['answered']
    >[1]

  it('tell what came of its own shots from what came of earlier ones', () => {
    const trips = createRoundTrips()
    const counts = createPassCounts(trips)
    counts.begin(0)
    for (const atNs of [1000, 1500, 3000]) counts.sent(atNs)
    counts.answered(0, answer(9000, 500), true)
    expect(counts.report(false)).toEqual({
      shots: 3,
      shootingNs: 2000,
      answers: 1,
      lateAnswers: 0,
      answeringNs: 7500,
      hasDropped: false,
    })
    counts.begin(3)
    counts.sent(20_000)
    counts.answered(1, answer(21_000, undefined), true)
    counts.answered(0, answer(22_000, undefined), false)
    expect(counts.report(true)).toEqual({
      shots: 1,
      shootingNs: 0,
      answers: 0,
      lateAnswers: 1,
      answeringNs: 0,
      hasDropped: true,
    })
    expect(trips.smoothNs).toBe(500)
  })
})

/** What happens to the next shot of a pass. */
const event = fc.constantFrom('answer', 'answer-earlier', 'refuse', 'silence')

describe('the aims of a scan', () => {
  it('are asked in their order until they answer, whatever happens, as a list of objects would tell', () => {
    fc.assert(
      fc.property(
        fc.nat(40),
        fc.array(fc.array(event, { minLength: 40, maxLength: 40 }), { maxLength: 6 }),
        (count, passes) => {
          const aims = createScanAims(count, 512)
          const model = Array.from({ length: count }, (_, k) => ({ k, fate: 'unasked' as AimFate, shots: 0 }))
          const earlier: number[] = []
          for (const events of passes) {
            const pending = model.filter(({ fate }) => fate === 'unasked' || fate === 'unanswered')
            expect(aims.begin()).toBe(pending.length)
            for (const what of events) {
              const next = pending.find(({ fate }) => fate === 'unasked' || fate === 'unanswered')
              const k = aims.take()
              expect(k).toBe(next?.k)
              if (next === undefined) break
              pending.splice(0, pending.indexOf(next) + 1)
              const shot = earlier.push(next.k) - 1
              if (what === 'refuse') {
                aims.refuse(shot)
                next.fate = 'refused'
                continue
              }
              aims.sent(shot)
              next.shots += 1
              if (next.fate === 'unasked') next.fate = 'unanswered'
              if (what === 'silence') continue
              const of = what === 'answer' ? shot : Math.floor(shot / 2)
              const aim = model[earlier[of] ?? 0]
              expect(aims.answer(of)).toBe(aim?.fate !== 'answered')
              if (aim !== undefined) aim.fate = 'answered'
            }
          }
          expect(model.map(({ k }) => aims.fateOf(k))).toEqual(model.map(({ fate }) => fate))
          expect(model.map(({ k }) => aims.shotsAt(k))).toEqual(model.map(({ shots }) => shots))
          const has = (...fates: AimFate[]) => model.filter(({ fate }) => fates.includes(fate)).length
          expect([aims.answered, aims.refused, aims.waiting]).toEqual([
            has('answered'),
            has('refused'),
            has('unasked', 'unanswered'),
          ])
        },
      ),
    )
  })

  it('are found by their shots, though these are many more than are remembered', () => {
    const aims = createScanAims(5000, 16)
    aims.begin()
    for (let shot = 0; shot < 5000; shot++) {
      expect(aims.take()).toBe(shot)
      aims.sent(shot)
      if (shot >= 15) expect(aims.answer(shot - 15)).toBe(true)
    }
    expect(aims.begin()).toBe(15)
    expect(aims.take()).toBe(4985)
  })
})
