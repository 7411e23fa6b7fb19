import type { AnyWord, Colours } from '@portkit/core'

/** Which colour each thing has; the words carry the meaning without it. */
export interface Paint {
  word(word: AnyWord, text: string): string
  protocol(text: string): string
  /** What is only a guess, or was left undone. */
  doubt(text: string): string
  /** Something wrong with a certificate. */
  alarm(text: string): string
  /** How it is known, and other remarks. */
  aside(text: string): string
}

export function createPaint(c: Colours): Paint {
  const plain = (text: string): string => text
  const words: Record<AnyWord, (text: string) => string> = {
    open: c.green,
    up: c.green,
    closed: c.red,
    unfiltered: c.red,
    stealth: c.magenta,
    'open or stealth': c.magenta,
    'no answer': c.magenta,
    unreachable: (text) => c.bold(c.red(text)),
    unknown: plain,
  }
  return {
    word: (word, text) => words[word](text),
    protocol: c.bold,
    doubt: c.yellow,
    alarm: c.red,
    aside: c.dim,
  }
}
