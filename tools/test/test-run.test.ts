import { expect, it } from 'vitest'
import { readPlan } from '../test-run.mjs'

const ALL = ['unit', 'lab', 'pack']

it.each([
  [[], { checks: true, projects: ALL, filters: [], coverage: false }],
  [['--unit'], { checks: false, projects: ['unit'], filters: [], coverage: false }],
  [['--checks', '--pack'], { checks: true, projects: ['pack'], filters: [], coverage: false }],
  [['--checks'], { checks: true, projects: [], filters: [], coverage: false }],
  [['stats', '--coverage'], { checks: false, projects: ALL, filters: ['stats'], coverage: true }],
])('understands %j', (argv, plan) => {
  expect(readPlan(argv, {})).toEqual(plan)
})

it('measures coverage where CI is set', () => {
  expect(readPlan([], { CI: 'true' }).coverage).toBe(true)
  expect(readPlan([], { CI: '' }).coverage).toBe(false)
})

it('refuses an unknown option with its usage', () => {
  expect(() => readPlan(['--untit'], {})).toThrow(/'--untit'[\s\S]*usage: npm test/)
})
