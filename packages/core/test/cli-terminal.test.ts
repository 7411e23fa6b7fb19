import { stripVTControlCharacters } from 'node:util'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { colours } from '../src/cli/colours.ts'
import { displayWidth, escapeControl, truncateToWidth } from '../src/cli/terminal.ts'

const anyText = fc.string({ unit: 'binary', maxLength: 40 })
const nasty = fc
  .array(
    fc.constantFrom(
      '\u{1b}',
      '[31m',
      '\\',
      'x1b',
      'u202e',
      '\u{202e}',
      '\n',
      '\u{9b}',
      'a',
      '\ud800',
      '\u{2028}',
    ),
  )
  .map((parts) => parts.join(''))

function unescaped(text: string): string {
  return text.replace(/\\(?:x([0-9a-f]{2})|u([0-9a-f]{4}))/g, (_, byte, unit) =>
    String.fromCharCode(Number.parseInt(byte ?? unit, 16)),
  )
}

describe('escaped text', () => {
  it.each([
    ['plain text, grüße 漢字 👋🏽', 'plain text, grüße 漢字 👋🏽'],
    ['\u{1b}]0;title\u{7}', '\\x1b]0;title\\x07'],
    ['a\r\n\tb\0\u{7f}', 'a\\x0d\\x0a\\x09b\\x00\\x7f'],
    ['\u{9b}2J', '\\x9b2J'],
    ['user\u{202e}gpj.exe\u{2069}', 'user\\u202egpj.exe\\u2069'],
    ['\u{2028}\u{2029}\u{feff}\u{200f}', '\\u2028\\u2029\\ufeff\\u200f'],
    ['\ud800 \udc00', '\\ud800 \\udc00'],
    ['C:\\users\\x', 'C:\\users\\x'],
    ['\\x1b', '\\x5cx1b'],
    ['\\u202e', '\\x5cu202e'],
    ['\\\u{1b}', '\\\\x1b'],
  ])('of %j is %s', (text, expected) => expect(escapeControl(text)).toBe(expected))

  it('has nothing that a terminal would act upon', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, nasty), (text) => {
        expect(escapeControl(text)).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
        expect(stripVTControlCharacters(escapeControl(text))).toBe(escapeControl(text))
      }),
    )
  })

  it('tells which text it was', () => {
    fc.assert(fc.property(fc.oneof(anyText, nasty), (text) => unescaped(escapeControl(text)) === text))
  })

  it('of a megabyte of control characters takes no time to speak of', () => {
    expect(escapeControl('\u{1b}'.repeat(2 ** 20)).length).toBe(2 ** 22)
    expect(escapeControl('\\'.repeat(2 ** 20)).length).toBe(2 ** 20)
  })
})

describe('the width', () => {
  it.each([
    ['', 0],
    ['abc', 3],
    ['grüße', 5],
    ['gru\u{308}ße', 5],
    ['漢字', 4],
    ['ﾊﾝｶｸ', 4],
    ['ＡＢ', 4],
    ['한국', 4],
    ['👋', 2],
    ['👋🏽', 2],
    ['🇩🇪', 2],
    ['⣿⡇', 2],
    ['\u{1b}[1;31mred\u{1b}[0m', 3],
    ['\0\n\u{9f}', 0],
  ])('of %j is %i', (text, width) => expect(displayWidth(text)).toBe(width))

  it('of a cut text is never more than asked for, and a text that fits is not cut', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, nasty, fc.string()), fc.nat(20), (text, width) => {
        const cut = truncateToWidth(text, width)
        expect(displayWidth(cut)).toBeLessThanOrEqual(width)
        if (displayWidth(text) <= width) expect(cut).toBe(text)
      }),
    )
  })

  it.each([
    ['abcdef', 4, 'abc…'],
    ['漢字漢字', 4, '漢…'],
    ['abc', 1, '…'],
    ['abc', 0, ''],
    ['\u{1b}[31mabcdef\u{1b}[39m', 4, '\u{1b}[31mabc…\u{1b}[0m'],
  ])('of %j cut to %i gives %j', (text, width, cut) => expect(truncateToWidth(text, width)).toBe(cut))
})

describe('colours', () => {
  const tty = { isTty: true }
  const pipe = { isTty: false }

  it.each([
    ['auto', tty, {}, true],
    ['auto', pipe, {}, false],
    ['auto', tty, { NO_COLOR: '1' }, false],
    ['auto', tty, { NO_COLOR: '' }, true],
    ['auto', tty, { TERM: 'dumb' }, false],
    ['auto', tty, { TERM: 'xterm-256color' }, true],
    ['auto', pipe, { FORCE_COLOR: '1' }, true],
    ['auto', tty, { FORCE_COLOR: '0' }, false],
    ['auto', tty, { FORCE_COLOR: 'false' }, false],
    ['auto', pipe, { FORCE_COLOR: '' }, false],
    ['auto', tty, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
    ['always', pipe, { NO_COLOR: '1' }, true],
    ['never', tty, { FORCE_COLOR: '1' }, false],
  ] as const)('%s on %j with %j: %s', (mode, terminal, env, on) => {
    const { on: really, red } = colours(terminal, env, mode)
    expect(really).toBe(on)
    expect(red('x')).toBe(on ? '\u{1b}[31mx\u{1b}[39m' : 'x')
  })

  it('may be nested, and take no room', () => {
    const { bold, red } = colours(tty, {}, 'always')
    expect(bold(`a${red('b')}c`)).toBe('\u{1b}[1ma\u{1b}[31mb\u{1b}[39mc\u{1b}[22m')
    expect(displayWidth(bold(red('abc')))).toBe(3)
    expect(red('')).toBe('')
  })
})
