import type { ConnectRequest } from '../io.ts'
import type { Knock } from './knock.ts'
import type { Libc } from './libc.ts'

/** A SYN under way, for whoever goes on waiting for its answer. */
export interface Pending extends Knock {
  readonly fd: number
  readonly request: ConnectRequest
}

/** The one SYN that a sweep left unanswered. */
export interface PendingSlot {
  put(pending: Pending): void
  /** The pending SYN of just this request, which is the caller's from here on. */
  take(request: ConnectRequest): Pending | undefined
  /** Gives the pending SYN up, if there is one. */
  clear(): void
}

export function createPendingSlot(libc: Libc): PendingSlot {
  let held: Pending | undefined
  return {
    put(pending) {
      held = pending
    },
    take(request) {
      const found = held !== undefined && isSame(held.request, request) ? held : undefined
      if (found !== undefined) held = undefined
      return found
    },
    clear() {
      if (held !== undefined) libc.close(held.fd)
      held = undefined
    },
  }
}

function isSame(a: ConnectRequest, b: ConnectRequest): boolean {
  return a.port === b.port && a.address === b.address && a.sourceAddress === b.sourceAddress
}
