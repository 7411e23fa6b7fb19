import { escapeControl, fixed } from '@portkit/core'
import type { Progress } from '../model/event.ts'
import { clockTime } from './dates.ts'
import { hoursText } from './numbers.ts'

/** Whether and how often a text tells how far the run is. */
export interface StatsWish {
  /** --stats-every; undefined: only when it takes long, and with -v. */
  readonly statsEveryMs?: number | undefined
  readonly verbose: number
}

/** Below that, nmap does not trust its expectation. */
const LEAST_TOLD = 0.01
/** When nobody asked for it, the end is only told of what lasts, and again only when it is another (nmap's timing.cc). */
const UNASKED = { leastDone: 0.003, leastLeftMs: 30_000, movedMs: 15_000, movedShare: 0.05 } as const

/** Lines about how far a run is, at the moments when they are due. */
export interface StatsLines {
  /** Empty when nothing is due. */
  at(progress: Progress): string
  /** Another phase begins: what was expected of the last one is no longer told of. */
  restart(): void
}

/** `Stats: 0:00:03 elapsed; 0 hosts completed (1 up), 1 undergoing SYN Stealth Scan` and what is expected. */
export function createStatsLines({ statsEveryMs, verbose }: StatsWish): StatsLines {
  let nextMs = statsEveryMs ?? Number.POSITIVE_INFINITY
  /** When the end was expected, the last time that was told; milliseconds since 1970. */
  let toldEndMs: number | undefined
  return {
    at(progress) {
      if (statsEveryMs !== undefined && progress.elapsedMs >= nextMs) {
        // Moments that were missed are not made up for.
        nextMs = (Math.floor(progress.elapsedMs / statsEveryMs) + 1) * statsEveryMs
        toldEndMs = endOf(progress) ?? toldEndMs
        return statusText(progress)
      }
      if (verbose === 0 || !isWorthTelling(progress, toldEndMs)) return ''
      toldEndMs = endOf(progress)
      return timingLine(progress)
    },
    restart() {
      toldEndMs = undefined
    },
  }
}

function endOf({ nowMs, remainingMs }: Progress): number | undefined {
  return remainingMs === undefined ? undefined : nowMs + remainingMs
}

function isWorthTelling(progress: Progress, toldEndMs: number | undefined): boolean {
  const { nowMs, remainingMs, done } = progress
  if (remainingMs === undefined || done <= UNASKED.leastDone || remainingMs < UNASKED.leastLeftMs)
    return false
  if (toldEndMs === undefined || toldEndMs < nowMs) return true
  const movedMs = Math.abs(nowMs + remainingMs - toldEndMs)
  return movedMs > UNASKED.movedMs && movedMs > UNASKED.movedShare * remainingMs
}

/** What a user gets to know who asks how far the run is. */
export function statusText(progress: Progress): string {
  return statusLine(progress) + timingLine(progress)
}

function statusLine({ elapsedMs, hostsDone, hostsUp, hostsUnderway, phase }: Progress): string {
  const hosts = `${hostsDone} hosts completed (${hostsUp} up), ${hostsUnderway} undergoing`
  return `Stats: ${hoursText(elapsedMs)} elapsed; ${hosts} ${escapeControl(phase)}\n`
}

/** `SYN Stealth Scan Timing: About 16.47% done; ETC: 14:47 (0:00:15 remaining)` */
function timingLine(progress: Progress): string {
  const { phase, done, remainingMs } = progress
  const endMs = done < LEAST_TOLD ? undefined : endOf(progress)
  const rounded = Math.round((remainingMs ?? 0) / 1e3) * 1e3
  const end = endMs === undefined ? '' : `; ETC: ${clockTime(endMs)} (${hoursText(rounded)} remaining)`
  return `${escapeControl(phase)} Timing: About ${fixed(100 * Math.min(1, Math.max(0, done)), 2)}% done${end}\n`
}
