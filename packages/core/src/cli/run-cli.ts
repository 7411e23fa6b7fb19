import type { Io } from '../io/io.ts'
import { LocalFault, ResolveError, UsageError } from '../model/errors.ts'
import { SHELLS } from './about.ts'
import { choice } from './coerce.ts'
import type { AnyCli, Cli } from './define.ts'
import { type CommandLine, getopt } from './getopt.ts'
import { err, type Line, out } from './line.ts'
import type { OptionTable } from './options.ts'
import { readArgs } from './read-args.ts'
import { escapeControl } from './terminal.ts'

/** Prints a line; false when nobody reads it any more. */
export type Write = (line: Line) => boolean | Promise<boolean>

export interface CliInfo {
  readonly version: string
}

/** A mistake of ours (EX_SOFTWARE of sysexits.h). */
const INTERNAL_ERROR = 70

/** The reader had enough, as `| head -1` has: that is no failure. */
const READER_GONE = 0

/**
 * Reads the command line, runs the tool and prints its lines as they come. Gives the exit status; never throws.
 *
 * A command line or a value that makes no sense, an unknown name and a local fault become one line on stderr and
 * the tool's own status; a mistake in the shape of the command line is followed by where help is. When stdout has
 * lost its reader the tool is stopped and the status is 0. Any other exception is our mistake: one line and status
 * 70, with its stack only when PORTKIT_DEBUG is set. The tool's `finally` blocks run in every case.
 */
export async function runCli<O extends OptionTable>(
  cli: Cli<O>,
  argv: readonly string[],
  io: Io,
  write: Write,
  { version }: CliInfo,
): Promise<number> {
  let status = cli.usageStatus
  let hint = true
  try {
    const commandLine = getopt(argv, cli)
    hint = false
    const about = await aboutText(cli, commandLine, io, version)
    if (about !== undefined) return await show(about, write)
    const args = readArgs<O>(commandLine, cli.table)
    status = cli.faultStatus?.(args) ?? status
    hint = argv.length === 0
    return await drain(cli.run(args, io), write)
  } catch (error) {
    const message = expected(error)
    if (message === undefined) {
      await write(err(internalError(cli.name, error, io)))
      return INTERNAL_ERROR
    }
    const help = hint && error instanceof UsageError ? `'${cli.name} --help' shows what it understands\n` : ''
    await write(err(`${cli.name}: ${escapeControl(message)}\n${help}`))
    return status
  }
}

async function show(text: string, write: Write): Promise<number> {
  await write(out(text))
  return 0
}

async function drain(lines: AsyncGenerator<Line, number>, write: Write): Promise<number> {
  try {
    for (;;) {
      const step = await lines.next()
      if (step.done === true) return step.value
      if (!(await write(step.value))) return READER_GONE
    }
  } finally {
    await lines.return(READER_GONE)
  }
}

/** What the command line asks to know about the tool; undefined when it is to be run. */
async function aboutText(
  cli: AnyCli,
  { given }: CommandLine,
  io: Io,
  version: string,
): Promise<string | undefined> {
  const last = given.at(-1)
  switch (last?.option.about) {
    case 'help':
      return (await import('./help.ts')).helpText(cli, io.system.stdout.columns())
    case 'version':
      return `${cli.name} ${version}\n`
    case 'man':
      return (await import('./man.ts')).manPage(cli, version)
    case 'completion': {
      const shell = choice(...SHELLS)(last?.value ?? '', last?.label ?? '')
      return (await import('./completion.ts')).completionScript(cli, shell)
    }
    case undefined:
      return undefined
  }
}

/** What went wrong, if it is something that may go wrong. */
function expected(error: unknown): string | undefined {
  if (error instanceof ResolveError) return `${error.host}: ${error.message}`
  return error instanceof UsageError || error instanceof LocalFault ? error.message : undefined
}

function internalError(name: string, error: unknown, { system }: Io): string {
  const message = error instanceof Error ? error.message : String(error)
  const stack = error instanceof Error && system.env.PORTKIT_DEBUG ? (error.stack ?? '') : ''
  const lines = [`${name}: internal error: ${message}`, ...(stack === '' ? [] : stack.split('\n'))]
  return lines.map((line) => `${escapeControl(line)}\n`).join('')
}
