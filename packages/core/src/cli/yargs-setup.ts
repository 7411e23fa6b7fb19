import type { Argv, Options } from 'yargs'

/** Its types leave this one out. */
export interface HelpArgv extends Argv {
  usageConfiguration(configuration: { readonly 'hide-types': boolean }): this
}

/** What keeps yargs from guessing: numbers, negations, dots and repetitions mean nothing special here. */
const CLASSIC = {
  'parse-numbers': false,
  'parse-positional-numbers': false,
  'boolean-negation': false,
  'camel-case-expansion': false,
  'dot-notation': false,
  'duplicate-arguments-array': false,
} as const

/** No such file exists: yargs keeps to its built-in English and asks no file or locale that it finds by chance. */
const NO_LOCALE_FILE = '/portkit-built-in-english'

/** yargs writes the script's name for `$0`: under this name an example with `awk '{print $0}'` stays as it is. */
const LITERAL = '$0'

/**
 * yargs (17: 18 takes far longer to load) set up for one command line that `normalise` has put in its plain form. It is loaded
 * here and only here, because that costs more than all the rest of a start. Errors are thrown, nothing is printed.
 */
export async function setUpYargs(
  options: Readonly<Record<string, Options>>,
  argv: readonly string[] = [],
): Promise<HelpArgv> {
  // This entry is CommonJS; yargs' own ESM one would break lines within words.
  const { default: yargs } = await import('yargs/yargs')
  const configured = yargs([...argv])
    .scriptName(LITERAL)
    .locale(NO_LOCALE_FILE)
    .parserConfiguration(CLASSIC)
    .help(false)
    .version(false)
    .exitProcess(false)
    .strictOptions()
    .fail((message, error) => {
      throw error ?? new Error(message)
    })
    .options({ ...options })
  return configured as HelpArgv
}
