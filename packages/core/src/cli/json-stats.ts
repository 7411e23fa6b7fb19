import { isoTime } from '../model/dates.ts'
import type { Word } from '../model/observation.ts'
import type { RttFigures, StatsSnapshot } from '../model/stats.ts'
import type { TimelineSummary } from '../model/timeline.ts'
import { msOf, nsToMs } from './nanoseconds.ts'

/** Figures of one target as JSON has them. null is what cannot be said. */
export interface StatsRecord {
  readonly sent: number
  /** Open and closed. */
  readonly answered: number
  readonly open: number
  readonly closed: number
  readonly stealth: number
  readonly unreachable: number
  /** Probes that this machine could not carry out; not among `sent`. */
  readonly errors: number
  /** Probes whose SYN was sent more than once. */
  readonly resent: number
  /** null when nothing was sent. */
  readonly lossPercent: number | null
  /** null when no round trip was measured. */
  readonly rttMs: RttRecord | null
  /** null before the first result. */
  readonly timeline: TimelineRecord | null
}

/** Milliseconds; `jitter` is null with less than two samples. */
export interface RttRecord {
  readonly min: number
  readonly avg: number
  readonly max: number
  readonly mdev: number
  readonly median: number
  readonly p95: number
  readonly p99: number
  readonly jitter: number | null
}

/** Up is open, down is everything else; times of day are ISO 8601. */
export interface TimelineRecord {
  readonly word: Word
  /** Since when it has been so. */
  readonly since: string
  readonly changes: number
  readonly outages: number
  readonly upMs: number
  readonly downMs: number
  readonly longestOutage: { readonly time: string; readonly lastedMs: number } | null
  readonly lastOpen: string | null
  readonly lastNotOpen: string | null
  readonly addressChanges: number
}

export function statsRecord({ words, rtt, timeline, ...figures }: StatsSnapshot): StatsRecord {
  const { sent, answered, localErrors, resent, lossPercent } = figures
  return {
    sent,
    answered,
    open: words.open,
    closed: words.closed,
    stealth: words.stealth,
    unreachable: words.unreachable,
    errors: localErrors,
    resent,
    lossPercent: lossPercent ?? null,
    rttMs: rtt === undefined ? null : rttRecord(rtt),
    timeline: timeline === undefined ? null : timelineRecord(timeline),
  }
}

function rttRecord(rtt: RttFigures): RttRecord {
  return {
    min: nsToMs(rtt.minNs),
    avg: nsToMs(rtt.avgNs),
    max: nsToMs(rtt.maxNs),
    mdev: nsToMs(rtt.mdevNs),
    median: nsToMs(rtt.medianNs),
    p95: nsToMs(rtt.p95Ns),
    p99: nsToMs(rtt.p99Ns),
    jitter: msOf(rtt.jitterNs),
  }
}

function timelineRecord(timeline: TimelineSummary): TimelineRecord {
  const { current, changes, outages, up, down, lastOpenAtMs, lastNotOpenAtMs, addressChanges } = timeline
  const { longest } = down
  return {
    word: current.of,
    since: isoTime(current.startedAtMs),
    changes,
    outages,
    upMs: rounded(up.totalMs),
    downMs: rounded(down.totalMs),
    longestOutage:
      longest === undefined
        ? null
        : { time: isoTime(longest.startedAtMs), lastedMs: rounded(longest.lastedMs) },
    lastOpen: lastOpenAtMs === undefined ? null : isoTime(lastOpenAtMs),
    lastNotOpen: lastNotOpenAtMs === undefined ? null : isoTime(lastNotOpenAtMs),
    addressChanges,
  }
}

/** Milliseconds without decimals beyond the nanosecond. */
function rounded(ms: number): number {
  return nsToMs(ms * 1e6)
}
