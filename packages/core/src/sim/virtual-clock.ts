import type { Clock } from '../io/io.ts'

interface Sleeper {
  readonly atNs: number
  wake(): void
}

const NEW_YEAR_2026_MS = 1_767_225_600_000

/** A clock whose time passes only when nothing else can happen, and not at all while it stands still. */
export interface VirtualClock extends Clock {
  /** How many sleep. */
  readonly sleepers: () => number
  /** Time stops, and whatever sleeps goes on sleeping. */
  halt(): void
  /** Time passes again. */
  go(): void
}

/**
 * A clock that jumps to the next sleeper as soon as nothing else can run: nothing for `patience` turns of the event loop.
 * What takes real time, as loading a module does, is overtaken.
 */
export function virtualClock(startWallMs = NEW_YEAR_2026_MS, patience = 1): VirtualClock {
  const sleepers: Sleeper[] = []
  let nowNs = 0
  let armed = false
  let halted = false
  const turn = (turnsLeft: number): void => {
    if (turnsLeft > 0) return void setImmediate(turn, turnsLeft - 1)
    armed = false
    if (halted) return
    const first = sleepers.shift()
    if (first === undefined) return
    nowNs = Math.max(nowNs, first.atNs)
    first.wake()
    arm()
  }
  const arm = (): void => {
    if (armed || halted || sleepers.length === 0) return
    armed = true
    setImmediate(turn, patience - 1)
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
    sleepers: () => sleepers.length,
    halt() {
      halted = true
    },
    go() {
      halted = false
      arm()
    },
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
