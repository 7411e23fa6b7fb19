import type { Io } from '../io/io.ts'
import type { LocalFault, ResolveError, UsageError } from '../model/errors.ts'
import { fullTable, type VersionStyle } from './about.ts'
import type { Line } from './line.ts'
import type { Option, OptionTable, Parsed, PartlyParsed } from './options.ts'

/** A term and what it means: a row in help and man page. */
export type Row = readonly [term: string, meaning: string]

/** How a tool explains itself. */
export interface CliText {
  /** The command. */
  readonly name: string
  /** A phrase without a full stop: `ping TCP ports`. */
  readonly summary: string
  /** What follows the command's name, one entry for each form: `[option]... host port`. */
  readonly usage: readonly string[]
  /** Further paragraphs for the man page. */
  readonly description?: readonly string[]
  /** The words that are no options. */
  readonly positionals: readonly Row[]
  /** Whole command lines. */
  readonly examples: readonly Row[]
  readonly exitStatus: readonly Row[]
  /** Further sections of the man page: heading and paragraphs. */
  readonly sections?: readonly (readonly [heading: string, ...paragraphs: string[]])[]
}

/** How the tool's command line is read, apart from its table. */
export interface CliSyntax {
  /** Long options may have one dash, as with getopt_long_only(3): `-tcp-connect`. */
  readonly oneDashLong?: boolean
  /** `false`: options end at the first word that is none, as POSIX has it. */
  readonly permute?: boolean
}

/** How a tool answers what is asked about it. */
interface CliManner {
  readonly version?: VersionStyle
  /** A command line without a word shows the help, on standard output, and ends with `usageStatus`. */
  readonly emptyShowsHelp?: boolean
}

/** What may go wrong without being a mistake of ours. The command line's own faults are CommandLineProblems. */
export type ExpectedError = UsageError | ResolveError | LocalFault

/** The command alone, and how to get the rest: a run that explains nothing need not load it. */
export interface LateText extends Pick<CliText, 'name'> {
  texts(): Promise<Omit<CliText, 'name'>>
}

interface CliWork<O extends OptionTable> extends CliSyntax, CliManner {
  readonly options: O
  /** Exit status for a command line that makes no sense, an unknown name and a local fault. */
  readonly usageStatus: number
  /**
   * Exit status for the same, where options decide on it: those that were given, as far as they make sense;
   * `usageStatus` without it. `argv` has the words behind a fault, too, which nobody could read any more. The error
   * itself is for tools that tell a mistake in the shape of a command line from others.
   */
  faultStatus?(args: PartlyParsed<O>, argv: readonly string[], error: ExpectedError): number
  /**
   * The tool's own text for stderr about such an error, with line ends and safe for a terminal; undefined, and without
   * it, for one line with the tool's name and the message.
   */
  complaint?(error: ExpectedError, args: PartlyParsed<O>): string | undefined | Promise<string>
  /** Does the work: yields what is to be printed as soon as it is known, returns the exit status. */
  run(args: Parsed<O>, io: Io): AsyncGenerator<Line, number>
}

type AnyText = CliText | LateText

export type CliDefinition<O extends OptionTable, T extends AnyText = AnyText> = CliWork<O> & T

/** A tool's command line: what help, man page, completion and the parser are made from. */
export type Cli<O extends OptionTable, T extends AnyText = AnyText> = CliDefinition<O, T> & {
  /** All options, those that every tool has included: `--help`, `--version`, `--man`, `--completion`. */
  readonly table: readonly Option[]
}

/** What is known of a tool without its own types. */
export type AnyCli = CliText & CliSyntax & CliManner & { readonly table: readonly Option[] }

/**
 * Declares a tool. The types of `run`'s `args` follow from the option table: a flag is a boolean, a value is
 * what its coercer gives, undefined when it may be missing, an array when it may be repeated.
 * @throws Error when two options share a name
 */
export function defineCli<const O extends OptionTable, T extends AnyText>(
  definition: CliDefinition<O, T>,
): Cli<O, T> {
  return { ...definition, table: fullTable(definition.options, definition.version) }
}
