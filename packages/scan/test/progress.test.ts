import { displayWidth } from '@portkit/core'
import { describe, expect, it } from 'vitest'
import type { Progress } from '../src/model/event.ts'
import { createProgressLine } from '../src/report/progress.ts'
import { paper, progressOf } from './text-kit.ts'

const CLEAR = '\r\u001b[K'

function lineOn(terminal: { readonly isTty?: boolean; readonly width?: number } = {}) {
  const sink = paper()
  const { isTty = true, width = 120 } = terminal
  return { sink, line: createProgressLine({ isTty, columns: () => width }, sink) }
}

function shown(given: Partial<Progress>, width?: number): string {
  const { sink, line } = lineOn(width === undefined ? {} : { width })
  line.show(progressOf(given))
  return sink.text().replace(CLEAR, '')
}

describe('the progress line', () => {
  it('tells the part, hosts, open ports, the time and what is left of it', () => {
    expect(
      shown({ hostsTotal: 256, hostsDone: 3, openPorts: 12, elapsedMs: 14_999, remainingMs: 70_400 }),
    ).toBe('SYN Stealth Scan 16.4 %, 3 of 256 hosts, 12 open ports, 14 s, about 70 s left')
    expect(shown({ hostsTotal: undefined, hostsDone: 1, openPorts: 1 })).toBe(
      'SYN Stealth Scan 16.4 %, 1 host, 1 open port, 3 s, about 15 s left',
    )
    expect(shown({})).toBe('SYN Stealth Scan 16.4 %, 2 open ports, 3 s, about 15 s left')
  })

  it.each([
    [0, 'about 1 s left'],
    [119_999, 'about 119 s left'],
    [120_000, 'about 2 min left'],
    [3_540_000, 'about 59 min left'],
    [7_200_000, 'about 2 h left'],
    [11_400_000, 'about 3 h 10 min left'],
  ])('of %d ms says %s', (remainingMs, text) => {
    expect(shown({ remainingMs })).toMatch(new RegExp(`, ${text}$`))
  })

  it('says nothing of the end while it is not known', () => {
    expect(shown({ remainingMs: undefined })).toMatch(/, 3 s$/)
  })

  it.each([
    [0, '0.0 %'],
    [0.99999, '99.9 %'],
    [1, '99.9 %'],
    [Number.NaN, '0.0 %'],
  ])('is never full while it is shown: %d', (done, text) => {
    expect(shown({ done })).toContain(`Scan ${text},`)
  })

  it('is written over, only when it has changed, and can be taken away', () => {
    const { sink, line } = lineOn()
    line.clear()
    line.show(progressOf())
    line.show(progressOf())
    line.show(progressOf({ openPorts: 3 }))
    line.clear()
    line.clear()
    line.show(progressOf({ openPorts: 3 }))
    const [two, three] = [2, 3].map((n) => `SYN Stealth Scan 16.4 %, ${n} open ports, 3 s, about 15 s left`)
    expect(sink.pieces).toEqual([`${CLEAR}${two}`, `${CLEAR}${three}`, CLEAR, `${CLEAR}${three}`])
  })

  it('is silent for a second, and where there is no terminal', () => {
    const { sink, line } = lineOn()
    line.show(progressOf({ elapsedMs: 999 }))
    line.clear()
    expect(sink.pieces).toEqual([])
    const pipe = lineOn({ isTty: false })
    pipe.line.show(progressOf())
    pipe.line.clear()
    expect(pipe.sink.pieces).toEqual([])
  })

  it.each([1, 2, 10, 40])('never fills the last of %d columns, nor moves the cursor', (width) => {
    const text = shown({ phase: 'a\u001b[2J\nb' }, width)
    expect(displayWidth(text)).toBeLessThan(width)
    expect(text).not.toMatch(/\p{Cc}/u)
  })
})
