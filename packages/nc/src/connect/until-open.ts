import { PassingFault } from '../fault.ts'
import type { Run } from '../run.ts'
import { retrying } from './wait.ts'

/** From the start of one attempt to the start of the next, as wait-for scripts have it. */
const PAUSE_MS = 1000
/** A stealth port that opens meanwhile is found by the next attempt. */
const ATTEMPT_MS = 3000

interface Tried {
  readonly succeeded: boolean
}

type Attempt<T> =
  | { readonly open: boolean; readonly tried: T }
  | { readonly open: false; readonly fault: PassingFault }

/** `--wait`: tries a port until it is open; a name that is not known yet counts as closed. @throws NcFault */
export async function untilOpen<T extends Tried>(
  { settings, io }: Run,
  waitMs: number,
  once: (limitMs: number) => Promise<T>,
): Promise<T> {
  const { timeoutMs } = settings.session
  const attempt = async (leftMs: number): Promise<Attempt<T>> => {
    try {
      // The first attempt is made however little time there is.
      const tried = await once(Math.max(1, Math.min(leftMs, timeoutMs || ATTEMPT_MS)))
      return { open: tried.succeeded, tried }
    } catch (fault) {
      if (!(fault instanceof PassingFault)) throw fault
      return { open: false, fault }
    }
  }
  const last = await retrying(attempt, { waitMs, pauseMs: PAUSE_MS, clock: io.clock })
  if ('fault' in last) throw last.fault
  return last.tried
}
