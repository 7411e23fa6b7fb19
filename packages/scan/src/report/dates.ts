import { localDateTime, localTime, timeZone } from '@portkit/core'

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
/** What months add to the day of the week, from January on, in years that begin with March (T. Sakamoto, 1992). */
const SHIFTS = [0, 3, 2, 5, 0, 3, 5, 1, 4, 6, 2, 4]

/** `2026-11-20 14:43 UTC`, local; `ms` since 1970. */
export function minuteTime(ms: number): string {
  return `${localDateTime(ms).slice(0, -3)} ${timeZone(ms)}`
}

/** `2026-11-20 14:46:05 UTC`, local. */
export function secondTime(ms: number): string {
  return `${localDateTime(ms)} ${timeZone(ms)}`
}

/** `14:43`, local. */
export function clockTime(ms: number): string {
  return localTime(ms).slice(0, -3)
}

/** `Fri Nov 20 14:47:11 2026`, local; the day of the month takes two columns (C11 section 7.27.3.1, asctime). */
export function calendarTime(ms: number): string {
  const [date = '', time = ''] = localDateTime(ms).split(' ')
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number)
  const weekday = WEEKDAYS[weekdayOf(year, month, day)] ?? ''
  return `${weekday} ${MONTHS[month - 1] ?? ''} ${String(day).padStart(2)} ${time} ${year}`
}

function weekdayOf(year: number, month: number, day: number): number {
  const y = month < 3 ? year - 1 : year
  const leaps = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400)
  return (y + leaps + (SHIFTS[month - 1] ?? 0) + day) % 7
}
