import { err, type Line, type Terminal, truncateToWidth } from '@portkit/core'
import type { Tally } from './tally.ts'

/** From here on a run counts as one that lets people wait. */
const PATIENCE_NS = 1e9
/** To the line's beginning, and rid of the rest (ECMA-48 section 8.3.41, EL). */
const CLEAR = '\r\u{1b}[K'

/** One line on stderr that is written again and again. */
export interface Progress {
  /** The line as it is now; nothing within the first second, when nothing has changed, and where stderr is no terminal. */
  show(tally: Tally, elapsedNs: number): readonly Line[]
  /** Takes the line away, before anything else is written. */
  clear(): readonly Line[]
}

/** `12 of 1000 ports, 9 open, 7 identified, 3 s`. */
export function createProgress(targets: number, stderr: Pick<Terminal, 'isTty' | 'columns'>): Progress {
  let shown = ''
  return {
    show(tally, elapsedNs) {
      if (!stderr.isTty || elapsedNs < PATIENCE_NS) return []
      // In the last column some terminals begin a new line.
      const text = truncateToWidth(progressText(tally, targets, elapsedNs), stderr.columns() - 1)
      if (text === shown) return []
      shown = text
      return [err(`${CLEAR}${text}`)]
    },
    clear() {
      if (shown === '') return []
      shown = ''
      return [err(CLEAR)]
    },
  }
}

function progressText({ findings, identified, words }: Tally, targets: number, elapsedNs: number): string {
  const open = words.get('open') ?? 0
  const seconds = Math.floor(elapsedNs / 1e9)
  return `${findings} of ${targets} ports, ${open} open, ${identified} identified, ${seconds} s`
}
