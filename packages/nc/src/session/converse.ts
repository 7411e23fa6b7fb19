import { type ByteStream, err } from '@portkit/core'
import type { Run } from '../run.ts'
import { answerFailed } from '../words/format.ts'
import type { SessionEnds } from './ends.ts'
import { runSession } from './session.ts'

/** A session over the connection, with standard input as long as it lasts. `quit`: `-q` or `-W` has ended the run. */
export async function converse(
  run: Run,
  net: ByteStream,
  kind: { readonly datagrams: boolean; readonly listening: boolean },
): Promise<{ readonly quit: boolean }> {
  const { io, settings } = run
  const { receiveLimit } = settings.session
  const left = receiveLimit === undefined ? undefined : receiveLimit - run.reads
  run.watch.begin?.()
  const ends: SessionEnds = {
    net,
    input: run.input,
    output: io.stdout,
    outputGone: io.stdout.gone?.(),
    answerFailed: (code) => run.say(err(answerFailed(settings.name, code))),
    ...kind,
    ...run.watch,
  }
  const { inputEnded, quit, reads } = await runSession(
    ends,
    { ...settings.session, receiveLimit: left },
    io.clock,
  )
  if (inputEnded) run.input = undefined
  run.reads += reads
  return { quit }
}
