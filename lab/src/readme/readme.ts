import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** A command line of a transcript, and what it printed. */
export interface Example {
  readonly command: string
  readonly output: string
}

/** An option as a table tells of it; `short` is empty where there is no letter. */
export interface ListedOption {
  readonly long: string
  readonly short: string
  readonly says: string
}

/** A package's README. */
export interface Readme {
  readonly text: string
  /** What stands below a heading (`## Options`), up to the next one that is not deeper. @throws Error without it */
  section(heading: string): string
  /** The transcripts in their order: what stands behind `$ ` in blocks of code. */
  examples(): readonly Example[]
  /** The words behind the tool's name in examples and scripts, where they begin with an option. */
  commands(tool: string): readonly string[]
}

/** @param packageFolder its path */
export function readmeOf(packageFolder: string): Readme {
  const text = readFileSync(join(packageFolder, 'README.md'), 'utf8')
  return {
    text,
    section: (heading) => sectionOf(text, heading),
    examples: () => examplesIn(text),
    commands: (tool) => commandsIn(text, tool),
  }
}

function sectionOf(text: string, heading: string): string {
  const from = text.indexOf(`\n${heading}\n`)
  if (from === -1) throw new Error(`no heading ${heading}`)
  const depth = heading.indexOf(' ')
  const next = new RegExp(`\\n#{1,${depth}} `).exec(text.slice(from + heading.length))
  return next === null ? text.slice(from) : text.slice(from, from + heading.length + next.index)
}

function examplesIn(text: string): readonly Example[] {
  return [...text.matchAll(/```\n(\$ [\s\S]*?)```/g)].flatMap(([, block = '']) =>
    block
      .split(/^\$ /m)
      .slice(1)
      .map((example) => {
        const end = example.indexOf('\n')
        return { command: example.slice(0, end), output: example.slice(end + 1) }
      }),
  )
}

function commandsIn(text: string, tool: string): readonly string[] {
  const uses = new RegExp(`\\b${tool}(?:"\\))? ((?:[^'|;&<>#\\n]|'[^']*')+)`, 'g')
  return [...text.matchAll(/```(?:sh)?\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.split('\n'))
    .flatMap((line) => [...line.matchAll(uses)].map(([, words = '']) => words.trim()))
    .filter((words) => /^-[\w-]/.test(words))
}

/** The words of a command line as a shell gives them to a program. */
export function wordsOf(command: string): readonly string[] {
  return [...command.matchAll(/(?:[^\s']|'[^']*')+/g)].map(([word]) => word.replaceAll("'", ''))
}

/** What the rows of a text's tables name: an option behind the first bar or two, the letter before the long name. */
export function optionsListed(text: string): readonly ListedOption[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith('|') && line.includes('`-'))
    .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))
    .map(([, short, long, says = '']) => ({
      long: optionIn(long),
      short: optionIn(short),
      says: says.replaceAll('\\|', '|'),
    }))
}

function optionIn(cell = ''): string {
  return /^`(--?[\w-]+)/.exec(cell)?.[1] ?? ''
}

/** The options of a list whose items are `- why: ...` and then the options in ticks, with why. */
export function refusalsListed(text: string): readonly (readonly [name: string, why: string])[] {
  return text
    .split(/^- /m)
    .slice(1)
    .flatMap((entry) => {
      const [, why = '', options = ''] = /^([\s\S]*?): (`--[\s\S]*)$/.exec(entry) ?? []
      return [...options.matchAll(/`--([\w-]+)`/g)].map(
        ([, name = '']) => [name, why.replace(/\s+/g, ' ')] as const,
      )
    })
}
