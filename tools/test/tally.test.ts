import { expect, it } from 'vitest'
import { closingLine, closingText, failureText, partLine, skipText, tally } from '../tally.mjs'

const outcome = (state: 'passed' | 'failed' | 'skipped', name = 'a test', detail = '') => ({
  state,
  name,
  detail,
})

it('counts outcomes by their state', () => {
  const states = ['passed', 'failed', 'passed', 'skipped', 'passed'] as const
  expect(tally(states.map((state) => outcome(state)))).toEqual({ passed: 3, failed: 1, skipped: 1 })
})

it('closes with one plain line', () => {
  expect(closingLine({ passed: 12, failed: 0, skipped: 3 })).toBe('12 passed, 0 failed, 3 skipped\n')
})

it.each([
  ['ok', [outcome('passed'), outcome('passed')]],
  ['part', [outcome('passed'), outcome('skipped')]],
  ['FAIL', [outcome('skipped'), outcome('failed')]],
])('marks a part %s', (mark, outcomes) => {
  expect(partLine('unit tests', outcomes, 1234)).toMatch(new RegExp(`^${mark} +unit tests +.*1\\.2 s\\n$`))
})

it('shows each failure in full and nothing of the others', () => {
  const text = failureText([
    outcome('passed', 'good'),
    outcome('failed', 'bad', 'one\n\ntwo\n'),
    outcome('skipped', 'left'),
  ])
  expect(text).toBe('\nFAIL bad\n  one\n\n  two\n')
})

it('lists skipped tests by name under the reason that they share', () => {
  const skipped = [
    outcome('skipped', 'a', 'needs root'),
    outcome('skipped', 'b', 'needs hping3'),
    outcome('skipped', 'c', 'needs root'),
  ]
  const text = skipText([outcome('passed', 'd'), ...skipped])
  expect(text).toBe('\n2 skipped: needs root\n  a\n  c\n\n1 skipped: needs hping3\n  b\n')
})

it('closes with failures, skipped tests, those that passed at the second try, the rest, and the counts', () => {
  const again = { ...outcome('passed', 'e', 'Error: once\n    at x.ts:1:2'), secondTry: true } as const
  const outcomes = [outcome('passed', 'd'), again, outcome('skipped', 'b', 'needs root')]
  expect(closingText([...outcomes, outcome('failed', 'c', 'why')], '\ncoverage\n')).toBe(
    [
      '\nFAIL c\n  why\n',
      '\n1 skipped: needs root\n  b\n',
      '\npassed at the second try (1):\n  e\n    Error: once\n        at x.ts:1:2\n',
      '\ncoverage\n',
      '\n2 passed, 1 failed, 1 skipped\n',
    ].join(''),
  )
  expect(closingText([outcome('passed')], '')).toBe('\n1 passed, 0 failed, 0 skipped\n')
})
