import { shown } from './coerce.ts'
import { type CommandLineFault, CommandLineProblem } from './command-line-problem.ts'
import type { CliSyntax } from './define.ts'
import type { Given } from './given.ts'
import { nearest } from './nearest.ts'
import type { Option } from './options.ts'

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

/** A command line half read. */
interface Reading {
  readonly grammar: Grammar
  readonly words: Words
  readonly given: Given[]
}

/**
 * Takes a command line apart as getopt_long(3) does: clusters (`-vzw3`), glued and separate values, long options
 * with `=` or a separate value and abbreviated where no other begins alike, options after other words, `--` as
 * their end, `-` as a word. A separate value is taken as it is, also when it begins with a dash. Ends at the first
 * option that prints something about the tool, so that help is to be had whatever follows it, or whose flag `stops`.
 * @throws CommandLineProblem
 */
export function getopt(argv: readonly string[], grammar: Grammar): CommandLine {
  const words = wordsOf(argv)
  const given: Given[] = []
  const positionals: string[] = []
  for (let word = words.next(); word !== undefined && word !== '--'; word = words.next()) {
    if (isOption(word)) {
      readOptions(word, { grammar, words, given })
      if (isEnd(given.at(-1)?.option)) return { given, positionals }
    } else {
      positionals.push(word)
      if (grammar.permute === false) break
    }
  }
  return { given, positionals: [...positionals, ...words.rest()] }
}

function isEnd(option: Option | undefined): boolean {
  if (option === undefined) return false
  return option.about !== undefined || (option.spec.kind === 'flag' && option.spec.stops === true)
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

function readOptions(word: string, reading: Reading): void {
  const { grammar } = reading
  const body = word.slice(1)
  if (word.startsWith('--')) readLong('--', word.slice(2), reading)
  else if (grammar.oneDashLong === true && isLong(body, grammar)) readLong('-', body, reading)
  else readCluster(body, reading)
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

function readLong(dashes: string, body: string, reading: Reading): void {
  const name = nameIn(body)
  const option = findLong(dashes, name, reading)
  const label = dashes + option.name
  const glued = name === body ? undefined : body.slice(name.length + 1)
  if (option.spec.kind === 'value') {
    reading.given.push({ option, label, value: glued ?? option.spec.bare ?? separate(label, reading) })
  } else if (glued === undefined) {
    reading.given.push({ option, label, value: undefined })
  } else {
    const fault = { kind: 'takes-no-value', name: label, value: glued } as const
    throw problem(`option ${label} takes no value: ${shown(glued)}`, fault, reading)
  }
}

function findLong(dashes: string, name: string, reading: Reading): Option {
  const { table } = reading.grammar
  const [option, ...others] = name === '' ? [] : fitting(name, table)
  if (option === undefined) throw unknownLong(dashes, name, reading)
  if (others.length === 0) return option
  const candidates = [option, ...others].map((one) => dashes + one.name)
  const fault = { kind: 'ambiguous', name: dashes + name, candidates } as const
  throw problem(`option ${shown(fault.name)} is ambiguous: ${candidates.join(', ')}`, fault, reading)
}

/** The option of that name, or all whose names begin with it, less those that give way to the others. */
function fitting(name: string, table: readonly Option[]): readonly Option[] {
  const exact = table.find((option) => option.name === name)
  if (exact !== undefined) return [exact]
  const all = table.filter((option) => option.name.startsWith(name))
  const firm = all.filter(({ spec }) => spec.yields !== true)
  return firm.length > 0 ? firm : all
}

function unknownLong(dashes: string, name: string, reading: Reading): CommandLineProblem {
  const names = reading.grammar.table.map((option) => option.name)
  const near = nearest(name, names)
  const found = near === undefined ? undefined : dashes + near
  const fault = { kind: 'unknown-name', name: dashes + name, nearest: found } as const
  const hint = found === undefined ? '' : `; did you mean ${found}?`
  return problem(`unknown option ${shown(fault.name)}${hint}`, fault, reading)
}

/** Letters of flags, the last one perhaps of an option with a value, which then is the rest or the next word. */
function readCluster(body: string, reading: Reading): void {
  const letters = Array.from(body)
  const { given, grammar } = reading
  for (const [i, letter] of letters.entries()) {
    const option = findShort(letter, grammar.table)
    if (option === undefined) throw unknownShort(letter, body, reading)
    const label = `-${letter}`
    if (option.spec.kind === 'value') {
      const glued = letters.slice(i + 1).join('')
      const value = glued === '' ? (option.spec.bare ?? separate(label, reading)) : glued
      given.push({ option, label, value })
      return
    }
    given.push({ option, label, value: undefined })
    if (isEnd(option)) return
  }
}

function findShort(letter: string, table: readonly Option[]): Option | undefined {
  return table.find((option) => option.shorts.includes(letter))
}

function unknownShort(letter: string, body: string, reading: Reading): CommandLineProblem {
  const where = letter === body ? '' : ` in ${shown(`-${body}`)}`
  const fault = { kind: 'unknown-letter', letter, word: `-${body}` } as const
  return problem(`unknown option -${letter}${where}`, fault, reading)
}

function separate(label: string, reading: Reading): string {
  const value = reading.words.next()
  if (value !== undefined) return value
  throw problem(`option ${label} needs a value`, { kind: 'needs-value', name: label }, reading)
}

function problem(message: string, fault: CommandLineFault, { given }: Reading): CommandLineProblem {
  return new CommandLineProblem(message, fault, given)
}
