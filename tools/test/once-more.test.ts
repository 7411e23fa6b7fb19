import { describe, expect, it } from 'vitest'
import { filesToRunOnceMore, withSecondRun } from '../once-more.mjs'
import { NOT_RUN } from '../recorder.mjs'
import { type Outcome, tally } from '../tally.mjs'

const passed = (name: string, file = 'a'): Outcome => ({ name, state: 'passed', detail: '', file })
const failed = (name: string, file = 'a'): Outcome => ({ name, state: 'failed', detail: 'first', file })
const failedAgain = (name: string): Outcome => ({ ...failed(name), detail: 'second' })
const skipped = (name: string, detail: string): Outcome => ({ name, state: 'skipped', detail, file: 'a' })
const hook = (name: string): Outcome => ({ ...failed(name), around: true })
const STRAY: Outcome = { name: 'outside any test', state: 'failed', detail: 'crash', around: true }

const MORE = 'passed when its file was run once more'

describe('what is run once more', () => {
  it('is each file with failures', () => {
    const outcomes = [failed('1', 'a'), failed('2', 'b'), hook('3'), passed('4', 'c'), STRAY]
    expect(filesToRunOnceMore(outcomes)).toEqual(['a', 'b'])
  })

  it('is nothing where nothing failed, or nothing that belongs to a file', () => {
    expect(filesToRunOnceMore([passed('1'), skipped('2', 'needs root')])).toEqual([])
    expect(filesToRunOnceMore([passed('1'), STRAY])).toEqual([])
  })

  it('is nothing where more than three files have failures', () => {
    const three = ['a', 'b', 'c'].map((file) => failed('1', file))
    expect(filesToRunOnceMore(three)).toHaveLength(3)
    expect(filesToRunOnceMore([...three, failed('1', 'd')])).toEqual([])
  })
})

describe('a second run of a file', () => {
  const together = (first: Outcome[], second: Outcome[]) => withSecondRun(first, second, ['a'])

  it('lets a test that failed at first pass, and tells what failed', () => {
    const [outcome] = together([failed('1')], [passed('1')])
    expect(outcome).toEqual({ ...passed('1'), secondTry: true, detail: `first\n\n${MORE}` })
  })

  it('lets no test pass that failed in both', () => {
    const [outcome] = together([failed('1')], [failedAgain('1')])
    expect(outcome?.state).toBe('failed')
    expect(outcome?.detail).toMatch(/^first\n\n.*\nsecond$/)
  })

  it('fails a test that passed at first only', () => {
    expect(together([passed('1'), failed('2')], [failedAgain('1'), passed('2')])[0]).toEqual(failedAgain('1'))
  })

  it.each([
    ['is skipped now', [skipped('1', 'needs root')]],
    ['is not there any more', [passed('2')]],
    ['belongs to a run that never ended', [{ name: 'lab tests', state: 'failed', detail: '' } as const]],
  ])('keeps the failure of a test that %s', (_, second) => {
    expect(together([failed('1')], second)[0]).toEqual(failed('1'))
  })

  it('leaves skipped tests skipped, unless they were never run because something before them failed', () => {
    const first = [hook('h'), skipped('1', 'needs root'), skipped('2', NOT_RUN)]
    const states = together(first, [passed('1'), passed('2')]).map(({ state }) => state)
    expect(states).toEqual(['passed', 'skipped', 'passed'])
  })

  it('counts each test once, and a hook that failed at first not at all', () => {
    const first = [passed('1'), failed('2'), skipped('3', NOT_RUN), hook('h'), passed('1', 'b')]
    const outcomes = together(first, [passed('1'), passed('2'), passed('3')])
    expect(tally(outcomes)).toEqual({ passed: 4, failed: 0, skipped: 0 })
    expect(outcomes.filter(({ secondTry }) => secondTry).map(({ name }) => name)).toEqual(['2', 'h'])
  })

  it('tells tests of one name apart by their order', () => {
    const outcomes = together([passed('1'), failed('1')], [passed('1'), failedAgain('1')])
    expect(outcomes.map(({ state }) => state)).toEqual(['passed', 'failed'])
  })

  it('brings the tests of a file that did not load at first', () => {
    const outcomes = together([hook('a')], [passed('1'), failedAgain('2')])
    expect(outcomes.map(({ name, state }) => [name, state])).toEqual([
      ['a', 'failed'],
      ['1', 'passed'],
      ['2', 'failed'],
    ])
  })

  it('forgives a crash only when nothing failed any more', () => {
    const first = [failed('1'), failed('2', 'b'), STRAY]
    const stateOfCrash = (second: Outcome[]) =>
      withSecondRun(first, second, ['a', 'b']).filter(({ name }) => name === STRAY.name)[0]?.state
    expect(stateOfCrash([passed('1'), passed('2', 'b')])).toBe('passed')
    expect(stateOfCrash([passed('1'), failed('2', 'b')])).toBe('failed')
    expect(stateOfCrash([passed('1')])).toBe('failed')
    expect(stateOfCrash([passed('1'), passed('2', 'b'), STRAY])).toBe('failed')
  })

  it('takes no failure of another file away', () => {
    expect(together([failed('1'), failed('1', 'b')], [passed('1')])[1]).toEqual(failed('1', 'b'))
  })
})
