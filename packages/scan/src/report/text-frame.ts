import { escapeControl } from '@portkit/core'
import type { RunInfo } from '../model/scan-result.ts'
import { calendarTime, minuteTime } from './dates.ts'

/** `Starting portscan 1.0.0 ( portkit ) at 2026-11-20 14:43 UTC` */
export function firstLine({ scanner, version, startMs }: RunInfo): string {
  return `Starting ${escapeControl(scanner)} ${escapeControl(version)} ( portkit ) at ${minuteTime(startMs)}\n`
}

/** `# portscan 1.0.0 scan initiated Fri Nov 20 14:47:11 2026 as: portscan -p 22 10.0.0.2` */
export function firstComment(run: RunInfo): string {
  return `# ${runText(run)}\n`
}

/** The same without the mark of a comment and the end of the line; masscan's results do not say what was typed. */
export function runText({ scanner, version, startMs, args }: RunInfo): string {
  const name = `${escapeControl(scanner)} ${escapeControl(version)}`
  const typed = args === '' ? '' : ` as: ${escapeControl(args)}`
  return `${name} scan initiated ${calendarTime(startMs)}${typed}`
}
