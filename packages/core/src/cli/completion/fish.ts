import type { AnyCli } from '../define.ts'
import { descriptionOf, shownOptions } from '../option-text.ts'
import type { Completes, Option, OptionSpec } from '../options.ts'

const HOSTS = "-a '(__fish_print_hostnames)'"
/** -x: a value and no files; -r -F: a value that is a file. */
const VALUE = { file: ' -r -F', host: ` -x ${HOSTS}`, nothing: ' -x' } as const satisfies Record<
  Completes,
  string
>

/** A script for fish 3: to be sourced, or saved as `~/.config/fish/completions/tool.fish`. */
export function fishCompletion(cli: AnyCli): string {
  const start = `complete -c ${cli.name}`
  const lines = shownOptions(cli.table).map(
    (option) => `${start}${nameWords(option, cli)}${valueWords(option.spec)}`,
  )
  return `# fish completion for ${cli.name}; load it with: ${cli.name} --completion=fish | source
${start} -f ${HOSTS}
${lines.join('\n')}
`
}

function nameWords({ name, shorts, spec }: Option, { oneDashLong }: AnyCli): string {
  const old = oneDashLong === true ? ` -o ${name}` : ''
  return `${shorts.map((letter) => ` -s ${quoted(letter)}`).join('')} -l ${name}${old} -d ${quoted(descriptionOf(spec))}`
}

function valueWords(spec: OptionSpec): string {
  if (spec.kind === 'flag' || spec.bare !== undefined) return ''
  const { choices, completes = 'nothing' } = spec
  return choices === undefined ? VALUE[completes] : ` -x -a ${quoted(choices.join(' '))}`
}

/** In fish a backslash counts within single quotes. */
function quoted(text: string): string {
  return `'${text.replace(/[\\']/g, '\\$&')}'`
}
