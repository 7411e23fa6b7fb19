import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as coerce from '../src/cli/coerce.ts'
import { UsageError } from '../src/model/errors.ts'

const NOT_NUMBERS = [
  'abc',
  '',
  ' 3',
  '3 ',
  '0x10',
  '1e3',
  '٣',
  '-1',
  '+1',
  'NaN',
  'Infinity',
  '1_000',
  '½',
  '³',
  '3\n',
]

describe('a whole number', () => {
  it.each([
    ['1', 1],
    ['007', 7],
    ['2147483647', 2147483647],
  ])('%s is one', (text, value) => expect(coerce.count(text, '-c')).toBe(value))

  it.each([...NOT_NUMBERS, '0', '2147483648', '1.5', '9'.repeat(400)])('%j is none from 1 on', (text) => {
    expect(() => coerce.count(text, '-c')).toThrow(/^-c: not a whole number from 1 to 2147483647: /)
  })

  it.each([
    [coerce.port, '0', '-p: not a port from 1 to 65535: 0'],
    [coerce.port, '99999', '-p: not a port from 1 to 65535: 99999'],
    [coerce.ttl, '0', '-p: not a whole number from 1 to 255: 0'],
    [coerce.octet, '256', '-p: not a whole number from 0 to 255: 256'],
    [coerce.integer(3, 5), ' 4', "-p: not a whole number from 3 to 5: ' 4'"],
  ])('has its bounds', (coercer, text, message) => {
    expect(() => coercer(text, '-p')).toThrow(new UsageError(message))
  })

  it('may be the bound itself', () => {
    expect([coerce.port('1', ''), coerce.port('65535', ''), coerce.octet('0', '')]).toEqual([1, 65535, 0])
    expect([coerce.ttl('255', ''), coerce.octet('255', '')]).toEqual([255, 255])
  })

  it('reads back what was written', () => {
    fc.assert(fc.property(fc.integer({ min: 1, max: 2 ** 31 - 1 }), (n) => coerce.count(`${n}`, '') === n))
  })
})

describe('a duration', () => {
  const duration = coerce.durationMs()

  it.each([
    ['1', 1000],
    ['0', 0],
    ['0.2', 200],
    ['.2', 200],
    ['0.0003', 0.3],
    ['500ms', 500],
    ['.5ms', 0.5],
    ['2s', 2000],
    ['2m', 120_000],
    ['1h', 3_600_000],
    ['1.5h', 5_400_000],
    ['1d', 86_400_000],
    ['0.000000001', 0.000001],
  ])('%s is that many milliseconds', (text, ms) => expect(duration(text, '-i')).toBe(ms))

  it.each([
    ...NOT_NUMBERS,
    '.',
    '1.',
    '1..2',
    '1,5',
    '1 s',
    's',
    '1x',
    '1S',
    '25d',
    '1s1',
    `${'9'.repeat(300)}s`,
  ])('%j is none', (text) =>
    expect(() => duration(text, '-i')).toThrow(/^-i: not a time from 0 to 2147483\.647s .*: /),
  )

  it('has its bounds, in units that one can read', () => {
    const bounded = coerce.durationMs({ minMs: 2, maxMs: 120_000 })
    expect(bounded('2ms', '-i')).toBe(2)
    expect(bounded('2m', '-i')).toBe(120_000)
    const message = (text: string) =>
      new UsageError(`-i: not a time from 2ms to 2m (seconds, or 500ms, 2m, 1h): ${text}`)
    expect(() => bounded('1ms', '-i')).toThrow(message('1ms'))
    expect(() => bounded('121', '-i')).toThrow(message('121'))
  })
})

describe('a share', () => {
  it.each([
    ['all', { kind: 'all' }],
    ['3', { kind: 'count', count: 3 }],
    ['80%', { kind: 'percent', percent: 80 }],
    ['99.9%', { kind: 'percent', percent: 99.9 }],
    ['0%', { kind: 'percent', percent: 0 }],
    ['100%', { kind: 'percent', percent: 100 }],
  ])('%s is one', (text, share) => expect(coerce.percentOrCount(text, '')).toEqual(share))

  it.each([...NOT_NUMBERS, '0', '101%', '%', '-1%', 'ALL', '1.5', '1e1%', '80 %'])('%j is none', (text) => {
    expect(() => coerce.percentOrCount(text, '--require')).toThrow(/^--require: not 'all', a whole number/)
  })
})

describe('a text', () => {
  it('is what was typed', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => coerce.text(text, '') === text))
  })

  it('may have to be there', () => {
    expect(coerce.nonEmpty(' ', '-I')).toBe(' ')
    expect(() => coerce.nonEmpty('', '-I')).toThrow(new UsageError('-I: must not be empty'))
  })

  it('may have to be one of a few words', () => {
    const state = coerce.choice('open', 'closed')
    expect(state('open', '--until')).toBe('open')
    expect(() => state('Open', '--until')).toThrow(new UsageError('--until: not one of open, closed: Open'))
    expect(() => state('toString', '--until')).toThrow(UsageError)
  })
})

it('nothing but a UsageError of bounded length comes out of any coercer', () => {
  const all = [
    coerce.count,
    coerce.port,
    coerce.ttl,
    coerce.durationMs(),
    coerce.percentOrCount,
    coerce.choice('a'),
  ]
  fc.assert(
    fc.property(fc.constantFrom(...all), fc.string({ unit: 'binary', maxLength: 300 }), (coercer, text) => {
      try {
        coercer(text, '-x')
      } catch (error) {
        expect(error).toBeInstanceOf(UsageError)
        expect((error as UsageError).message.length).toBeLessThan(180)
      }
    }),
  )
})
