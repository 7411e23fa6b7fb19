import { join } from 'node:path'
import { readmeOf, readmeTests } from '@portkit/lab/readme'
import { expect, it } from 'vitest'
import { commandLineKit } from '../../core/test/command-line-kit.ts'
import { DIFF_DEFINITION, readDiffSettings } from '../src/command-line/diff-options.ts'
import { MERGE_DEFINITION, readMergeSettings } from '../src/command-line/merge-options.ts'
import { OPTIONS } from '../src/command-line/options.ts'
import { foreignLabel, REFUSED } from '../src/command-line/refused.ts'
import { run } from './settings-kit.ts'

const packageFolder = join(import.meta.dirname, '..')
const readme = readmeOf(packageFolder)

readmeTests({
  packageFolder,
  tool: 'portscan',
  options: OPTIONS,
  read: (...argv) => run(...argv.map((word) => word.replace(/\{\}|\$i/, '1'))),
  // npm's and docker's, that of portscan diff, and refused letters.
  besides: ['--allow-scripts', '--cap-add', '--xml', '-A', '-O', '-b', '-D', '-f'],
  least: { commands: 25, named: 40 },
})

it('lists every option of nmap that is refused, with the reason that the tool gives', () => {
  const listed = readme
    .section('### Refused on purpose')
    .split(/^- /m)
    .slice(1)
    .flatMap((entry) => {
      const [, why = '', names = ''] = /^([\s\S]*?): (`-[\s\S]*)$/.exec(entry) ?? []
      return [...names.matchAll(/`(-[^`]+)`/g)].map(([, name = '']) => [name, why.replace(/\s+/g, ' ')])
    })
  const refused = Object.entries(REFUSED).map(([name, [, why]]) => [foreignLabel(name), why])
  expect(listed.toSorted()).toEqual(refused.toSorted())
})

it.each([
  ['diff', commandLineKit(DIFF_DEFINITION, readDiffSettings)],
  ['merge', commandLineKit(MERGE_DEFINITION, readMergeSettings)],
] as const)('has command lines of portscan %s that make sense', async (name, kit) => {
  const lines = [...readme.text.matchAll(/```(?:sh)?\n([\s\S]*?)```/g)]
    .flatMap(([, block = '']) => block.split('\n'))
    .flatMap((line) => new RegExp(`\\bportscan ${name} ([^#|]+)`).exec(line)?.[1] ?? [])
  expect(lines).not.toEqual([])
  for (const words of lines) expect(await kit.settingsOf(...words.trim().split(/\s+/)), words).toBeDefined()
})
