import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type Course, createCourse } from '../src/run/course.ts'
import type { Settings } from '../src/settings.ts'
import { settingsOf } from './command-line-kit.ts'

const HOST = '10.0.0.2'

async function courseOf(options: string): Promise<Course> {
  return createCourse(await settingsOf(...options.split(' ').filter(Boolean), HOST))
}

function next(course: Course, times: number): readonly string[] {
  return Array.from({ length: times }, () => {
    const { port, ttl } = course.next()
    return `${port} ${ttl}`
  })
}

describe('the course of a run', () => {
  it.each([
    ['', ['0 64', '0 64', '0 64']],
    ['-p 22 -t 9', ['22 9', '22 9', '22 9']],
    ['-p ++65534', ['65534 64', '65535 64', '0 64']],
    ['-p +22', ['22 64', '22 64', '22 64']],
    ['-T', ['0 1', '0 1', '0 1', '0 2', '0 2', '0 2', '0 3']],
    ['-T --tr-keep-ttl', ['0 1', '0 1', '0 1', '0 1', '0 1']],
    ['-T -t 255', ['0 255', '0 255', '0 255', '0 255', '0 255']],
  ])('without answers: %j', async (options, places) => {
    expect(next(await courseOf(options), places.length)).toEqual(places)
  })

  it('rises with each answer', async () => {
    const course = await courseOf('-p +65534')
    expect(next(course, 1)).toEqual(['65534 64'])
    course.answered(undefined, false)
    course.answered(undefined, true)
    course.answered(undefined, false)
    expect(next(course, 1)).toEqual(['1 64'])
  })

  it('climbs when the hop of now has answered, and stays where the target has', async () => {
    const course = await courseOf('-T')
    next(course, 1)
    course.answered(1, true)
    expect(next(course, 1)).toEqual(['0 2'])
    course.answered(1, true)
    expect(next(course, 1)).toEqual(['0 2'])
    course.answered(2, false)
    course.answered(2, true)
    expect(next(course, 6)).toEqual(Array.from({ length: 6 }, () => '0 2'))
  })

  it('gives every hop three packets, whatever the ones before it got', async () => {
    const course = await courseOf('-T')
    expect(next(course, 2)).toEqual(['0 1', '0 1'])
    course.answered(1, true)
    expect(next(course, 4)).toEqual(['0 2', '0 2', '0 2', '0 3'])
  })

  it('gives the hop that Ctrl-Z led to three packets, too', async () => {
    const course = await courseOf('-T')
    expect(next(course, 2)).toEqual(['0 1', '0 1'])
    course.raise(0)
    expect(next(course, 4)).toEqual(['0 2', '0 2', '0 2', '0 3'])
  })

  it.each([
    ['-p 22', [0, 1e9, 1.2e9, 1.3e9, 9e9], [23, 24, 25, 23, 24]],
    ['-p 22', [0, 200e6 - 1], [23, 21]],
    ['-p 22', [0, 200e6], [23, 24]],
    ['-p 65535', [0, 1e9], [0, 1]],
    ['-p 0', [0, 1, 2, 3], [1, 0, 0, 0]],
    ['-z -t 254', [0, 1e9, 2e9], [255, 255, 255]],
    ['-z -t 2', [0, 1, 2, 3], [3, 1, 1, 1]],
    ['-T', [0, 1e9], [2, 3]],
  ])('%s is led by Ctrl-Z at %j', async (options, strokes, values) => {
    const course = await courseOf(options)
    expect(strokes.map((atNs) => course.raise(atNs))).toEqual(values)
  })
})

type Event =
  | { readonly does: 'next' }
  | { readonly does: 'answer'; readonly ttl: number; readonly isPassing: boolean }
  | { readonly does: 'raise'; readonly afterNs: number }

const EVENT: fc.Arbitrary<Event> = fc.oneof(
  fc.constant({ does: 'next' } as const),
  fc.record({
    does: fc.constant('answer' as const),
    ttl: fc.integer({ min: 1, max: 255 }),
    isPassing: fc.boolean(),
  }),
  fc.record({ does: fc.constant('raise' as const), afterNs: fc.integer({ min: 0, max: 400e6 }) }),
)

/** Everything that a course depends on. */
const SETTINGS = fc.record({
  destination: fc.record({
    first: fc.oneof(fc.constantFrom(0, 65535), fc.nat(65535)),
    rises: fc.constantFrom('never' as const, 'answers' as const, 'packets' as const),
  }),
  traceroute: fc.boolean(),
  trKeepTtl: fc.boolean(),
  suspendRaises: fc.constantFrom('port' as const, 'ttl' as const),
  ttl: fc.constantFrom(undefined, 1, 64, 254, 255),
})

describe('laws of a course', () => {
  it('never leaves the ports and the TTLs that there are, whatever happens', async () => {
    const usual = await settingsOf(HOST)
    fc.assert(
      fc.property(SETTINGS, fc.array(EVENT, { maxLength: 400 }), ({ ttl, ...more }, events) => {
        const settings: Settings = { ...usual, ...more, ip: { ...usual.ip, ttl } }
        const course = createCourse(settings)
        let nowNs = 0
        for (const event of events) {
          if (event.does === 'answer')
            course.answered(more.traceroute ? event.ttl : undefined, event.isPassing)
          else if (event.does === 'raise') {
            nowNs += event.afterNs
            expect(course.raise(nowNs)).toSatisfy(
              (value: number) => Number.isInteger(value) && value >= 0 && value <= 65535,
            )
          } else {
            const place = course.next()
            expect(
              Number.isInteger(place.port) && place.port >= 0 && place.port <= 65535,
              String(place.port),
            ).toBe(true)
            expect(Number.isInteger(place.ttl) && place.ttl >= 1 && place.ttl <= 255, String(place.ttl)).toBe(
              true,
            )
          }
        }
      }),
    )
  })

  it('a traceroute without Ctrl-Z goes up by single hops, and never down', async () => {
    const usual = await settingsOf('-T', HOST)
    const answers = EVENT.filter(({ does }) => does !== 'raise')
    fc.assert(
      fc.property(fc.array(answers, { maxLength: 400 }), (events) => {
        const course = createCourse(usual)
        let before = 1
        for (const event of events) {
          if (event.does === 'answer') course.answered(event.ttl, event.isPassing)
          if (event.does !== 'next') continue
          const { ttl } = course.next()
          // Between two packets one answer and three silent packets may each have raised it.
          expect(ttl - before).toBeGreaterThanOrEqual(0)
          before = ttl
        }
      }),
    )
  })
})
