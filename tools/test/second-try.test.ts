import { cpSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { ROOT } from '../root.mjs'
import { runSuite } from '../suites.mjs'
import { closingText, tally } from '../tally.mjs'
import { scratch } from './scratch.ts'

/** Beside a test that passes, some that fail so many times before they would. */
const TESTS = `
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
const failing = (times) => () => { times -= 1; if (times >= 0) throw new Error('still ' + times) }
it('passes', () => {})
it('fails once', failing(1))
it('fails twice', failing(2))
describe('work that all share', () => {
  let work = 0
  beforeAll(() => { work += 1 })
  it('is not done again', () => expect(work).toBe(2))
})
`

/** Whose first run goes wrong as a whole; the second one finds the file that it left. */
const ONCE_BROKEN = `
import { existsSync, writeFileSync } from 'node:fs'
import { beforeAll, describe, expect, it } from 'vitest'
const isSecond = existsSync('first-run')
writeFileSync('first-run', '')
describe('work that all share', () => {
  beforeAll(() => { if (!isSecond) throw new Error('unlucky') })
  it('has to be done', () => {})
})
it('fails twice in the first run', () => expect(isSecond).toBe(true))
it('passes', () => {})
it('has no place here', ({ skip }) => skip(!isSecond, 'needs more'))
`

/** Whose process dies in the first run, before and after there are tests. */
const crashing = (when: 'at once' | 'in a test') => `
import { existsSync, writeFileSync } from 'node:fs'
import { it } from 'vitest'
const die = () => {
  if (existsSync('crash ${when}')) return
  writeFileSync('crash ${when}', '')
  process.kill(process.pid, 'SIGKILL')
  return new Promise(() => {})
}
${when === 'at once' ? 'await die()' : ''}
it('goes on', ${when === 'at once' ? '() => {}' : 'die'})
`

/** A vitest in a vitest takes a second where nothing else runs. */
const LIMIT_MS = 60_000

const FILE = 'packages/any/test/some'

/** Real runs of the repository's own projects, in a folder of their own. */
async function outcomesIn(project: 'lab' | 'unit', file: string, tests = TESTS) {
  return await outcomesOf(project, { [file]: tests })
}

async function outcomesOf(project: 'lab' | 'unit', files: Readonly<Record<string, string>>) {
  const root = scratch(files)
  cpSync(join(ROOT, 'vitest.config.ts'), join(root, 'vitest.config.ts'))
  for (const name of ['node_modules', 'tools']) symlinkSync(join(ROOT, name), join(root, name))
  return await runSuite(root, project, { coverage: false, filters: Object.keys(files) })
}

it(
  'gives lab tests a second try, and names each that needed it',
  async () => {
    const file = `${FILE}.lab.test.ts`
    const outcomes = await outcomesIn('lab', file)
    expect(outcomes.map(({ name, state, secondTry }) => [name, state, secondTry ?? false])).toEqual([
      [`${file} > passes`, 'passed', false],
      [`${file} > fails once`, 'passed', true],
      [`${file} > fails twice`, 'failed', false],
      [`${file} > work that all share > is not done again`, 'failed', false],
    ])
    const [failures, others] = closingText(outcomes, '').split(/(?=\npassed at)/)
    expect(failures).toMatch(/^\nFAIL \S+ > fails twice\n {2}Error: still 1\n(?:.*\n)+ {2}Error: still 0\n/)
    expect(others).toMatch(
      /^\npassed at the second try \(1\):\n {2}\S+ > fails once\n {4}Error: still 0\n {8}at .*\n\n2 passed, 2 failed, 0 skipped\n$/,
    )
  },
  LIMIT_MS,
)

it(
  'runs a lab file with failures once more as a whole, and names what needed it',
  async () => {
    const file = `${FILE}.lab.test.ts`
    const outcomes = await outcomesIn('lab', file, ONCE_BROKEN)
    const [others, again = ''] = closingText(outcomes, '').split(/(?=\npassed at)/)
    expect(others).toBe(`\n1 skipped: needs more\n  ${file} > has no place here\n`)
    expect(again).toContain('\npassed at the second try (2):\n')
    for (const name of ['work that all share', 'fails twice in the first run'])
      expect(again).toMatch(
        new RegExp(`\n {2}\\S+ > ${name}\n {4}\\w+: (?:.*\n)+ {4}passed when its file was run once more\n`),
      )
    expect(again).toContain('Error: unlucky\n')
    expect(again).toMatch(/\n3 passed, 0 failed, 1 skipped\n$/)
  },
  LIMIT_MS,
)

it(
  'runs lab files whose process died once more',
  async () => {
    const at = (when: string) => `packages/any/test/${when}.lab.test.ts`
    const outcomes = await outcomesOf('lab', {
      [at('early')]: crashing('at once'),
      [at('late')]: crashing('in a test'),
    })
    expect(tally(outcomes)).toEqual({ passed: 2, failed: 0, skipped: 0 })
    const again = outcomes.filter(({ secondTry }) => secondTry).map(({ name }) => name)
    expect(again.toSorted()).toEqual([
      'outside any test',
      'outside any test',
      at('early'),
      `${at('late')} > goes on`,
    ])
  },
  LIMIT_MS,
)

it(
  'gives unit tests none',
  async () => {
    const outcomes = await outcomesIn('unit', `${FILE}.test.ts`)
    expect(tally(outcomes)).toEqual({ passed: 1, failed: 3, skipped: 0 })
    expect(closingText(outcomes, '')).not.toContain('second try')
    const broken = await outcomesIn('unit', `${FILE}.test.ts`, ONCE_BROKEN)
    expect(tally(broken)).toEqual({ passed: 1, failed: 2, skipped: 2 })
  },
  LIMIT_MS,
)
