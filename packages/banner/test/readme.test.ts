import { join } from 'node:path'
import { readmeOf, readmeTests } from '@portkit/lab/readme'
import { expect, it } from 'vitest'
import { commandLineKit } from '../../core/test/command-line-kit.ts'
import { OPTIONS } from '../src/command-line/options.ts'
import { readSettings } from '../src/command-line/read-settings.ts'
import { PROTOCOLS } from '../src/protocols/table.ts'

const packageFolder = join(import.meta.dirname, '..')

const { run } = commandLineKit(
  {
    name: 'banner',
    texts: async () => (await import('../src/texts.ts')).TEXTS,
    options: OPTIONS,
    usageStatus: 2,
  },
  readSettings,
)

readmeTests({
  packageFolder,
  tool: 'banner',
  options: OPTIONS,
  read: run,
  // nmap's.
  besides: ['--version-all', '--host-timeout', '-sV'],
  least: { commands: 20, named: 40 },
})

it('lists every protocol once, and none besides', () => {
  const rows = readmeOf(packageFolder)
    .section('## Protocols')
    .split('\n')
    .flatMap((line) => /^\| (`[^|]*)\|/.exec(line)?.[1] ?? [])
  const listed = rows.flatMap((row) => [...row.matchAll(/`([^`]+)`/g)].map(([, name]) => name))
  const known = new Set(PROTOCOLS.map(({ name }) => name))
  expect(listed.toSorted()).toEqual([...known].sort())
})
