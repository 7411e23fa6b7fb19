import { isoTime } from '@portkit/core'
import type { TimeStyle } from './settings.ts'

/** What stands in front of a line: ping's `[1732200000.123456] `, a date, or the time since the start. */
export function stamp(style: TimeStyle | undefined, wallMs: number, sinceStartMs: number): string {
  switch (style) {
    case undefined:
      return ''
    case 'iso':
      return `${isoTime(wallMs)} `
    case 'unix':
      return `[${(wallMs / 1000).toFixed(6)}] `
    case 'relative':
      return `+${(sinceStartMs / 1000).toFixed(3)} s `
  }
}
