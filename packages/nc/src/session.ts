import type { ByteSink, ByteSource, ByteStream, Clock } from '@portkit/core'
import { watchIdle } from './session-idle.ts'
import { receiveAll, watchBreaks } from './session-receive.ts'
import { type Ending, startRun } from './session-run.ts'
import { sendAll } from './session-send.ts'
import type { SessionSettings } from './settings.ts'

/** What a session is between. */
export interface SessionEnds {
  /**
   * The connection; with `datagrams` each read and write is one datagram. The session closes it only when `-q` has it
   * wait afterwards; else that is left to the caller.
   */
  readonly net: ByteStream
  /** Standard input; undefined when it is not to be read (any more). */
  readonly input: ByteSource | undefined
  readonly output: ByteSink
  /** Resolves when nobody can read the output any more, also while nothing is written; nc polls for that. */
  readonly outputGone?: Promise<unknown> | undefined
  readonly datagrams: boolean
  /** The peer called us: then `-q` counts from the end of the input, else from the end of the session. */
  readonly listening: boolean
  /** Hears of all octets that pass, before they are written: dumps and progress. */
  readonly watch?: (way: 'sent' | 'received', octets: Uint8Array) => void
  /** An answer to a telnet request could not be sent; nc warns of it before it goes on. Gives the errno's name. */
  readonly answerFailed?: (code: string) => void | Promise<void>
}

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
