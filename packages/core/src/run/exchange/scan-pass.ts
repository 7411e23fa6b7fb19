import type { ShotAnswer } from './listener.ts'
import type { PassReport } from './scan-pace.ts'
import type { RoundTrips } from './scan-round-trips.ts'

/** Counts what comes of a pass while it goes. */
export interface PassCounts {
  /** @param firstShot the index that its first shot gets */
  begin(firstShot: number): void
  sent(atNs: number): void
  /** @param isNew whether its aim had no answer until now */
  answered(shot: number, answer: Pick<ShotAnswer, 'timing' | 'packet'>, isNew: boolean): void
  /** Of all passes; minus infinite before the first shot. */
  readonly lastSentNs: number
  report(hasDropped: boolean): PassReport
}

/** The round trips that are seen go to `trips`. */
export function createPassCounts(trips: RoundTrips): PassCounts {
  let firstShot = 0
  let shots = 0
  let firstSentNs = 0
  let lastSentNs = Number.NEGATIVE_INFINITY
  let answers = 0
  let lateAnswers = 0
  let lastAnswerNs = 0
  return {
    begin(first) {
      firstShot = first
      shots = 0
      answers = 0
      lateAnswers = 0
    },
    sent(atNs) {
      if (shots === 0) firstSentNs = atNs
      lastSentNs = atNs
      shots += 1
    },
    answered(shot, { timing, packet }, isNew) {
      if (timing.rttNs !== undefined) trips.see(timing.rttNs)
      if (!isNew) return
      if (shot < firstShot) {
        lateAnswers += 1
        return
      }
      answers += 1
      lastAnswerNs = packet.timeNs
    },
    get lastSentNs() {
      return lastSentNs
    },
    report(hasDropped) {
      const shootingNs = shots === 0 ? 0 : lastSentNs - firstSentNs
      const untilAnswerNs = answers === 0 ? 0 : lastAnswerNs - firstSentNs - trips.smoothNs
      const answeringNs = Math.max(shootingNs, untilAnswerNs)
      return { shots, shootingNs, answers, lateAnswers, answeringNs, hasDropped }
    },
  }
}
