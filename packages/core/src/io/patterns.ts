/** A regular expression as JavaScript writes it, from somebody who is not trusted. */
export interface Pattern {
  readonly source: string
  readonly flags: string
}

/** Which pattern matched first, and what its groups took; the whole match is group 0. */
export interface PatternMatch {
  /** Its place among the matcher's patterns. */
  readonly at: number
  readonly groups: readonly (string | undefined)[]
}

/** Matches texts against patterns that may be slow, without ever being slow itself. */
export interface Matcher {
  /** The first of the patterns from `from` to before `to` that matches. One text after the other. Never rejects. */
  first(text: string, from: number, to: number): Promise<PatternMatch | undefined>
  /** Places of the patterns that took too long for some text, and are not tried again. */
  readonly slow: readonly number[]
  /** What waits ends without a match. Safe to call twice. */
  close(): void
}

/** The first of the patterns that matches, with no limit of time. Those that do not compile, or run out of memory, do not match. */
export function firstMatch(
  patterns: readonly Pattern[],
  text: string,
  from: number,
  to: number,
): PatternMatch | undefined {
  for (let at = from; at < Math.min(to, patterns.length); at++) {
    const groups = attempt(patterns[at], text)
    if (groups !== undefined) return { at, groups }
  }
  return undefined
}

function attempt(pattern: Pattern | undefined, text: string): readonly (string | undefined)[] | undefined {
  try {
    const match = pattern && new RegExp(pattern.source, pattern.flags).exec(text)
    return match ? [...match] : undefined
  } catch {
    return undefined
  }
}
