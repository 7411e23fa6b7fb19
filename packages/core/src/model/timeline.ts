import type { Word } from './observation.ts'
import {
  allOf,
  currentStreak,
  firstStreak,
  lastedUntil,
  longer,
  type Moment,
  type Streak,
  type Streaks,
  withResult,
} from './streaks.ts'

/** Address changes whose details are kept; all are counted. */
const RECENT = 32

/** Up is open; down is everything else. */
export type UpDown = 'up' | 'down'

export interface AddressChange {
  /** Wall-clock date of the first probe to the new address (milliseconds since 1970). */
  readonly atMs: number
  readonly from: string
  readonly to: string
}

/** What the timeline takes from a result. */
export interface Step extends Moment {
  readonly word: Word
  readonly address: string
}

/** A value: every result makes a new one. */
export interface Timeline {
  readonly words: Streaks<Word>
  readonly upDown: Streaks<UpDown>
  readonly lastOpenAtMs: number | undefined
  readonly lastNotOpenAtMs: number | undefined
  readonly address: string
  readonly addressChanges: number
  readonly recentAddressChanges: readonly AddressChange[]
}

/** Time spent up or down. `longest` is undefined when there was none. */
export interface Share {
  readonly totalMs: number
  readonly longest: Streak<UpDown> | undefined
}

/** Fields ending in `AtMs` are wall-clock dates (milliseconds since 1970), other times are durations. */
export interface TimelineSummary {
  /** The state now and since when; `probes` is the number of results of this streak. */
  readonly current: Streak<Word>
  /** The longest-lasting streak of one word. */
  readonly longestStreak: Streak<Word>
  /** How often a result's word differed from the one before. */
  readonly changes: number
  readonly lastOpenAtMs: number | undefined
  readonly lastNotOpenAtMs: number | undefined
  /** Maximal streaks of results that were not open, the one under way included. */
  readonly outages: number
  /** `up.totalMs + down.totalMs`: from the first probe's start until the end. */
  readonly totalMs: number
  readonly up: Share
  /** `down.longest` is the longest outage. */
  readonly down: Share
  readonly addressChanges: number
  /** The last 32 of them, oldest first. */
  readonly recentAddressChanges: readonly AddressChange[]
}

/**
 * Adds the next result. What a probe found holds from its start until the next probe's start. Durations
 * come from the monotonic clock and are never negative: a start before the last one counts as equal.
 */
export function withStep(timeline: Timeline | undefined, step: Step): Timeline {
  const { word, address, startedAtMs } = step
  const upDown: UpDown = word === 'open' ? 'up' : 'down'
  return {
    words: timeline ? withResult(timeline.words, word, step) : firstStreak(word, step),
    upDown: timeline ? withResult(timeline.upDown, upDown, step) : firstStreak(upDown, step),
    lastOpenAtMs: upDown === 'up' ? startedAtMs : timeline?.lastOpenAtMs,
    lastNotOpenAtMs: upDown === 'down' ? startedAtMs : timeline?.lastNotOpenAtMs,
    address,
    ...addressChanges(timeline, step),
  }
}

function addressChanges(timeline: Timeline | undefined, { address, startedAtMs }: Step) {
  if (timeline === undefined) return { addressChanges: 0, recentAddressChanges: [] }
  const { addressChanges: count, recentAddressChanges: recent } = timeline
  if (timeline.address === address) return { addressChanges: count, recentAddressChanges: recent }
  const change: AddressChange = { atMs: startedAtMs, from: timeline.address, to: address }
  return { addressChanges: count + 1, recentAddressChanges: [...recent.slice(1 - RECENT), change] }
}

/** The figures as of `nowMs` (monotonic), or as of the last probe's start when it is left out. */
export function summarize(timeline: Timeline, nowMs: number | undefined): TimelineSummary {
  const { lastOpenAtMs, lastNotOpenAtMs, recentAddressChanges } = timeline
  const words = lastedUntil(timeline.words, nowMs ?? timeline.words.untilMs)
  const upDown = lastedUntil(timeline.upDown, nowMs ?? timeline.upDown.untilMs)
  const up = share(upDown, 'up')
  const down = share(upDown, 'down')
  return {
    current: currentStreak(words),
    longestStreak: longestOf(words),
    changes: words.changes,
    lastOpenAtMs,
    lastNotOpenAtMs,
    outages: allOf(upDown, 'down')?.streaks ?? 0,
    totalMs: up.totalMs + down.totalMs,
    up,
    down,
    addressChanges: timeline.addressChanges,
    recentAddressChanges,
  }
}

function share(streaks: Streaks<UpDown>, of: UpDown): Share {
  const ended = allOf(streaks, of)
  return { totalMs: ended?.totalMs ?? 0, longest: ended?.longest }
}

function longestOf(streaks: Streaks<Word>): Streak<Word> {
  const ended = [...streaks.ended.values()].map(({ longest }) => longest)
  return [...ended, currentStreak(streaks)].reduce(longer)
}
