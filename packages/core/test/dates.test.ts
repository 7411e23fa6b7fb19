import { afterEach, describe, expect, it } from 'vitest'
import { certificateTime, localDateTime, timeZone } from '../src/model/dates.ts'

/** In January and in July. */
const WINTER = Date.UTC(2026, 0, 15, 12)
const SUMMER = Date.UTC(2026, 6, 15, 12)

describe('local dates', () => {
  const { TZ } = process.env
  const inZone = (zone: string | undefined): void => {
    if (zone === undefined) delete process.env.TZ
    else process.env.TZ = zone
  }
  afterEach(() => inZone(TZ))

  it.each([
    ['UTC', WINTER, '2026-01-15 12:00:00', 'UTC'],
    ['Europe/London', WINTER, '2026-01-15 12:00:00', 'UTC'],
    ['Europe/London', SUMMER, '2026-07-15 13:00:00', 'UTC+1'],
    ['Asia/Kathmandu', WINTER, '2026-01-15 17:45:00', 'UTC+5:45'],
    ['America/St_Johns', WINTER, '2026-01-15 08:30:00', 'UTC-3:30'],
    ['America/New_York', SUMMER, '2026-07-15 08:00:00', 'UTC-4'],
  ])('of %s are in the time of that place', (zone, ms, date, name) => {
    inZone(zone)
    expect([localDateTime(ms), timeZone(ms)]).toEqual([date, name])
  })
})

describe('the time of a certificate', () => {
  it.each([
    ['Nov  1 14:03:07 2026 GMT', '2026-11-01T14:03:07.000Z'],
    ['Nov 21 00:00:00 2026 GMT', '2026-11-21T00:00:00.000Z'],
    ['Feb 29 23:59:59.5 2028 GMT', '2028-02-29T23:59:59.000Z'],
    ['Dec 31 23:59:59 9999 GMT', '9999-12-31T23:59:59.000Z'],
    ['Jan  1 00:00:00 0070 GMT', '0070-01-01T00:00:00.000Z'],
  ])('is read from %j', (text, iso) => {
    expect(new Date(certificateTime(text) ?? Number.NaN).toISOString()).toBe(iso)
  })

  it.each([
    [''],
    ['Bad time value'],
    ['Nuv  1 14:03:07 2026 GMT'],
    ['Feb 30 14:03:07 2026 GMT'],
    ['2026-11-01'],
  ])('is not read from %j', (text) => expect(certificateTime(text)).toBeUndefined())
})
