import { firstMatch, type Matcher, type Pattern } from '../io/patterns.ts'

/** Matches at once, and takes as long as the patterns do. */
export function simMatcher(patterns: readonly Pattern[]): Matcher {
  let closed = false
  return {
    slow: [],
    first: async (text, from, to) => (closed ? undefined : firstMatch(patterns, text, from, to)),
    close() {
      closed = true
    },
  }
}
