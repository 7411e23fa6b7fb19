import { createLiveLine, err, type Line, type Terminal } from '@portkit/core'
import type { Tally } from './tally.ts'

/** From here on a run counts as one that lets people wait. */
const PATIENCE_NS = 1e9

/** One line on stderr that is written again and again. */
export interface Progress {
  /** The line as it is now; nothing within the first second, when nothing has changed, and where stderr is no terminal. */
  show(tally: Tally, elapsedNs: number): readonly Line[]
  /** Takes the line away, before anything else is written. */
  clear(): readonly Line[]
}

/** `12 of 1000 ports, 9 open, 7 identified, 3 s`. */
export function createProgress(targets: number, stderr: Pick<Terminal, 'isTty' | 'columns'>): Progress {
  const line = createLiveLine(stderr)
  return {
    show: (tally, elapsedNs) =>
      elapsedNs < PATIENCE_NS ? [] : lines(line.show(progressText(tally, targets, elapsedNs))),
    clear: () => lines(line.clear()),
  }
}

function lines(text: string): readonly Line[] {
  return text === '' ? [] : [err(text)]
}

function progressText({ findings, identified, words }: Tally, targets: number, elapsedNs: number): string {
  const open = words.get('open') ?? 0
  const seconds = Math.floor(elapsedNs / 1e9)
  return `${findings} of ${targets} ports, ${open} open, ${identified} identified, ${seconds} s`
}
