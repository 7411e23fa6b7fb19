import { describe, expect, it } from 'vitest'
import { asksFor } from '../src/cli/asks-for.ts'
import { checkSource } from '../src/cli/check-source.ts'
import { lastOf } from '../src/cli/last-of.ts'
import { type Refusals, refusedOptions, refuseOnPurpose } from '../src/cli/refusals.ts'

describe('a wish behind a mistake', () => {
  it.each([
    [['--exit-code', 'state'], true],
    [['--exit-code=state'], true],
    [['-exit-code=state'], true],
    [['--bogus', 'host', '--exit-code', 'state'], true],
    [['--exit-code', 'other'], false],
    [['--exit-code=states'], false],
    [['exit-code', 'state'], false],
    [['exit-code=state'], false],
    [['--exit-code'], false],
    [['state', '--exit-code'], false],
    [[], false],
  ])('is seen in %j: %j', (argv, isSeen) => {
    expect(asksFor(argv, 'exit-code', 'state')).toBe(isSeen)
  })
})

it('tells which of some options was given last', () => {
  const args = { _: [], _given: ['fast', 'count', 'interval', 'fast', 'quiet'] }
  expect(lastOf(args, 'interval', 'fast')).toBe('fast')
  expect(lastOf(args, 'interval', 'count')).toBe('interval')
  expect(lastOf(args, 'faster')).toBeUndefined()
})

describe('options that are refused on purpose', () => {
  const REFUSED = {
    flood: ['flag', 'no floods'],
    listen: ['value', 'no channels', '9'],
  } as const satisfies Refusals

  it('are known to the parser, but not shown', () => {
    expect(refusedOptions(REFUSED)).toEqual({
      flood: { kind: 'flag', describe: 'no floods', hidden: true },
      listen: { kind: 'value', describe: 'no channels', hidden: true, short: '9' },
    })
  })

  it('are answered with the reason for the first one', () => {
    expect(() => refuseOnPurpose(REFUSED, ['count', 'listen', 'flood'])).toThrow(
      '--listen is refused: no channels',
    )
    refuseOnPurpose(REFUSED, ['count', 'toString', 'constructor'])
  })
})

describe('a source address', () => {
  it('may be any of our own, however it is written', () => {
    checkSource('-S', 'fd00::1', ['10.0.0.1', 'FD00:0::1'])
    checkSource('-S', '10.0.0.1', ['10.0.0.1'])
  })

  it.each(['10.0.0.2', 'nonsense', ''])('is refused when it is not: %j', (source) => {
    expect(() => checkSource('-a', source, ['10.0.0.1', 'nonsense', ''])).toThrow(
      /^-a: .* is not an address of this machine, and no other is ever forged$/,
    )
  })
})
