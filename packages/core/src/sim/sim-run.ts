import type { VirtualClock } from './virtual-clock.ts'

/** What a run is called that had not ended when its time was up, or when nothing could happen any more. */
export const STILL_RUNNING = 'still running'
export type StillRunning = typeof STILL_RUNNING

/**
 * Lets so many virtual seconds pass, or fewer when the promise settles earlier; then time stands still until the next
 * run, so that what the simulated peers have logged is what they had logged at that moment. Rejects as the promise does.
 */
export async function runFor<T>(
  clock: VirtualClock,
  promise: Promise<T>,
  seconds: number,
): Promise<T | StillRunning> {
  const cancel = new AbortController()
  const limit = clock
    .sleep(seconds * 1000, cancel.signal)
    // Once more, so that whatever else is due at that moment has happened.
    .then(() => clock.sleep(0, cancel.signal))
    .then((): StillRunning => STILL_RUNNING)
  clock.go()
  try {
    return await Promise.race([promise, limit])
  } finally {
    clock.halt()
    cancel.abort()
  }
}

/**
 * Lets time pass until the promise settles, or until nobody sleeps any more and nothing can happen: then the promise
 * waits for something that never comes. Time stands still afterwards. Rejects as the promise does.
 */
export async function runUntilIdle<T>(clock: VirtualClock, promise: Promise<T>): Promise<T | StillRunning> {
  let settled = false
  const settle = (): void => {
    settled = true
  }
  promise.then(settle, settle)
  clock.go()
  try {
    for (let quiet = 0; quiet < QUIET_TURNS && !settled; quiet = clock.sleepers() > 0 ? 0 : quiet + 1) {
      await new Promise((resolve) => setImmediate(resolve))
    }
    return settled ? await promise : STILL_RUNNING
  } finally {
    clock.halt()
  }
}

/** Node's streams take some turns of the event loop for one step. */
const QUIET_TURNS = 8
