/** Reads a value as the user typed it. `option` is how he named the option: `-c`, `--count`. @throws UsageError */
export type Coercer<T> = (text: string, option: string) => T

interface Described {
  /** One-letter names, one after the other: `c`, `vV`, `4`. */
  readonly short?: string
  /** What it does, as a phrase without a full stop. The default is added by itself. */
  readonly describe: string
  /** Heading in help and man page, without a colon. */
  readonly group?: string
  /** Understood, but neither in help, man page nor completion: another spelling, or something refused. */
  readonly hidden?: boolean
  /** An abbreviation that fits another option as well means that one. */
  readonly yields?: boolean
  /** Help and man page write it as its users do, `-oX FILE`: for tools that take long options with one dash. */
  readonly oneDash?: boolean
}

export type Completes = 'file' | 'host' | 'nothing'

/** An option without a value: true when given. */
export interface FlagSpec extends Described {
  readonly kind: 'flag'
  /** Nothing after it is looked at: for a flag that prints something in place of running. */
  readonly stops?: boolean
}

/** An option with a value: the last one given counts, or all of them when it is `repeatable`. */
export interface ValueSpec extends Described {
  readonly kind: 'value'
  /** Without it the value is the text itself. */
  readonly coerce?: Coercer<unknown>
  /** The only texts that are allowed. */
  readonly choices?: readonly string[]
  /** Written as a user would type it. */
  readonly default?: string
  /** What stands for the value in help: `N`, `FILE`. */
  readonly placeholder?: string
  /** What counts when no value is glued on (`-v` for `-v2`): then the next word is never taken for one. */
  readonly bare?: string
  readonly repeatable?: boolean
  /** What the shell offers after Tab where there are no `choices`. */
  readonly completes?: Completes
}

export type OptionSpec = FlagSpec | ValueSpec

/** Keys are the long names, without dashes: `count`, `on-change`. */
export type OptionTable = Readonly<Record<string, OptionSpec>>

/** Options that every tool has: they print something about the tool instead of running it. */
export type About = 'help' | 'version' | 'man' | 'completion'

/** An entry of the table with its names. */
export interface Option {
  readonly name: string
  readonly shorts: readonly string[]
  readonly spec: OptionSpec
  readonly about?: About
}

type Read<S> = S extends { coerce: (text: string, option: string) => infer R }
  ? R
  : S extends { choices: readonly (infer C)[] }
    ? C
    : string

type ValueOf<S> = S extends { kind: 'flag' }
  ? boolean
  : S extends { repeatable: true }
    ? readonly Read<S>[]
    : S extends { default: string }
      ? Read<S>
      : Read<S> | undefined

/** The values for every key of a table. */
type Values<O> = { readonly [K in keyof O]: ValueOf<O[K]> }

/**
 * What a tool gets: a value for every key of its table, the words that are no options in `_`, and in `_given` the long
 * names of the options in the order in which they were given, for those of which the last one counts.
 */
export type Parsed<O> = Values<O> & { readonly _: readonly string[]; readonly _given: readonly string[] }

/** What could be read of a command line that makes no sense: values of options may be missing. */
export type PartlyParsed<O> = Partial<Values<O>>
