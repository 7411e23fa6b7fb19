import { UsageError } from '../model/errors.ts'
import { shown } from './coerce.ts'
import type { CliSyntax } from './define.ts'
import { nearest } from './nearest.ts'
import type { Option } from './options.ts'

/** An option as it was given. */
export interface Given {
  readonly option: Option
  /** Its name as the user wrote it, abbreviations in full: `-c`, `--count`. */
  readonly label: string
  /** undefined for flags only. */
  readonly value: string | undefined
}

export interface CommandLine {
  /** In the order of the command line. */
  readonly given: readonly Given[]
  readonly positionals: readonly string[]
}

export interface Grammar extends CliSyntax {
  readonly table: readonly Option[]
}

/** The words of a command line, taken one by one. */
interface Words {
  next(): string | undefined
  rest(): readonly string[]
}

/**
 * Takes a command line apart as getopt_long(3) does: clusters (`-vzw3`), glued and separate values, long options
 * with `=` or a separate value and abbreviated where no other begins alike, options after other words, `--` as
 * their end, `-` as a word. A separate value is taken as it is, also when it begins with a dash. Ends at the first
 * option that prints something about the tool, so that help is to be had whatever follows it.
 * @throws UsageError
 */
export function getopt(argv: readonly string[], grammar: Grammar): CommandLine {
  const words = wordsOf(argv)
  const given: Given[] = []
  const positionals: string[] = []
  for (let word = words.next(); word !== undefined && word !== '--'; word = words.next()) {
    if (isOption(word)) {
      given.push(...readOptions(word, words, grammar))
      if (given.at(-1)?.option.about !== undefined) return { given, positionals }
    } else {
      positionals.push(word)
      if (grammar.permute === false) break
    }
  }
  return { given, positionals: [...positionals, ...words.rest()] }
}

function isOption(word: string): boolean {
  return word.startsWith('-') && word !== '-'
}

/** The same command line in its plainest form: long options with `=`, then `--` and the other words. */
export function normalise(argv: readonly string[], grammar: Grammar): readonly string[] {
  const { given, positionals } = getopt(argv, grammar)
  const options = given.map(({ option, value }) =>
    value === undefined ? `--${option.name}` : `--${option.name}=${value}`,
  )
  return [...options, '--', ...positionals]
}

function wordsOf(argv: readonly string[]): Words {
  let at = 0
  return { next: () => argv[at++], rest: () => argv.slice(at) }
}

function readOptions(word: string, words: Words, grammar: Grammar): readonly Given[] {
  if (word.startsWith('--')) return [readLong('--', word.slice(2), words, grammar)]
  const body = word.slice(1)
  if (grammar.oneDashLong === true && isLong(body, grammar)) return [readLong('-', body, words, grammar)]
  return readCluster(body, words, grammar)
}

/** getopt_long_only(3): a long option where one fits; short ones where none does and the first letter is one. */
function isLong(body: string, { table }: Grammar): boolean {
  const letter = findShort(Array.from(body)[0] ?? '', table)
  if (letter === undefined) return true
  return body.length > 1 && fitting(nameIn(body), table).length > 0
}

function nameIn(body: string): string {
  const equals = body.indexOf('=')
  return equals === -1 ? body : body.slice(0, equals)
}

function readLong(dashes: string, body: string, words: Words, { table }: Grammar): Given {
  const name = nameIn(body)
  const [option, ...others] = name === '' ? [] : fitting(name, table)
  if (option === undefined) throw unknownLong(dashes, name, table)
  if (others.length > 0) {
    const names = [option, ...others].map((o) => dashes + o.name).join(', ')
    throw new UsageError(`option ${shown(dashes + name)} is ambiguous: ${names}`)
  }
  const label = dashes + option.name
  const glued = name === body ? undefined : body.slice(name.length + 1)
  if (option.spec.kind === 'value') return { option, label, value: glued ?? separate(label, words) }
  if (glued !== undefined) throw new UsageError(`option ${label} takes no value: ${shown(glued)}`)
  return { option, label, value: undefined }
}

/** The option of that name, or all whose names begin with it. */
function fitting(name: string, table: readonly Option[]): readonly Option[] {
  const exact = table.find((option) => option.name === name)
  return exact === undefined ? table.filter((option) => option.name.startsWith(name)) : [exact]
}

function unknownLong(dashes: string, name: string, table: readonly Option[]): UsageError {
  const near = nearest(
    name,
    table.map((option) => option.name),
  )
  const hint = near === undefined ? '' : `; did you mean ${dashes}${near}?`
  return new UsageError(`unknown option ${shown(dashes + name)}${hint}`)
}

/** Letters of flags, the last one perhaps of an option with a value, which then is the rest or the next word. */
function readCluster(body: string, words: Words, { table }: Grammar): readonly Given[] {
  const letters = Array.from(body)
  const given: Given[] = []
  for (const [i, letter] of letters.entries()) {
    const option = findShort(letter, table)
    if (option === undefined) throw unknownShort(letter, body)
    const label = `-${letter}`
    if (option.spec.kind === 'value') {
      const glued = letters.slice(i + 1).join('')
      return [...given, { option, label, value: glued === '' ? separate(label, words) : glued }]
    }
    given.push({ option, label, value: undefined })
    if (option.about !== undefined) break
  }
  return given
}

function findShort(letter: string, table: readonly Option[]): Option | undefined {
  return table.find((option) => option.shorts.includes(letter))
}

function unknownShort(letter: string, body: string): UsageError {
  const where = letter === body ? '' : ` in ${shown(`-${body}`)}`
  return new UsageError(`unknown option -${letter}${where}`)
}

function separate(label: string, words: Words): string {
  const value = words.next()
  if (value === undefined) throw new UsageError(`option ${label} needs a value`)
  return value
}
