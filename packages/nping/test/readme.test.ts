import { describe, expect, it } from 'vitest'
import { OPTIONS } from '../src/command-line/options.ts'
import { REFUSED } from '../src/command-line/refused.ts'
import { run } from './command-line-kit.ts'
import { readme, section } from './readme-kit.ts'

interface Entry {
  readonly long: string
  readonly short: string
  readonly hidden: boolean
}

const KNOWN: readonly Entry[] = Object.entries(OPTIONS).map(([name, spec]) => ({
  long: `--${name}`,
  short: 'short' in spec ? `-${spec.short}` : '',
  hidden: 'hidden' in spec && spec.hidden === true,
}))

const cellsOf = (line: string): readonly string[] => line.split(/(?<!\\)\|/).map((cell) => cell.trim())
const optionIn = (cell = ''): string => /^`(--?[\w-]+)/.exec(cell)?.[1] ?? ''

describe('the tables of options', () => {
  const rows = section('## Options')
    .split('\n')
    .filter((line) => /`--/.test(line) && line.startsWith('|'))
    .map((line) => cellsOf(line))

  it('name every option that help names, and pair it with its letter', () => {
    const listed = rows.map(([, short, long]) => ({ long: optionIn(long), short: optionIn(short) }))
    const shown = KNOWN.filter(({ hidden }) => !hidden).map(({ long, short }) => ({ long, short }))
    const byName = (a: { long: string }, b: { long: string }): number => a.long.localeCompare(b.long)
    expect(listed.toSorted(byName)).toEqual(shown.toSorted(byName))
  })
})

describe('the list of what is refused', () => {
  const entries = section('### Refused on purpose').split(/^- /m).slice(1)
  const reasons = entries.flatMap((entry) => {
    const [, why = '', options = ''] = /^([\s\S]*?): (`--[\s\S]*)$/.exec(entry) ?? []
    return [...options.matchAll(/`--([\w-]+)`/g)].map(
      ([, name = '']) => [name, why.replace(/\s+/g, ' ')] as const,
    )
  })

  it('names every option, with the reason that the tool gives', () => {
    const given = Object.entries(REFUSED).map(([name, [, why]]) => [name, why] as const)
    expect(new Map(reasons)).toEqual(new Map(given))
    expect(reasons).toHaveLength(given.length)
  })
})

/** Command lines of nping-ts, after a prompt and in scripts. */
const commands = [...readme.matchAll(/```(?:sh)?\n([\s\S]*?)```/g)]
  .flatMap(([, block = '']) => block.split('\n'))
  .flatMap((line) =>
    [...line.matchAll(/\bnping-ts(?:"\))? ((?:[^'|;&<>#\n]|'[^']*')+)/g)].map(([, words = '']) =>
      words.trim(),
    ),
  )
  .filter((words) => /^-[\w-]/.test(words))

describe('the command lines', () => {
  it('are many', () => {
    expect(commands.length).toBeGreaterThan(22)
  })

  it.each(commands)('make sense: nping-ts %s', async (command) => {
    const { settings, stderr } = await run(...command.split(/\s+/))
    expect(stderr).toBe('')
    expect(settings).toBeDefined()
  })
})

it('names in the text no option that does not exist', () => {
  // `--allow-scripts` is npm's.
  const known = new Set(['--man', '--completion', '--help', '--version', '-h', '-V', '--allow-scripts'])
  for (const { long, short } of KNOWN) known.add(long).add(short)
  const named = [...readme.matchAll(/`(--[a-zA-Z][\w-]*|-\w)(?=[ `=])/g)].map(([, option = '']) => option)
  expect(named.filter((option) => !known.has(option))).toEqual([])
  expect(named.length).toBeGreaterThan(100)
})
