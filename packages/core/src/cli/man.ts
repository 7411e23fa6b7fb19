import type { AnyCli, Row } from './define.ts'
import { byGroup, descriptionOf, placeholderOf } from './option-text.ts'
import type { Option, OptionSpec } from './options.ts'

/** Characters that roff would read, or print as something else (groff_char(7)). */
const ROFF: Readonly<Record<string, string>> = {
  '\\': '\\e',
  '-': '\\-',
  "'": '\\(aq',
  '`': '\\(ga',
  '^': '\\(ha',
  '~': '\\(ti',
  '"': '\\(dq',
}

/** The manual page in the man(7) macros, section 1, in plain ASCII. */
export function manPage(cli: AnyCli, version: string): string {
  const title = `.TH ${quote(cli.name.toUpperCase())} 1 "" ${quote(`portkit ${version}`)} "User Commands"`
  const lines = [
    title,
    ...section('Name', [`${roff(cli.name)} \\- ${roff(cli.summary)}`]),
    ...section('Synopsis', synopsis(cli)),
    ...section('Description', [...paragraphs(cli.description ?? []), ...rows(cli.positionals)]),
    ...section('Options', optionLines(cli.table)),
    ...section('Exit status', rows(cli.exitStatus)),
    ...(cli.sections ?? []).flatMap(([heading, ...text]) => section(heading, paragraphs(text))),
    ...section('Examples', exampleLines(cli.examples)),
  ]
  return `${lines.join('\n')}\n`
}

function section(heading: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [`.SH ${quote(heading.toUpperCase())}`, ...lines]
}

function synopsis({ name, usage }: AnyCli): readonly string[] {
  return usage.flatMap((form, i) => [...(i === 0 ? [] : ['.br']), `\\fB${roff(name)}\\fR ${roff(form)}`])
}

function paragraphs(texts: readonly string[]): readonly string[] {
  return texts.flatMap((text) => ['.PP', ...sentences(text)]).slice(1)
}

function rows(entries: readonly Row[]): readonly string[] {
  return entries.flatMap(([term, meaning]) => ['.TP', `\\fB${roff(term)}\\fR`, ...sentences(meaning)])
}

function optionLines(table: readonly Option[]): readonly string[] {
  const groups = [...byGroup(table)]
  return groups.flatMap(([heading, options]) => [
    ...(groups.length === 1 ? [] : [`.SS ${quote(heading)}`]),
    ...options.flatMap((option) => ['.TP', tag(option), ...sentences(`${descriptionOf(option.spec)}.`)]),
  ])
}

/** `-c N, --count=N`, `-oX FILE`: names bold, the value's place holder in italics. */
function tag({ name, shorts, spec }: Option): string {
  const short = shorts.map((letter) => `\\fB\\-${roff(letter)}\\fR${italic(spec, ' ')}`)
  const long =
    spec.oneDash === true
      ? `\\fB\\-${roff(name)}\\fR${italic(spec, ' ')}`
      : `\\fB\\-\\-${roff(name)}\\fR${italic(spec, '=')}`
  return [...short, long].join(', ')
}

function italic(spec: OptionSpec, joint: ' ' | '='): string {
  if (spec.kind === 'flag') return ''
  const value = `\\fI${roff(placeholderOf(spec))}\\fR`
  return spec.bare === undefined ? `${joint}${value}` : `[${joint.trim()}${value}]`
}

function exampleLines(examples: readonly Row[]): readonly string[] {
  return examples.flatMap(([line, meaning]) => ['.TP', `\\fB${roff(line)}\\fR`, ...sentences(meaning)])
}

/** One line for each line of the text, never empty: roff would leave a gap. */
function sentences(text: string): readonly string[] {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map(roff)
}

/** Plain text as it has to stand in a line of roff. */
export function roff(text: string): string {
  const escaped = text.replace(/[\\\-'`^~"]/g, (c) => ROFF[c] ?? c).replace(/[^\n -~]/gu, unicode)
  return escaped.startsWith('.') ? `\\&${escaped}` : escaped
}

/** groff_char(7): `\[uXXXX]`, at least four hexadecimal digits in capitals; control characters have no glyph. */
function unicode(character: string): string {
  const code = character.codePointAt(0) ?? 0
  if (code < 0xa0) return ' '
  return `\\[u${code.toString(16).toUpperCase().padStart(4, '0')}]`
}

function quote(text: string): string {
  return `"${roff(text)}"`
}
