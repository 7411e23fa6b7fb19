import type { Clock } from '@portkit/core'

/** What a person sees as going on. */
const TICK_MS = 500

/** The values, and between them ticks while nothing comes, for whoever watches. */
export async function* withTicks<T>(
  values: AsyncIterable<T>,
  clock: Clock,
  isWatched: boolean,
): AsyncGenerator<T | 'tick'> {
  const iterator = values[Symbol.asyncIterator]()
  let next = iterator.next()
  for (;;) {
    const step = isWatched ? await orTick(next, clock) : await next
    if (step === 'tick') {
      yield 'tick'
      continue
    }
    if (step.done === true) return
    yield step.value
    next = iterator.next()
  }
}

async function orTick<T>(next: Promise<T>, clock: Clock): Promise<T | 'tick'> {
  const done = new AbortController()
  const tick = clock.sleep(TICK_MS, done.signal).then(
    () => 'tick' as const,
    () => 'tick' as const,
  )
  try {
    return await Promise.race([next, tick])
  } finally {
    done.abort()
  }
}
