import type { About, Option, OptionSpec, OptionTable } from './options.ts'

const GROUP = 'About this program'

export const SHELLS = ['bash', 'zsh', 'fish'] as const
export type Shell = (typeof SHELLS)[number]

const ABOUT = {
  help: { kind: 'flag', group: GROUP, short: 'h', describe: 'Show this text' },
  version: { kind: 'flag', group: GROUP, describe: 'Show the version' },
  man: {
    kind: 'flag',
    group: GROUP,
    yields: true,
    describe: 'Write the manual page (roff) to standard output',
  },
  completion: {
    kind: 'value',
    group: GROUP,
    yields: true,
    choices: SHELLS,
    describe: 'Write a completion script for that shell to standard output',
  },
} as const satisfies Record<About, OptionSpec>

/** How a tool speaks of its version where that differs: a one-letter name for `--version`, and the text. */
export interface VersionStyle {
  readonly short?: string
  /** What is printed, with line ends. */
  text(version: string): string
}

/**
 * The tool's options and the ones that every tool has; `-h` is help unless the tool claims it. `--man` and
 * `--completion` give way to what the tool's own abbreviations mean.
 * @throws Error for a table that contradicts itself: its author's mistake, not the user's
 */
export function fullTable(options: OptionTable, version?: Pick<VersionStyle, 'short'>): readonly Option[] {
  const own = Object.entries(options).map(([name, spec]) => toOption(name, spec))
  const claimed = new Set(own.flatMap(({ shorts }) => shorts))
  const about = (Object.keys(ABOUT) as About[]).map((name) => {
    const spec: OptionSpec = ABOUT[name]
    const option = toOption(name, name === 'version' ? { ...spec, short: version?.short ?? '' } : spec)
    return { ...option, shorts: option.shorts.filter((letter) => !claimed.has(letter)), about: name }
  })
  const table = [...own, ...about]
  check(table)
  return table
}

function toOption(name: string, spec: OptionSpec): Option {
  return { name, shorts: Array.from(spec.short ?? ''), spec }
}

function check(table: readonly Option[]): void {
  const seen = new Set<string>()
  for (const { name, shorts } of table) {
    if (!/^[A-Za-z0-9][A-Za-z0-9-]+$/.test(name)) throw new Error(`long option name '${name}' is malformed`)
    for (const one of [name, ...shorts]) {
      if (seen.has(one) || one === '-' || one === '=') throw new Error(`option name '${one}' cannot be used`)
      seen.add(one)
    }
  }
}
