import { type Clock, truncateToWidth } from '@portkit/core'

const EVERY_MS = 1000

/** What has passed so far. Octets and milliseconds. */
export interface Passed {
  readonly sent: number
  readonly received: number
  readonly elapsedMs: number
}

export interface Progress {
  /** A connection stands: with the first one the time begins. */
  begin(): void
  /** Hears of octets that pass. */
  watch(way: 'sent' | 'received', octets: Uint8Array): void
  /** Writes the last line, if anything has begun. Safe to call twice. */
  end(): void
}

/** What `--progress` needs of a terminal: stderr's. */
export interface ProgressTerminal {
  readonly isTty: boolean
  columns(): number
}

/**
 * Counts octets and tells of them from the first connection on: on a terminal once a second on one line that is written
 * over, and everywhere one line with the totals at the end.
 */
export function createProgress(
  clock: Clock,
  terminal: ProgressTerminal,
  write: (text: string) => void,
): Progress {
  let startNs: number | undefined
  const octets = { sent: 0, received: 0 }
  const abort = new AbortController()
  let before: Passed = { ...octets, elapsedMs: 0 }
  const now = (): Passed => ({ ...octets, elapsedMs: (clock.nowNs() - (startNs ?? clock.nowNs())) / 1e6 })
  const tick = (): void => {
    const passed = now()
    write(`\r${fitted(progressLine(passed, before), terminal)}${CLEAR}`)
    before = passed
  }
  return {
    begin() {
      if (startNs !== undefined) return
      startNs = clock.nowNs()
      if (terminal.isTty) void everySecond(clock, abort.signal, tick)
    },
    watch(way, { length }) {
      octets[way] += length
    },
    end() {
      if (startNs === undefined || abort.signal.aborted) return
      abort.abort()
      const line = progressLine(now())
      write(terminal.isTty ? `\r${fitted(line, terminal)}${CLEAR}\n` : `${line}\n`)
    },
  }
}

/** Erases the rest of the line (ECMA-48, EL). */
const CLEAR = '\u{1b}[K'

/** One column stays free: a full line would wrap on some terminals. */
function fitted(line: string, terminal: ProgressTerminal): string {
  return truncateToWidth(line, Math.max(1, terminal.columns() - 1))
}

async function everySecond(clock: Clock, signal: AbortSignal, tick: () => void): Promise<void> {
  while (!signal.aborted) {
    await clock.sleep(EVERY_MS, signal).catch(() => {})
    if (!signal.aborted) tick()
  }
}

/** `sent 1.50 MB, received 12 B, 750 kB/s, 0:02`; the rate is of both ways, since `before` where that is given. */
export function progressLine(
  passed: Passed,
  before: Passed = { sent: 0, received: 0, elapsedMs: 0 },
): string {
  const octets = passed.sent + passed.received - before.sent - before.received
  const seconds = (passed.elapsedMs - before.elapsedMs) / 1000
  const rate = seconds > 0 ? octets / seconds : 0
  const sizes = `sent ${octetCount(passed.sent)}, received ${octetCount(passed.received)}`
  return `${sizes}, ${octetCount(rate)}/s, ${elapsed(passed.elapsedMs)}`
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'] as const

/** Decimal units and three digits: `999 B`, `1.00 kB`, `56.3 MB`. */
export function octetCount(octets: number): string {
  let value = Math.round(octets)
  let unit = 0
  // What would be rounded to 1000 is already one of the next unit.
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000
    unit += 1
  }
  const digits = unit === 0 || value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2
  return `${value.toFixed(digits)} ${UNITS[unit]}`
}

/** `0:07`, `12:34`, `1:02:03`. */
function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1000)
  const two = (value: number): string => String(value).padStart(2, '0')
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`
}
