import { describe, expect, it } from 'vitest'
import { type ListedOption, optionsListed, readmeOf, refusalsListed, wordsOf } from './readme.ts'

export { readmeOf } from './readme.ts'

/** Of an option what a README repeats. */
interface Option {
  readonly short?: string
  readonly hidden?: boolean
  readonly describe?: string
  readonly default?: string
  readonly oneDash?: boolean
}

/** A tool, and what its README is held against. */
export interface Described {
  readonly packageFolder: string
  readonly tool: string
  readonly options: Readonly<Record<string, object>>
  /** Why each of them is refused; the README groups them by reasons below `### Refused on purpose`. */
  readonly refused?: Readonly<
    Record<string, readonly [kind: string, why: string, ...more: readonly string[]]>
  >
  /** Reads a command line with the tool's own parser; settings are undefined when it makes no sense. */
  read(...argv: readonly string[]): Promise<{ readonly settings: unknown; readonly stderr: string }>
  /** Options in ticks that the table does not have: the tool's own about itself, and other programs'. */
  readonly besides: readonly string[]
  readonly least: { readonly commands: number; readonly named: number }
}

/** The tests of what a README says of options: its tables, what is refused, its command lines and its text. */
export function readmeTests({ packageFolder, tool, read, ...described }: Described): void {
  const readme = readmeOf(packageFolder)
  const known = Object.entries(described.options).map(([name, spec]: [string, Option]) => ({
    long: `${spec.oneDash === true ? '-' : '--'}${name}`,
    short: spec.short === undefined ? '' : `-${spec.short}`,
    hidden: spec.hidden === true,
    says: `${spec.describe ?? ''}${isTold(spec.default) ? ` (${spec.default})` : ''}`,
  }))

  it('lists every option that help names, with its letter and in the same words', () => {
    const listed = optionsListed(readme.section('## Options'))
    const shown = known
      .filter(({ hidden }) => !hidden)
      .map(({ long, short, says }) => ({ long, short, says }))
    const byName = (a: ListedOption, b: ListedOption): number => a.long.localeCompare(b.long)
    expect(listed.toSorted(byName)).toEqual(shown.toSorted(byName))
  })

  const { refused } = described
  if (refused !== undefined) {
    it('lists every option that is refused, with the reason that the tool gives', () => {
      const reasons = refusalsListed(readme.section('### Refused on purpose'))
      const given = Object.entries(refused).map(([name, [, why]]) => [name, why] as const)
      expect(new Map(reasons)).toEqual(new Map(given))
      expect(reasons).toHaveLength(given.length)
    })
  }

  describe('the command lines', () => {
    const commands = readme.commands(tool)

    it('are many', () => {
      expect(commands.length).toBeGreaterThan(described.least.commands)
    })

    it.each(commands)(`make sense: ${tool} %s`, async (command) => {
      const { settings, stderr } = await read(...wordsOf(command))
      expect(stderr).toBe('')
      expect(settings).toBeDefined()
    })
  })

  it('names in the text no option that does not exist', () => {
    const all = new Set(['--man', '--completion', '--help', '--version', '-h', ...described.besides])
    for (const { long, short } of known) all.add(long).add(short)
    const named = [...readme.text.matchAll(/`(--[a-zA-Z][\w-]*|-\w)(?=[ `=])/g)].map(
      ([, option = '']) => option,
    )
    expect(named.filter((option) => !all.has(option))).toEqual([])
    expect(named.length).toBeGreaterThan(described.least.named)
  })
}

/** That a number is 0 unless something else is asked for goes without saying. */
function isTold(byDefault: string | undefined): boolean {
  return byDefault !== undefined && byDefault !== '0'
}
