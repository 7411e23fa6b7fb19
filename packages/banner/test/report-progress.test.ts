import { describe, expect, it } from 'vitest'
import { createProgress } from '../src/report/progress.ts'
import { createCounter } from '../src/report/tally.ts'
import { findingOf, SHUT } from './finding-kit.ts'

const terminal = { isTty: true, columns: () => 80 }
const CLEAR = '\r\u001b[K'

function counted() {
  const counter = createCounter()
  counter.add(findingOf({ outcome: 'identified', service: { protocol: 'ssh' } }))
  counter.add(SHUT.stealth)
  return counter.tally()
}

describe('progress', () => {
  it('is one line on stderr that is written over', () => {
    const progress = createProgress(1000, terminal)
    const text = `${CLEAR}2 of 1000 ports, 1 open, 1 identified, 3 s`
    expect(progress.show(counted(), 3.9e9)).toEqual([{ to: 'err', text }])
    expect(progress.clear()).toEqual([{ to: 'err', text: CLEAR }])
    expect(progress.clear()).toEqual([])
    expect(progress.show(counted(), 3.9e9)).toEqual([{ to: 'err', text }])
  })

  it('is not written when nothing has changed', () => {
    const progress = createProgress(3, terminal)
    expect(progress.show(counted(), 2.1e9)).toHaveLength(1)
    expect(progress.show(counted(), 2.2e9)).toEqual([])
    expect(progress.show(counted(), 3.2e9)).toHaveLength(1)
  })

  it('is silent for a second, and where stderr is no terminal', () => {
    expect(createProgress(3, terminal).show(counted(), 0.9e9)).toEqual([])
    const pipe = createProgress(3, { ...terminal, isTty: false })
    expect(pipe.show(counted(), 9e9)).toEqual([])
    expect(pipe.clear()).toEqual([])
  })

  it('never fills the last column', () => {
    const [line] = createProgress(3, { isTty: true, columns: () => 10 }).show(counted(), 2e9)
    expect(line?.text).toBe(`${CLEAR}2 of 3 p…`)
  })
})
