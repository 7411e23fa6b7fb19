import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { calendarTime, clockTime, minuteTime, secondTime } from '../src/report/dates.ts'
import { elapsedSeconds, hoursText, latencySeconds, octetsText } from '../src/report/numbers.ts'

describe('latencies', () => {
  it.each([
    [54, '0.000054'],
    [7, '0.0000070'],
    [14, '0.000014'],
    [170, '0.00017'],
    [400, '0.00040'],
    [125, '0.00013'],
    [9999.9, '0.0100'],
    [114_000, '0.11'],
    [999_999, '1.00'],
    [1_540_000, '1.5'],
    [12_340_000, '12'],
    [123_456_000, '120'],
    [0, '0.00'],
    [-1, '0.00'],
    [Number.NaN, '0.00'],
    [Number.POSITIVE_INFINITY, '0.00'],
  ])('of %d microseconds are %s', (us, text) => {
    expect(latencySeconds(us)).toBe(text)
  })

  it('are right to two digits, whatever they are', () =>
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 1e9 }), (us) => {
        const shown = Number(latencySeconds(us)) * 1e6
        expect(Math.abs(shown - us)).toBeLessThanOrEqual(0.0501 * us)
      }),
    ))
})

describe('numbers', () => {
  it.each([
    [0, '0B'],
    [600, '600B'],
    [999, '999B'],
    [1000, '1.000KB'],
    [1744, '1.744KB'],
    [13_128, '13.128KB'],
    [2_883_540, '2.884MB'],
  ])('of %d octets are %s', (octets, text) => {
    expect(octetsText(octets)).toBe(text)
  })

  it('of hours and seconds are those that have passed', () => {
    expect(['0:00:00', '0:00:03', '0:01:22', '27:46:40']).toEqual([0, 3999, 82_000, 1e8].map(hoursText))
    expect(hoursText(-5)).toBe('0:00:00')
    expect(elapsedSeconds(1325)).toBe('1.32')
  })
})

describe('dates', () => {
  it('have the forms that nmap has', () => {
    const ms = new Date(2026, 10, 6, 4, 5, 9).getTime()
    expect(calendarTime(ms)).toBe('Fri Nov  6 04:05:09 2026')
    expect(clockTime(ms)).toBe('04:05')
    expect(minuteTime(ms)).toMatch(/^2026-11-06 04:05 UTC(?:[+-][\d:]+)?$/)
    expect(secondTime(ms)).toMatch(/^2026-11-06 04:05:09 UTC(?:[+-][\d:]+)?$/)
  })

  it('name the right day of the week', () =>
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 8e12 }), (ms) => {
        // Node writes it `Fri Nov 06 2026 04:05:09 GMT…`.
        const [weekday = '', month = '', day = '', year = '', time = ''] = new Date(ms).toString().split(' ')
        const expected = `${weekday} ${month} ${String(Number(day)).padStart(2)} ${time} ${year}`
        expect(calendarTime(ms)).toBe(expected)
      }),
    ))
})
