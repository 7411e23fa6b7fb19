import type { Terminal } from '../io/io.ts'
import { truncateToWidth } from './terminal.ts'

/** To the line's beginning, and rid of the rest (ECMA-48 section 8.3.41, EL). */
const CLEAR = '\r\u{1b}[K'

/** A line of a terminal that is written again and again: what to write, which may be nothing. */
export interface LiveLine {
  /** The line as it is now; empty when nothing has changed, and where there is no terminal. */
  show(text: string): string
  /** Takes the line away, before anything else is written. */
  clear(): string
}

/** Texts are cut to the terminal's width of the moment. */
export function createLiveLine(terminal: Pick<Terminal, 'isTty' | 'columns'>): LiveLine {
  let shown = ''
  return {
    show(text) {
      if (!terminal.isTty) return ''
      // In the last column some terminals begin a new line.
      const line = truncateToWidth(text, terminal.columns() - 1)
      if (line === shown) return ''
      shown = line
      return `${CLEAR}${line}`
    },
    clear() {
      if (shown === '') return ''
      shown = ''
      return CLEAR
    },
  }
}
