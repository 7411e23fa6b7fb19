import type { Losses, PassReport } from './scan-pace.ts'

/** Whether another pass may bring answers. */
export interface Prospects {
  readonly areGood: boolean
  /** What the pass that is over tells, and what was found out by it. */
  learn(report: PassReport, losses: Losses): void
}

/** So many aims that would answer may be left, by expectation. */
const FEW = 0.001

/**
 * After a pass that brought answers another one may. After one in vain it depends on how many shots are lost: of n aims
 * that answered in the last pass that brought any, when a share p is lost, n p / (1 - p) more would have, and each pass
 * in vain makes it p times as many.
 */
export function createProspects(): Prospects {
  let before: number | undefined
  let came = 0
  let lost = 0
  let left = 0
  let areGood = true

  const estimate = (answers: number): void => {
    came += before ?? 0
    lost += answers
    left = came > 0 ? (answers * lost) / came : 0
  }
  return {
    get areGood() {
      return areGood
    },
    learn({ answers, lateAnswers, hasDropped }, losses) {
      if (losses === 'limited') {
        // What was lost at the rate until now says nothing about the next one.
        came = 0
        lost = 0
        left = 0
        before = undefined
      } else if (answers > 0) {
        if (before !== undefined) estimate(answers)
        before = answers
      } else left *= came + lost > 0 ? lost / (came + lost) : 0
      areGood = answers + lateAnswers > 0 || hasDropped || left > FEW
    },
  }
}
