import { expect, it } from 'vitest'
import { completed } from '../suites.mjs'

const good = { name: 'a', state: 'passed', detail: '' } as const
const bad = { name: 'b', state: 'failed', detail: 'why' } as const
const clean = { ok: true, why: 'exit status 0', output: '' }
const crash = { ok: false, why: 'ended by SIGSEGV', output: 'last words\n' }

it('takes a complete record as it is', () => {
  expect(completed('unit tests', [good], clean, false)).toEqual([good])
  expect(completed('unit tests', [good, bad], crash, false)).toEqual([good, bad])
})

it.each([
  ['a runner that died without a report', undefined, crash, 'the test runner ended without a report'],
  ['a run that found no test', [], clean, 'no test was found'],
  [
    'a runner that failed though every test passed',
    [good],
    crash,
    'every test passed, but the test runner failed',
  ],
])('counts %s as a failure and says how it ended', (_, recorded, ended, what) => {
  const failures = completed('unit tests', recorded, ended, false).filter(({ state }) => state === 'failed')
  expect(failures).toEqual([{ name: 'unit tests', state: 'failed', detail: expect.stringContaining(what) }])
  expect(failures[0]?.detail).toContain(ended.why)
  expect(failures[0]?.detail).toContain(ended.output.trimEnd())
})

it('lets a file name pick no test of one project', () => {
  expect(completed('lab tests', [], clean, true)).toEqual([])
})
