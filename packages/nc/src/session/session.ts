import type { Clock } from '@portkit/core'
import type { SessionSettings } from '../settings.ts'
import type { SessionEnds } from './ends.ts'
import { watchIdle } from './idle.ts'
import { receiveAll, watchBreaks } from './receive.ts'
import { sendAll } from './send.ts'
import { type Ending, startRun } from './session-run.ts'

/** How a session went. */
export interface SessionEnd {
  /** Whether the input has ended, so that a next session leaves it alone. */
  readonly inputEnded: boolean
  /** `-q` has ended the whole run, exit status 0: no next port, no next client. */
  readonly quit: boolean
  /** Reads from the network, the end too; `-W` counts them over all sessions of a run. */
  readonly reads: number
}

/**
 * Carries octets both ways until the rules of OpenBSD nc 1.219 say that it is over (session-rules.ts). Never rejects
 * for what peers, standard input or standard output do. A read of the input that is under way at the end is kept for
 * the next session with the same input, so that nothing typed is lost.
 */
export async function runSession(
  ends: SessionEnds,
  settings: SessionSettings,
  clock: Clock,
): Promise<SessionEnd> {
  const run = startRun(ends, settings, clock)
  run.settle()
  watchBreaks(run)
  watchIdle(run)
  void sendAll(run)
  // With -w 0 nc polls once: a client's peer cannot have sent anything by then.
  if (settings.timeoutMs !== 0 || ends.listening) void receiveAll(run)
  const ending = await run.ended
  const quit = ending === 'quit' || (await delayed(ending, ends, settings, clock))
  return { inputEnded: run.inputEnded, quit, reads: run.reads }
}

/** `-q` above 0: nc closes the connection and waits, though not longer than `-w`. Tells whether `-q` ended the wait. */
async function delayed(
  ending: Ending,
  ends: SessionEnds,
  { quitMs, timeoutMs }: SessionSettings,
  clock: Clock,
): Promise<boolean> {
  if (ending === 'idle' || quitMs === undefined || quitMs === 0) return false
  ends.net.close('fin')
  const idleMs = timeoutMs ?? Number.POSITIVE_INFINITY
  await clock.sleep(Math.min(quitMs, idleMs))
  return quitMs <= idleMs
}
