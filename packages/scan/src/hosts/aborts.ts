/** Many waits that one signal ends, which hears of a single listener: hundreds on one signal are taken for a leak. */
export interface Aborts {
  /** For one wait; `end` it when it is over. */
  begin(): AbortController
  /** Aborts it as well. */
  end(wait: AbortController): void
  /** Lets go of the signal. */
  close(): void
}

export function createAborts(signal: AbortSignal): Aborts {
  const open = new Set<AbortController>()
  const abort = (): void => {
    for (const each of open) each.abort(signal.reason)
  }
  signal.addEventListener('abort', abort, { once: true })
  return {
    begin() {
      const wait = new AbortController()
      if (signal.aborted) wait.abort(signal.reason)
      else open.add(wait)
      return wait
    },
    end(wait) {
      open.delete(wait)
      wait.abort()
    },
    close: () => signal.removeEventListener('abort', abort),
  }
}
