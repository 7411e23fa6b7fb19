import type { Line } from './line.ts'

/** Prints a line; resolves when it is written. Rejects once nobody listens any more, which ends the work. */
export type Say = (line: Line) => Promise<void>

/** Nobody reads what is said any more. */
class ListenerGone extends Error {}

interface Spoken {
  readonly line: Line
  written(): void
  unheard(error: Error): void
}

/**
 * Turns work that speaks now and then, perhaps from several places at once, into the lines that a tool yields. Each
 * line waits until the one before it is written.
 */
export async function* talk<T>(work: (say: Say) => Promise<T>): AsyncGenerator<Line, T> {
  const waiting: Spoken[] = []
  let gone = false
  let wake = (): void => {}
  let ended: { readonly value: T } | { readonly error: unknown } | undefined
  const say: Say = (line) =>
    new Promise((written, unheard) => {
      if (gone) return unheard(new ListenerGone())
      waiting.push({ line, written, unheard })
      wake()
    })
  work(say)
    .then(
      (value) => {
        ended = { value }
      },
      (error: unknown) => {
        ended = { error }
      },
    )
    .finally(() => wake())
  try {
    for (;;) {
      const next = waiting[0]
      if (next !== undefined) {
        yield next.line
        waiting.shift()
        next.written()
      } else if (ended === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve
        })
      } else if ('error' in ended) throw ended.error
      else return ended.value
    }
  } finally {
    gone = true
    for (const { unheard } of waiting) unheard(new ListenerGone())
  }
}
