import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { OPTIONS } from '../src/command-line/options.ts'
import { classicHelp } from '../src/words/usage.ts'
import { read } from './command-line-kit.ts'

const readme = readFileSync(new URL('../README.md', import.meta.url), 'utf8')

/** What stands below a heading, up to the next one of the same depth. */
function section(heading: string): string {
  const from = readme.indexOf(`\n${heading}\n`)
  if (from === -1) throw new Error(`no heading ${heading}`)
  const to = readme.indexOf('\n## ', from + heading.length)
  return readme.slice(from, to === -1 ? undefined : to)
}

const rows = section('## Options')
  .split('\n')
  .filter((line) => line.startsWith('| `-'))
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()))

const optionIn = (cell = ''): string => /^`(--?[\w-]+)/.exec(cell)?.[1] ?? ''

describe('the tables of options', () => {
  it("name every option of nc's own help, and no other letter", () => {
    const letters = rows.map(([, option]) => optionIn(option)).filter((option) => /^-[^-]/.test(option))
    const known = [...classicHelp('nc').matchAll(/^\t\t(-\w)/gm)].map(([, letter]) => letter)
    expect(known).toHaveLength(35)
    expect([...letters].sort()).toEqual([...known].sort())
  })

  it('name every long option, as it is', () => {
    const inTables = rows.map(([, option, long]) =>
      optionIn(option).startsWith('--') ? optionIn(option) : optionIn(long),
    )
    expect([...inTables].sort()).toEqual(
      Object.keys(OPTIONS)
        .map((name) => `--${name}`)
        .sort(),
    )
  })

  it('pair each letter with its own long name', () => {
    for (const [name, spec] of Object.entries(OPTIONS)) {
      if (!('short' in spec)) continue
      const row = rows.find(([, option]) => optionIn(option) === `-${spec.short}`)
      expect(optionIn(row?.[2])).toBe(`--${name}`)
    }
  })
})

/** Command lines of nc-ts: after a prompt, in scripts, and as the command of another program. */
const commands = [...readme.matchAll(/```(?:sh)?\n([\s\S]*?)```/g)]
  .flatMap(([, block = '']) => block.split('\n'))
  .flatMap((line) =>
    [...line.matchAll(/\bnc-ts ((?:[^'|;&<>#\n]|'[^']*')+)/g)].map(([, words = '']) => words),
  )
  .filter((words) => /^-[\w-]/.test(words) && !/--(?:man|completion|help)\b/.test(words))
  .map((words) => words.trim())

describe('the command lines', () => {
  it('are many', () => {
    expect(commands.length).toBeGreaterThan(25)
  })

  it.each(commands)('make sense: nc-ts %s', async (command) => {
    const words = command.replace('%h', 'host').replace('%p', '22').split(/\s+/)
    const { settings, err } = await read(words)
    expect(err).toBe('')
    expect(settings).toBeDefined()
  })
})

it('names in the text no option that does not exist', async () => {
  const known = new Set<string>(['--man', '--completion', '--help', '--version', '-e', '-c'])
  for (const [name, spec] of Object.entries(OPTIONS)) {
    known.add(`--${name}`)
    if ('short' in spec) known.add(`-${spec.short}`)
  }
  const named = [...readme.matchAll(/`(--[a-z][a-z-]*|-\w)(?=[ `])/g)].map(([, option = '']) => option)
  expect(named.filter((option) => !known.has(option))).toEqual([])
  expect(named.length).toBeGreaterThan(60)
})
