import type { Io } from '../io/io.ts'
import { LocalFault } from '../model/errors.ts'
import type { Cli } from './define.ts'
import type { Line } from './line.ts'
import type { OptionTable } from './options.ts'
import { runCli, type Write } from './run-cli.ts'

/** The part of a writable stream that is needed here. */
export interface Output {
  write(text: string, done: (error?: Error | null) => void): boolean
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** The part of Node's `process` that is needed here. */
export interface ProcessLike {
  readonly argv: readonly string[]
  readonly stdout: Output
  readonly stderr: Output
  exitCode?: number | string | null | undefined
}

export interface MainOptions {
  readonly version: string
  createIo(): Io
}

const LINES_A_TURN = 64

/** How a stream says that its other end was closed. */
const GONE: ReadonlySet<string> = new Set(['EPIPE', 'ECONNRESET', 'ERR_STREAM_DESTROYED'])

/**
 * All that a tool's `bin.ts` has to call: `main(cli, { version, createIo }, process)`. Every line is written and
 * flushed before the tool goes on, so a slow reader slows it down. Sets `exitCode`; never ends the process. Nobody
 * reading stdout any more ends the run quietly, on stderr it is passed over.
 */
export async function main<O extends OptionTable>(
  cli: Cli<O>,
  { version, createIo }: MainOptions,
  host: ProcessLike,
): Promise<void> {
  host.exitCode = await runCli(cli, host.argv.slice(2), createIo(), writeTo(host), { version })
}

function writeTo(host: ProcessLike): Write {
  const senders = new Map<Line['to'], ReturnType<typeof sender>>()
  let lines = 0
  return async ({ to, text }) => {
    lines += 1
    // Files take lines without the event loop: without a turn of it no signal would ever arrive.
    if (lines % LINES_A_TURN === 0) await new Promise(setImmediate)
    // Opening a stream costs a millisecond: not before there is something to say.
    const send = senders.get(to) ?? sender(to === 'out' ? host.stdout : host.stderr)
    senders.set(to, send)
    const error = await send(text)
    return to === 'err' || error === undefined || readerLeft(error)
  }
}

/** Answers for a write that failed because nobody reads any more. @throws LocalFault for any other failure */
function readerLeft(error: Error): false {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : 'EIO'
  if (GONE.has(code)) return false
  throw new LocalFault(code, `cannot write to standard output: ${code}`)
}

/** Sends text; resolves when it has left this process, with the error if it could not. */
function sender(stream: Output): (text: string) => Promise<Error | undefined> {
  // Each write tells of its own error; unheard events would end the process.
  stream.on('error', () => {})
  return (text) =>
    new Promise((resolve) => {
      stream.write(text, (error) => resolve(error ?? undefined))
    })
}
