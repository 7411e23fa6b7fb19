/** An unbroken run of results of one kind. */
export interface Streak<K> {
  readonly of: K
  /** Wall-clock date of its first probe (milliseconds since 1970). */
  readonly startedAtMs: number
  /** From its first probe to the first probe of the next streak, or until now. */
  readonly lastedMs: number
  readonly probes: number
}

/** The streak under way and what became of those before it. Times without a date are monotonic. */
export interface Streaks<K extends string> {
  readonly of: K
  readonly startedAtMs: number
  readonly sinceMs: number
  readonly untilMs: number
  readonly probes: number
  readonly changes: number
  readonly ended: ReadonlyMap<K, Ended<K>>
}

interface Ended<K> {
  readonly streaks: number
  readonly totalMs: number
  readonly longest: Streak<K>
}

/** A moment on both clocks. */
export interface Moment {
  /** Wall clock, milliseconds since 1970: for dates. */
  readonly startedAtMs: number
  /** Monotonic clock, milliseconds since any start: for durations. */
  readonly startedMs: number
}

export function firstStreak<K extends string>(of: K, { startedAtMs, startedMs }: Moment): Streaks<K> {
  const at = { startedAtMs, sinceMs: startedMs, untilMs: startedMs }
  return { of, ...at, probes: 1, changes: 0, ended: new Map() }
}

/** Adds a result: its kind holds from its start on, the kind before it held until then. */
export function withResult<K extends string>(streaks: Streaks<K>, of: K, at: Moment): Streaks<K> {
  const lasted = lastedUntil(streaks, at.startedMs)
  const { startedAtMs, sinceMs, untilMs, probes, changes } = lasted
  // Written out: copying by spread made this line half of the whole fold's time.
  if (of === lasted.of) {
    return { of, startedAtMs, sinceMs, untilMs, probes: probes + 1, changes, ended: lasted.ended }
  }
  const next = { startedAtMs: at.startedAtMs, sinceMs: untilMs, untilMs }
  const ended = new Map(lasted.ended).set(lasted.of, endedOf(lasted))
  return { of, ...next, probes: 1, changes: changes + 1, ended }
}

/** Lets the streak under way last until `nowMs`; a moment that has passed already changes nothing. */
export function lastedUntil<K extends string>(streaks: Streaks<K>, nowMs: number): Streaks<K> {
  if (!(nowMs > streaks.untilMs)) return streaks
  const { of, startedAtMs, sinceMs, probes, changes, ended } = streaks
  return { of, startedAtMs, sinceMs, untilMs: nowMs, probes, changes, ended }
}

export function currentStreak<K extends string>(streaks: Streaks<K>): Streak<K> {
  const { of, startedAtMs, sinceMs, untilMs, probes } = streaks
  return { of, startedAtMs, lastedMs: untilMs - sinceMs, probes }
}

/** All streaks of a kind, the one under way included; undefined when there was none. */
export function allOf<K extends string>(streaks: Streaks<K>, of: K): Ended<K> | undefined {
  return of === streaks.of ? endedOf(streaks) : streaks.ended.get(of)
}

/** All streaks of the current kind, as if the one under way ended now. */
function endedOf<K extends string>(streaks: Streaks<K>): Ended<K> {
  const current = currentStreak(streaks)
  const before = streaks.ended.get(streaks.of)
  if (before === undefined) return { streaks: 1, totalMs: current.lastedMs, longest: current }
  const totalMs = before.totalMs + current.lastedMs
  return { streaks: before.streaks + 1, totalMs, longest: longer(before.longest, current) }
}

/** The earlier one when both lasted equally long. */
export function longer<K>(earlier: Streak<K>, later: Streak<K>): Streak<K> {
  return later.lastedMs > earlier.lastedMs ? later : earlier
}
