import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { multiple, number, readNumber } from '../src/cli/numbers.ts'
import { LONGEST_NS, timeNs, waitMs } from '../src/cli/times.ts'

describe('numbers', () => {
  const whole = fc.integer({ min: 0, max: 2 ** 48 })

  it('are the same in decimal, hexadecimal and octal', () => {
    fc.assert(
      fc.property(whole, (n) => {
        expect(readNumber(`${n}`)).toBe(n)
        expect(readNumber(`0x${n.toString(16)}`)).toBe(n)
        expect(readNumber(`0X${n.toString(16).toUpperCase()}`)).toBe(n)
        expect(readNumber(`0${n.toString(8)}`)).toBe(n)
        expect(readNumber(`000${n.toString(8)}`)).toBe(n)
      }),
    )
  })

  it('are nothing else', () => {
    for (const text of [
      '',
      '-1',
      '+1',
      ' 1',
      '1 ',
      '1e3',
      '1.0',
      '08',
      '0x',
      '0b1',
      '1_0',
      '٣',
      '9'.repeat(40),
      `${'0'.repeat(100_000)}x`,
    ]) {
      expect(readNumber(text)).toBeUndefined()
    }
  })
})

describe('a number within bounds', () => {
  it.each([
    ['0', 0],
    ['255', 255],
    ['0xff', 255],
    ['0377', 255],
  ])('takes %s', (text, value) => {
    expect(number(0, 255)(text, '-t')).toBe(value)
  })

  it.each(['', '256', '-1', '1.5', '0x100', ' 1', 'abc'])('refuses %j, naming the option', (text) => {
    expect(() => number(0, 255)(text, '-t')).toThrow(/^-t: not a number from 0 to 255: /)
  })

  it('may have to be a multiple', () => {
    expect(multiple(8, 8, 24)('0x18', '-m')).toBe(24)
    for (const text of ['0', '4', '12', '32', 'x']) {
      expect(() => multiple(8, 8, 24)(text, '-m')).toThrow(/^-m: not a multiple of 8 from 8 to 24: /)
    }
  })
})

describe('a time', () => {
  it.each([
    ['0', 0],
    ['1', 1e9],
    ['0.2', 2e8],
    ['.2', 2e8],
    ['1.', 1e9],
    ['20ms', 20e6],
    ['300us', 300e3],
    ['1500ns', 1500],
    ['0.4ns', 0],
    ['2m', 120e9],
    ['24h', LONGEST_NS],
  ])('of %s is %d nanoseconds', (text, ns) => {
    expect(timeNs(text, '-i')).toBe(ns)
    if (ns > 0) expect(waitMs(text, '-i')).toBe(ns / 1e6)
    else expect(() => waitMs(text, '-i')).toThrow(`-i: not a time above 0: ${text}`)
  })

  it.each(['', '-1', '1x', '1 s', '1e3', 'ms', '.', '1d', '1.2.3', '9'.repeat(40)])('is not %j', (text) => {
    expect(() => timeNs(text, '-i')).toThrow(/^-i: not a time such as /)
  })

  it.each(['25h', '86401', '999999999999999'])('of %s is too long', (text) => {
    expect(() => timeNs(text, '-i')).toThrow(`-i: longer than 24h: ${text}`)
  })
})
