import type { Line } from './line.ts'
import type { Say } from './talk.ts'

/** Lines on their way out. They are written together, and whoever makes them waits until they are. */
export interface Lines {
  line(line: Line): void
  /** Resolves when all so far are written; undefined when there is nothing to write. */
  flush(): Promise<void> | undefined
}

export function createLines(say: Say): Lines {
  let waiting: Line[] = []
  let written: Promise<void> | undefined
  const write = async (before: Promise<void> | undefined, lines: readonly Line[]): Promise<void> => {
    await before
    for (const line of lines) await say(line)
  }
  return {
    line(line) {
      const last = waiting.at(-1)
      if (last?.to !== line.to) waiting.push(line)
      else waiting[waiting.length - 1] = { to: last.to, text: last.text + line.text }
    },
    flush() {
      if (waiting.length === 0) return written
      // Whoever flushes meanwhile waits for these lines, too: they keep their order.
      const now = write(written, waiting)
      waiting = []
      written = now
      now.then(
        () => {
          if (written === now) written = undefined
        },
        () => {},
      )
      return now
    },
  }
}
