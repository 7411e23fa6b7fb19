import type { Colours, StatsSnapshot, Word } from '@portkit/core'
import { percent } from './format.ts'

/** Which colour each thing has; the words carry the meaning without it. */
export interface Paint {
  readonly active: boolean
  word(word: Word, text: string): string
  slow(text: string): string
  /** Paints the loss in a summary. */
  summary(text: string, stats: StatsSnapshot): string
}

/** Loss up to this many per cent is a warning, above it an alarm. */
const WARNING_PERCENT = 30

export function createPaint(c: Colours): Paint {
  const words: Record<Word, (text: string) => string> = {
    open: c.green,
    closed: c.red,
    stealth: c.magenta,
    unreachable: (text) => c.bold(c.red(text)),
  }
  return {
    active: c.on,
    word: (word, text) => words[word](text),
    slow: c.yellow,
    summary(text, { lossPercent }) {
      if (lossPercent === undefined) return text
      const loss = `${percent(lossPercent)} packet loss`
      const paint = lossPercent === 0 ? c.green : lossPercent <= WARNING_PERCENT ? c.yellow : c.red
      return text.replace(loss, paint(loss))
    },
  }
}
