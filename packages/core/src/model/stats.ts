import type { Bucket, Scale } from './histogram.ts'
import { createInOrder, type Numbered } from './in-order.ts'
import { type Jitter, jitterNs, noJitter, withRtt } from './jitter.ts'
import { answered, type ProbeResult, type Word, word } from './observation.ts'
import { createRttStats, type RttSummary } from './rtt-stats.ts'
import { type Step, summarize, type Timeline, type TimelineSummary, withStep } from './timeline.ts'

/** Round-trip times of the probes that the target itself answered with one SYN (open and closed). */
export interface RttFigures extends RttSummary {
  /** Mean difference of consecutive answered probes, by their numbers; undefined with less than two. */
  readonly jitterNs: number | undefined
}

/** No figure is ever NaN or infinite: what cannot be said yet is undefined. */
export interface StatsSnapshot {
  /** Probes that were carried out; local errors are not among them. */
  readonly sent: number
  /** Open and closed. */
  readonly answered: number
  /** Per cent of the sent probes that the target did not answer; undefined when none was sent. */
  readonly lossPercent: number | undefined
  readonly words: Readonly<Record<Word, number>>
  /** Probes that this machine could not carry out. */
  readonly localErrors: number
  /** Probes whose SYN is known to have been sent more than once. */
  readonly resent: number
  /** undefined when no round trip was measured. */
  readonly rtt: RttFigures | undefined
  /** undefined before the first result. */
  readonly timeline: TimelineSummary | undefined
}

/** Statistics of one target. Owns its memory: at most about 200 kB, however many results. */
export interface Stats {
  /**
   * Results may arrive in any order, as overlapping probes do: jitter and timeline go by `seq`.
   * `startedMs` is when the probe started on a monotonic clock (milliseconds since any start); durations
   * are made of it alone, because the wall clock of `startedAtMs` may be set back.
   */
  add(result: ProbeResult, startedMs: number): void
  /** Counts a probe that this machine could not carry out. It says nothing about the target's state. */
  fault(): void
  /**
   * The figures of everything that was added. Cheap enough to be asked for after every result. The state
   * found last is taken to hold until `nowMs` (same clock as `startedMs`), or without it only until the
   * last probe's start.
   */
  snapshot(nowMs?: number): StatsSnapshot
  /** Distribution of the round-trip times for a picture, see `histogram`. @throws RangeError */
  histogram(buckets: number, scale: Scale): readonly Bucket[]
}

interface Found extends Step, Numbered {
  readonly rttNs: number | undefined
}

/** What depends on the order of the probes. */
interface Course {
  readonly jitter: Jitter
  readonly timeline: Timeline | undefined
}

export function createStats(): Stats {
  const words: Record<Word, number> = { open: 0, closed: 0, stealth: 0, unreachable: 0 }
  const rtt = createRttStats()
  let localErrors = 0
  let resent = 0
  let course: Course = { jitter: noJitter, timeline: undefined }
  const order = createInOrder<Found>((found) => {
    course = follow(course, found)
  })

  function snapshot(nowMs?: number): StatsSnapshot {
    const received = words.open + words.closed
    const sent = received + words.stealth + words.unreachable
    const lossPercent = sent === 0 ? undefined : (100 * (sent - received)) / sent
    // Results that wait for an earlier one are shown as if it never came; the course itself goes on waiting.
    const { jitter, timeline } = order.waiting().reduce(follow, course)
    const figures = rtt.summary()
    return {
      sent,
      answered: received,
      lossPercent,
      words: { ...words },
      localErrors,
      resent,
      rtt: figures && { ...figures, jitterNs: jitterNs(jitter) },
      timeline: timeline && summarize(timeline, nowMs),
    }
  }

  return {
    add(result, startedMs) {
      const found = foundBy(result, startedMs)
      words[found.word] += 1
      if ((result.observation.syns ?? 1) > 1) resent += 1
      if (found.rttNs !== undefined) rtt.add(found.rttNs)
      order.add(found)
    },
    fault() {
      localErrors += 1
    },
    snapshot,
    histogram: rtt.histogram,
  }
}

function foundBy(result: ProbeResult, startedMs: number): Found {
  const { seq, startedAtMs, verdict, target } = result
  const rttNs = rttOf(result)
  return { seq, startedAtMs, startedMs, word: word(verdict), address: target.address, rttNs }
}

/** An ICMP error has a round trip too, but it is not the target's. A broken clock's figure is no sample. */
function rttOf({ observation, verdict }: ProbeResult): number | undefined {
  if (observation.kind === 'silence' || !answered(verdict)) return undefined
  const { rttNs } = observation
  return rttNs !== undefined && rttNs >= 0 && rttNs <= Number.MAX_SAFE_INTEGER ? rttNs : undefined
}

function follow({ jitter, timeline }: Course, found: Found): Course {
  return {
    jitter: found.rttNs === undefined ? jitter : withRtt(jitter, found.rttNs),
    timeline: withStep(timeline, found),
  }
}
