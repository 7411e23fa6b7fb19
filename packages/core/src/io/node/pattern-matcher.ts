import type { Matcher, Pattern, PatternMatch } from '../patterns.ts'
import { type PatternWorker, type Question, startPatternWorker } from './pattern-worker.ts'

/** One pattern may take so many looks in a row, so far apart: a busy machine delays the looks as well. */
const LOOK_MS = 20
const MOST_LOOKS = 5
/** One text may take so many looks in all. */
const MOST_LOOKS_A_TEXT = 100
/** So many slow patterns are somebody's work: then nothing is matched any more. */
const MOST_SLOW = 20

/**
 * Matches in a thread of its own, which is ended when a pattern takes longer than about 100 ms; that pattern is not tried
 * again, and another thread goes on behind it.
 */
export function createMatcher(patterns: readonly Pattern[]): Matcher {
  const slow: number[] = []
  let worker: PatternWorker | undefined
  let closed = false
  let last: Promise<unknown> = Promise.resolve()

  const drop = (): void => {
    worker?.end()
    worker = undefined
  }
  const ask = async (question: Question): Promise<PatternMatch | undefined> => {
    for (;;) {
      if (closed || slow.length >= MOST_SLOW) return undefined
      worker ??= await startPatternWorker(patterns)
      const answer = await watched(worker, question, slow)
      if (answer.kind === 'answer') return answer.match
      drop()
      if (answer.kind === 'late') return undefined
      slow.push(answer.at)
    }
  }
  return {
    slow,
    first(text, from, to) {
      const question = { text, from, to: Math.min(to, patterns.length) }
      const answer = last.then(() => ask(question)).catch(drop)
      last = answer
      return answer.then((match) => match ?? undefined)
    },
    close() {
      closed = true
      drop()
    },
  }
}

type Answer =
  | { readonly kind: 'answer'; readonly match: PatternMatch | undefined }
  /** This pattern takes too long. */
  | { readonly kind: 'stuck'; readonly at: number }
  /** No single pattern does, but all of them together. */
  | { readonly kind: 'late' }

async function watched(worker: PatternWorker, question: Question, slow: readonly number[]): Promise<Answer> {
  let timer: NodeJS.Timeout | undefined
  const trouble = new Promise<Answer>((resolve) => {
    const before = worker.progress().begun
    let begun = before
    let still = 0
    let looks = 0
    const look = (): void => {
      const now = worker.progress()
      // Until the thread has begun with this text no pattern is to blame.
      still = now.begun === begun && begun !== before ? still + 1 : 0
      begun = now.begun
      if (still >= MOST_LOOKS) resolve({ kind: 'stuck', at: now.at })
      else if (++looks >= MOST_LOOKS_A_TEXT) resolve({ kind: 'late' })
      else timer = setTimeout(look, LOOK_MS)
    }
    timer = setTimeout(look, LOOK_MS)
  })
  const asked = worker.ask(question, slow)
  try {
    return await Promise.race([asked.then((match) => ({ kind: 'answer', match }) as const), trouble])
  } finally {
    clearTimeout(timer)
    asked.catch(() => {})
  }
}
