import { type Coercer, UsageError } from '@portkit/core'

/**
 * The regular expression of `--match`: JavaScript's, with the flag `s`, so that `.` is any octet, line ends too. It is for
 * answers in which each octet is one character: `\xff` is the octet 255.
 * @throws SyntaxError
 */
export function matchPattern(source: string): RegExp {
  return new RegExp(source, 's')
}

/** The source of such an expression. */
export const patternSource: Coercer<string> = (text, option) => {
  if (text === '') throw new UsageError(`${option}: must not be empty`)
  try {
    matchPattern(text)
    return text
  } catch (error) {
    throw new UsageError(`${option}: ${error instanceof Error ? error.message : String(error)}`)
  }
}
