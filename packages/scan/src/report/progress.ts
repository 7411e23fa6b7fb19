import { createLiveLine, escapeControl, fixed, type Terminal } from '@portkit/core'
import type { Progress, Sink } from '../model/event.ts'
import { counted } from './numbers.ts'

/** From here on a run counts as one that lets people wait. */
const PATIENCE_MS = 1000

/** How far a run is, on one line of a terminal that is written over. */
export interface ProgressLine {
  /** Writes the line anew; nothing within the first second, and where there is no terminal. */
  show(progress: Progress): void
  /** Takes it away: before anything else is written to the same terminal, and at the end. */
  clear(): void
}

/** `SYN Stealth Scan 16.4 %, 3 of 256 hosts, 12 open ports, 14 s, about 70 s left`. `sink` is that of the terminal. */
export function createProgressLine(terminal: Pick<Terminal, 'isTty' | 'columns'>, sink: Sink): ProgressLine {
  const line = createLiveLine(terminal)
  const write = (text: string): void => {
    if (text !== '') sink.write(text)
  }
  return {
    show(progress) {
      if (progress.elapsedMs >= PATIENCE_MS) write(line.show(progressText(progress)))
    },
    clear() {
      write(line.clear())
    },
  }
}

function progressText(progress: Progress): string {
  const { phase, done, hostsDone, hostsTotal, openPorts, elapsedMs, remainingMs } = progress
  // Never 100 % while there is something to do.
  const percent = fixed(Math.floor(1000 * Math.min(0.999, Math.max(0, done))) / 10, 1)
  const hosts =
    hostsTotal === undefined ? counted(hostsDone, 'host') : `${hostsDone} of ${counted(hostsTotal, 'host')}`
  return [
    `${escapeControl(phase)} ${percent} %`,
    // Of a single host this would tell nothing.
    ...(hostsTotal === 1 ? [] : [hosts]),
    counted(openPorts, 'open port'),
    spanText(elapsedMs),
    ...(remainingMs === undefined ? [] : [`about ${spanText(Math.max(1000, remainingMs))} left`]),
  ].join(', ')
}

/** `0 s`, `70 s`, `12 min`, `3 h 10 min`: no finer than anybody wants to know. */
function spanText(ms: number): string {
  const seconds = Math.floor(ms / 1e3)
  if (seconds < 120) return `${seconds} s`
  const minutes = Math.round(seconds / 60)
  if (minutes < 120) return `${minutes} min`
  const rest = minutes % 60
  return `${Math.floor(minutes / 60)} h${rest === 0 ? '' : ` ${rest} min`}`
}
