import type { Clock } from '../io/io.ts'

interface Sleeper {
  readonly atNs: number
  wake(): void
}

const NEW_YEAR_2026_MS = 1_767_225_600_000

/** A clock that jumps to the next sleeper as soon as nothing else can run. */
export function virtualClock(startWallMs = NEW_YEAR_2026_MS): Clock {
  const sleepers: Sleeper[] = []
  let nowNs = 0
  let armed = false
  const turn = (): void => {
    armed = false
    const first = sleepers.shift()
    if (first === undefined) return
    nowNs = Math.max(nowNs, first.atNs)
    first.wake()
    arm()
  }
  const arm = (): void => {
    if (armed || sleepers.length === 0) return
    armed = true
    setImmediate(turn)
  }
  const insert = (sleeper: Sleeper): void => {
    let at = sleepers.length
    while (at > 0 && (sleepers[at - 1]?.atNs ?? 0) > sleeper.atNs) at--
    sleepers.splice(at, 0, sleeper)
    arm()
  }
  return {
    nowNs: () => nowNs,
    wallMs: () => startWallMs + nowNs / 1e6,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason)
        const abort = (): void => {
          const at = sleepers.indexOf(sleeper)
          if (at >= 0) sleepers.splice(at, 1)
          reject(signal?.reason)
        }
        const sleeper: Sleeper = {
          atNs: nowNs + Math.max(0, ms) * 1e6,
          wake() {
            signal?.removeEventListener('abort', abort)
            resolve()
          },
        }
        signal?.addEventListener('abort', abort, { once: true })
        insert(sleeper)
      }),
  }
}
