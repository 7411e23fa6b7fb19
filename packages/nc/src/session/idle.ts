import type { Run } from './session-run.ts'

/** How long `-w 0` waits for what is there already; nc asks the kernel once, we cannot. Milliseconds. */
const AT_ONCE_MS = 20

/** `-w`: ends the session when no octet has moved for so long. */
export function watchIdle(run: Run): void {
  const { timeoutMs } = run.settings
  if (timeoutMs !== undefined) void endWhenIdle(run, timeoutMs === 0 ? AT_ONCE_MS : timeoutMs)
}

/** One sleeping timer that looks again: octets that move cost no timer. */
async function endWhenIdle(run: Run, limitMs: number): Promise<void> {
  while (!run.over) {
    const leftMs = limitMs - (run.clock.nowNs() - run.lastNs) / 1e6
    if (leftMs <= 0) return run.finish('idle')
    await run.clock.sleep(leftMs, run.signal).catch(() => {})
  }
}
