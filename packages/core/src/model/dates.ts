// The one place that turns milliseconds since 1970 into calendar dates; it never asks what time it is.

/** `2026-11-21T14:03:07.123Z` (RFC 3339). */
export function isoTime(ms: number): string {
  return new Date(ms).toISOString()
}

/** `2026-11-21 14:03:07` in the local time zone. */
export function localDateTime(ms: number): string {
  const d = new Date(ms)
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())} ${localTime(ms)}`
}

/** `14:03:07` in the local time zone. */
export function localTime(ms: number): string {
  const d = new Date(ms)
  return `${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`
}

/** The local time zone at that time by its distance: `UTC`, `UTC+1`, `UTC-3:30`. Its name would take Intl, which is slow to load. */
export function timeZone(ms: number): string {
  const minutes = -new Date(ms).getTimezoneOffset()
  if (minutes === 0) return 'UTC'
  const size = Math.abs(minutes)
  const rest = size % 60 === 0 ? '' : `:${two(size % 60)}`
  return `UTC${minutes < 0 ? '-' : '+'}${Math.floor(size / 60)}${rest}`
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/**
 * Milliseconds since 1970 of a certificate's time as OpenSSL prints it (ASN1_TIME_print: `Nov  1 14:03:07 2026 GMT`,
 * fractions of a second are left out); undefined for anything else, as for the times that OpenSSL calls bad.
 */
export function certificateTime(text: string): number | undefined {
  const form = /^(\w{3}) {1,2}(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.\d+)? (\d{4})(?: GMT)?$/
  const [, name = '', ...numbers] = form.exec(text) ?? []
  const month = MONTHS.indexOf(name)
  const [day = 0, hour = 0, minute = 0, second = 0, year = 0] = numbers.map(Number)
  if (month < 0 || day < 1) return undefined
  // Not Date.UTC, which takes the years 0 to 99 for those of the last century.
  const date = new Date(0)
  date.setUTCFullYear(year, month, day)
  date.setUTCHours(hour, minute, second)
  return date.getUTCDate() === day ? date.getTime() : undefined
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
