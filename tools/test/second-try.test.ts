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

/** A vitest in a vitest takes a second where nothing else runs. */
const LIMIT_MS = 60_000

const FILE = 'packages/any/test/some'

/** Real runs of the repository's own projects, in a folder of their own. */
async function outcomesIn(project: 'lab' | 'unit', file: string) {
  const root = scratch({ [file]: TESTS })
  cpSync(join(ROOT, 'vitest.config.ts'), join(root, 'vitest.config.ts'))
  for (const name of ['node_modules', 'tools']) symlinkSync(join(ROOT, name), join(root, name))
  return await runSuite(root, project, { coverage: false, filters: [file] })
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
  'gives unit tests none',
  async () => {
    const outcomes = await outcomesIn('unit', `${FILE}.test.ts`)
    expect(tally(outcomes)).toEqual({ passed: 1, failed: 3, skipped: 0 })
    expect(closingText(outcomes, '')).not.toContain('second try')
  },
  LIMIT_MS,
)
