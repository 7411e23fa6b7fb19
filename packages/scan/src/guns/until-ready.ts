import type { Clock, PacketChannel } from '@portkit/core'

/** Timers count in milliseconds: below two of them nothing is gained by listening besides. */
const SHORT_MS = 2

/** Resolves when there may be something to drain, after `ms`, or when aborted. */
export async function untilReady(
  channel: Pick<PacketChannel, 'ready'>,
  clock: Pick<Clock, 'sleep'>,
  ms: number,
  signal: AbortSignal,
): Promise<void> {
  if (signal.aborted) return
  if (ms < SHORT_MS) return clock.sleep(Math.max(0, ms), signal).catch(() => {})
  const over = new AbortController()
  const end = (): void => over.abort()
  signal.addEventListener('abort', end, { once: true })
  const timer = Number.isFinite(ms) ? clock.sleep(ms, over.signal).catch(() => {}) : undefined
  try {
    await Promise.race([channel.ready(over.signal), ...(timer === undefined ? [] : [timer])])
  } finally {
    end()
    await timer
    signal.removeEventListener('abort', end)
  }
}
