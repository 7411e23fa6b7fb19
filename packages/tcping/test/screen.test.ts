import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { enterScreen, leaveScreen, redraw } from '../src/graph.ts'

const ESC = '\u001b'
const WIDTH = 12
const blank = () => ' '.repeat(WIDTH)

/** What a terminal without automatic wrapping shows after `text`: just the sequences that a frame may use. */
function show(screen: readonly string[], text: string): string[] {
  const rows = [...screen]
  let row = 0
  let column = 0
  for (const part of text.split(ESC)) {
    const [, argument = '', command = '', rest = part] = /^\[([?\d;]*)([A-Za-z])(.*)$/s.exec(part) ?? []
    if (command === 'H') [row, column] = [Number.parseInt(argument || '1', 10) - 1, 0]
    if (command === 'K') rows[row] = (rows[row] ?? '').slice(0, column).padEnd(WIDTH)
    if (command === 'J') for (let i = argument === '2' ? 0 : row; i < rows.length; i += 1) rows[i] = blank()
    if (!['H', 'K', 'J', 'h', 'l', ''].includes(command)) throw new Error(`unexpected sequence ${part}`)
    const line = rows[row] ?? blank()
    rows[row] = (line.slice(0, column) + rest + line.slice(column + rest.length)).slice(0, WIDTH)
    column += rest.length
  }
  return rows
}

const frames = fc.array(fc.string({ unit: fc.constantFrom('a', 'b', ' '), maxLength: WIDTH }), {
  maxLength: 6,
})
const onScreen = (lines: readonly string[]) =>
  Array.from({ length: 6 }, (_, i) => (lines[i] ?? '').padEnd(WIDTH))

describe('redraw', () => {
  it('turns any frame on the screen into any other', () => {
    fc.assert(
      fc.property(frames, frames, (before, after) => {
        expect(show(onScreen(before), redraw(before, after))).toEqual(onScreen(after))
      }),
    )
  })

  it('needs no frame before it, whatever is on the screen', () => {
    fc.assert(
      fc.property(frames, frames, (garbage, after) => {
        expect(show(onScreen(garbage), redraw(undefined, after))).toEqual(onScreen(after))
      }),
    )
  })

  it('writes only the rows that differ, and nothing at all when none does', () => {
    expect(redraw(['a', 'b', 'c'], ['a', 'x', 'c'])).toBe(`${ESC}[?2026h${ESC}[2;1H${ESC}[Kx${ESC}[?2026l`)
    expect(redraw(['a', 'b'], ['a', 'b'])).toBe('')
  })
})

describe('enterScreen and leaveScreen', () => {
  it('switch the same modes of the terminal, and back', () => {
    const modes = (text: string) =>
      text.split(ESC).flatMap((part) => /^\[\?(\d+)([hl])/.exec(part)?.slice(1) ?? [])
    expect(modes(enterScreen)).toEqual(['1049', 'h', '25', 'l', '7', 'l'])
    expect(modes(leaveScreen)).toEqual(['7', 'h', '25', 'h', '1049', 'l'])
  })
})
