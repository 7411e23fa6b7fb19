import type { Options } from 'yargs'
import type { AnyCli, Row } from './define.ts'
import { byGroup, descriptionOf, placeholderOf } from './option-text.ts'
import type { Option } from './options.ts'
import { setUpYargs } from './yargs-setup.ts'

const WIDEST = 100
const NARROWEST = 40
const USUAL = 80

/** yargs prints names under this heading without dashes. */
const POSITIONALS = 'Positionals:'
const ARGUMENTS = 'Arguments:'

/** The text for `--help`, laid out by yargs for a terminal of that many columns, 100 at most; ends with a line end. */
export async function helpText(cli: AnyCli, columns: number): Promise<string> {
  const yargs = await setUpYargs({ ...positionalRows(cli), ...optionRows(cli) })
  yargs.usageConfiguration({ 'hide-types': true }).wrap(widthFor(columns))
  yargs.updateStrings({ [POSITIONALS]: ARGUMENTS })
  for (const form of cli.usage) yargs.usage(`Usage: ${cli.name} ${form}`)
  yargs.usage(`\n${capital(cli.summary)}.`)
  for (const [line, meaning] of cli.examples) yargs.example(line, meaning)
  yargs.epilogue(tabulated('Exit status:', cli.exitStatus))
  return `${withOneDash(await yargs.getHelp(), cli.table)}\n`
}

/** A width of 0 is what some terminals say that do not know. */
function widthFor(columns: number): number {
  return columns >= 1 ? Math.min(WIDEST, Math.max(NARROWEST, columns)) : USUAL
}

function positionalRows({ positionals }: AnyCli): Record<string, Options> {
  return Object.fromEntries(
    positionals.map(([term, describe]) => [term, { describe, group: ARGUMENTS, boolean: true }]),
  )
}

/** Names as help shows them, `count=N`: nothing is ever parsed with these. Only for booleans does it write `-4`. */
function optionRows({ table }: AnyCli): Record<string, Options> {
  const rows: Record<string, Options> = {}
  for (const [heading, options] of byGroup(table)) {
    for (const option of options) {
      const describe = descriptionOf(option.spec)
      rows[shownName(option)] = { alias: option.shorts, describe, group: `${heading}:`, boolean: true }
    }
  }
  return rows
}

function shownName({ name, spec }: Option): string {
  if (spec.kind === 'flag') return name
  const value = placeholderOf(spec)
  return spec.bare === undefined ? `${name}=${value}` : `${name}[=${value}]`
}

/** yargs knows no long options with one dash. The columns stay where they are. */
function withOneDash(text: string, table: readonly Option[]): string {
  const options = table.filter(({ spec }) => spec.oneDash === true)
  return options.reduce((all, option) => {
    const name = shownName(option)
    return all.replace(` --${name} `, ` -${name.replace('=', ' ')}  `)
  }, text)
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}

/** yargs lines up what tabs part. */
function tabulated(heading: string, rows: readonly Row[]): string {
  return [heading, ...rows.map(([term, meaning]) => `  ${term}\t  ${meaning}`)].join('\n')
}
