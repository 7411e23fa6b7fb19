import type { CliSyntax } from './define.ts'
import { getopt } from './getopt.ts'
import type { Option, OptionTable, Parsed } from './options.ts'
import { readArgs } from './read-args.ts'

/** Reads words as a tool's command line, without running it: those that a file kept. @throws CommandLineProblem, UsageError */
export function parseArgs<O extends OptionTable>(
  cli: CliSyntax & { readonly options: O; readonly table: readonly Option[] },
  words: readonly string[],
): Parsed<O> {
  return readArgs<O>(getopt(words, cli), cli.table)
}
