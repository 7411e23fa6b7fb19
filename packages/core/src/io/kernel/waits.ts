import type { Reactor, Readiness } from './reactor.ts'

/** Waits for one descriptor, at most one for each kind of readiness at a time; all of them end with its socket. */
export interface Waits {
  /** Resolves once the descriptor may be ready, or `end` was called. Rejects with the signal's reason. */
  ready(what: Readiness, signal?: AbortSignal): Promise<void>
  /** Ends all waits. */
  end(): void
}

export function createWaits(reactor: Reactor, fd: number): Waits {
  const ends = new Set<() => void>()
  return {
    ready: (what, signal) =>
      new Promise((resolve, reject) => {
        const leave = (): void => {
          ends.delete(finish)
          signal?.removeEventListener('abort', abort)
          reactor.remove(fd, what)
        }
        const finish = (): void => {
          leave()
          resolve()
        }
        const abort = (): void => {
          leave()
          reject(signal?.reason)
        }
        if (signal?.aborted) return reject(signal.reason)
        signal?.addEventListener('abort', abort, { once: true })
        ends.add(finish)
        reactor.add(fd, finish, what)
      }),
    end() {
      for (const finish of [...ends]) finish()
    },
  }
}
