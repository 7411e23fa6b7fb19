import type { AnyCli } from '../define.ts'
import { descriptionOf, placeholderOf, shownOptions } from '../option-text.ts'
import type { Completes, Option, ValueSpec } from '../options.ts'
import { functionName, singleQuoted, spellings } from './names.ts'

/** A blank shows the place holder and offers nothing. */
const ACTION = { file: '_files', host: '_hosts', nothing: ' ' } as const satisfies Record<Completes, string>

/** A script for zsh: to be evaluated, or saved as `_tool` in a folder of `$fpath`. */
export function zshCompletion(cli: AnyCli): string {
  const run = functionName(cli.name)
  const specs = [
    ...shownOptions(cli.table).flatMap((option) => specsOf(option, cli)),
    "'*:host or port:_hosts'",
  ]
  // -s knows clusters of letters, which one-dash long names do not go with.
  const flags = cli.oneDashLong === true ? '-S' : '-s -S'
  return `#compdef ${cli.name}
# zsh completion for ${cli.name}; load it with: eval "$(${cli.name} --completion=zsh)"
${run}() {
  _arguments ${flags} \\
${specs.map((spec) => `    ${spec}`).join(' \\\n')}
}
if [[ \${funcstack[1]} == _${cli.name} ]]; then
  ${run} "$@"
else
  compdef ${run} ${cli.name}
fi
`
}

/** One specification for each spelling, as _arguments (zshcompsys(1)) wants them. */
function specsOf(option: Option, cli: AnyCli): readonly string[] {
  const names = spellings(option, cli)
  const { spec } = option
  const repeatable = spec.kind === 'value' && spec.repeatable === true
  const once = repeatable ? '*' : `(${names.join(' ')})`
  const about = `[${escaped(descriptionOf(spec))}]`
  return names.map((name) => {
    if (spec.kind === 'flag') return singleQuoted(`${once}${name}${about}`)
    const value = `${escaped(placeholderOf(spec))}:${action(spec)}`
    return singleQuoted(
      `${once}${name}${jointOf(name, spec)}${about}${spec.bare === undefined ? ':' : '::'}${value}`,
    )
  })
}

/** How the value follows: glued on, behind `=` or as the next word; a `-` at the end rules the next word out. */
function jointOf(name: string, { bare }: ValueSpec): string {
  if (bare !== undefined) return name.length === 2 ? '-' : '=-'
  if (name.startsWith('--')) return '='
  return name.length === 2 ? '+' : ''
}

function action({ choices, completes = 'nothing' }: ValueSpec): string {
  return choices === undefined ? ACTION[completes] : `(${choices.join(' ')})`
}

function escaped(text: string): string {
  return text.replace(/[\\:[\]]/g, '\\$&')
}
