import type { AnyCli } from '../define.ts'
import { shownOptions } from '../option-text.ts'
import type { Completes, Option, ValueSpec } from '../options.ts'
import { functionName, singleQuoted, spellings } from './names.ts'

/**
 * A script for bash 3.2 (macOS) and later that needs nothing of the bash-completion package. Hosts are completed
 * as bash does it by itself.
 */
export function bashCompletion(cli: AnyCli): string {
  const run = functionName(cli.name)
  const words = `${run}_words`
  return `# bash completion for ${cli.name}; load it with: eval "$(${cli.name} --completion=bash)"
${words}() {
  local word
  while IFS= read -r word; do
    COMPREPLY+=("$word")
  done < <(IFS=$' \\t\\n' compgen "$@" -- "$cur")
}
${run}() {
  local cur=\${COMP_WORDS[COMP_CWORD]} option='' i
  ((COMP_CWORD > 0)) && option=\${COMP_WORDS[COMP_CWORD - 1]}
  COMPREPLY=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ \${COMP_WORDS[i]} == -- ]]; then
      ${words} -A hostname
      return
    fi
  done
  # bash makes three words of --name=value.
  if [[ $cur == '=' ]]; then
    cur=''
  elif [[ $option == '=' ]] && ((COMP_CWORD > 1)); then
    option=\${COMP_WORDS[COMP_CWORD - 2]}
  fi
  case $option in
${branches(cli, words)}
  esac
  case $cur in
    -*) ${words} -W ${singleQuoted(allNames(cli))} ;;
    *) ${words} -A hostname ;;
  esac
}
complete -F ${run} ${cli.name}
`
}

function branches(cli: AnyCli, words: string): string {
  return shownOptions(cli.table)
    .flatMap((option) =>
      option.spec.kind === 'value' && option.spec.bare === undefined
        ? [branch(cli, option, option.spec, words)]
        : [],
    )
    .join('\n')
}

function branch(cli: AnyCli, option: Option, spec: ValueSpec, words: string): string {
  const offer = offerFor(spec, words)
  return `    ${spellings(option, cli).join(' | ')}) ${offer === '' ? '' : `${offer}; `}return ;;`
}

function offerFor({ choices, completes = 'nothing' }: ValueSpec, words: string): string {
  if (choices !== undefined) return `${words} -W ${singleQuoted(choices.join(' '))}`
  const offers = {
    file: `compopt -o filenames 2> /dev/null; ${words} -f`,
    host: `${words} -A hostname`,
    nothing: '',
  } as const satisfies Record<Completes, string>
  return offers[completes]
}

function allNames(cli: AnyCli): string {
  return shownOptions(cli.table)
    .flatMap((option) => spellings(option, cli))
    .join(' ')
}
