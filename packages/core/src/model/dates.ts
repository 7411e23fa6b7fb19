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

/** The local time zone's short name at that time: `UTC`, `CET`, `GMT+9` where it has none in English. */
export function timeZone(ms: number): string {
  // date(1) and Intl agree on the letters where there are any.
  const parts = new Intl.DateTimeFormat('en', { timeZoneName: 'short' }).formatToParts(new Date(ms))
  return parts.find(({ type }) => type === 'timeZoneName')?.value ?? 'UTC'
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}
