import type { Io } from '../io/io.ts'
import { LocalFault, ResolveError, UsageError } from '../model/errors.ts'
import { SHELLS } from './about.ts'
import { choice } from './coerce.ts'
import { CommandLineProblem } from './command-line-problem.ts'
import type { AnyCli, Cli, CliText, ExpectedError, LateText } from './define.ts'
import { type CommandLine, getopt } from './getopt.ts'
import type { Given } from './given.ts'
import { err, type Line, out } from './line.ts'
import type { OptionTable } from './options.ts'
import { checkValues, readArgs, readWhatMakesSense } from './read-args.ts'
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
 * A command line or a value that makes no sense, an unknown name and a local fault become one line on stderr (or
 * the tool's own complaint) and the tool's own status; of several faults in a command line the first one counts, and
 * a mistake in its shape is followed by where help is. When stdout has lost its reader the tool is stopped and the
 * status is 0. Any other exception is our mistake: one line and status 70, with its stack only when PORTKIT_DEBUG is
 * set. The tool's `finally` blocks run in every case.
 */
export async function runCli<O extends OptionTable>(
  cli: Cli<O>,
  argv: readonly string[],
  io: Io,
  write: Write,
  { version }: CliInfo,
): Promise<number> {
  let given: readonly Given[] = []
  try {
    const commandLine = getopt(argv, cli)
    given = commandLine.given
    if (cli.emptyShowsHelp === true && argv.length === 0) {
      await show(await help(cli, io), write)
      return cli.usageStatus
    }
    const about = await aboutText(cli, commandLine, io, version)
    if (about !== undefined) return await show(about, write)
    return await drain(cli.run(readArgs<O>(commandLine, cli.table), io), write)
  } catch (caught) {
    const error = firstFault(caught)
    if (!isExpected(error)) {
      await write(err(internalError(cli.name, error, io)))
      return INTERNAL_ERROR
    }
    const args = readWhatMakesSense<O>(error instanceof CommandLineProblem ? error.given : given)
    const isShape = error instanceof CommandLineProblem || (error instanceof UsageError && argv.length === 0)
    await write(err((await cli.complaint?.(error, args)) ?? usualComplaint(cli.name, error, isShape)))
    return cli.faultStatus?.(args, argv, error) ?? cli.usageStatus
  }
}

/** A value that makes no sense, when it stands before what broke the reading of the command line. */
function firstFault(error: unknown): unknown {
  if (!(error instanceof CommandLineProblem)) return error
  try {
    checkValues(error.given)
    return error
  } catch (earlier) {
    return earlier
  }
}

function usualComplaint(name: string, error: ExpectedError, withHint: boolean): string {
  const message = error instanceof ResolveError ? `${error.host}: ${error.message}` : error.message
  const hint = withHint ? `'${name} --help' shows what it understands\n` : ''
  return `${name}: ${escapeControl(message)}\n${hint}`
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
  cli: AboutCli,
  { given }: CommandLine,
  io: Io,
  version: string,
): Promise<string | undefined> {
  const last = given.at(-1)
  switch (last?.option.about) {
    case 'help':
      return help(cli, io)
    case 'version':
      return cli.version?.text(version) ?? `${cli.name} ${version}\n`
    case 'man':
      return (await import('./man.ts')).manPage(await explained(cli), version)
    case 'completion': {
      const shell = choice(...SHELLS)(last?.value ?? '', last?.label ?? '')
      return (await import('./completion.ts')).completionScript(await explained(cli), shell)
    }
    case undefined:
      return undefined
  }
}

async function help(cli: AboutCli, io: Io): Promise<string> {
  return (await import('./help.ts')).helpText(await explained(cli), io.system.stdout.columns())
}

type AboutCli = AnyCli | (LateText & Omit<AnyCli, keyof CliText>)

async function explained(cli: AboutCli): Promise<AnyCli> {
  return 'texts' in cli ? { ...cli, ...(await cli.texts()) } : cli
}

function isExpected(error: unknown): error is ExpectedError {
  return error instanceof UsageError || error instanceof ResolveError || error instanceof LocalFault
}

function internalError(name: string, error: unknown, { system }: Io): string {
  const message = error instanceof Error ? error.message : String(error)
  const stack = error instanceof Error && system.env.PORTKIT_DEBUG ? (error.stack ?? '') : ''
  const lines = [`${name}: internal error: ${message}`, ...(stack === '' ? [] : stack.split('\n'))]
  return lines.map((line) => `${escapeControl(line)}\n`).join('')
}
