import { afterEach, describe, expect, it } from 'vitest'
import { localDateTime, timeZone } from '../src/model/dates.ts'

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
