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

function two(number: number): string {
  return String(number).padStart(2, '0')
}
