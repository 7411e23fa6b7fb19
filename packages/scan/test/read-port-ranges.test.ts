import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { portsIn, rangesOf } from '../src/results/port-ranges.ts'

describe('port ranges', () => {
  it.each([
    [[], ''],
    [[0], '0'],
    [[1, 2, 3, 4, 5, 6, 7, 10, 20, 21], '1-7,10,20-21'],
    [[65_534, 65_535], '65534-65535'],
  ])('writes %j as %s', (ports, text) => {
    expect(rangesOf(ports)).toBe(text)
  })

  it('reads what it writes', () => {
    const law = fc.property(fc.uniqueArray(fc.integer({ min: 0, max: 65_535 })), (ports) => {
      const ascending = ports.sort((a, b) => a - b)
      expect(portsIn(rangesOf(ascending))).toEqual(ascending)
    })
    fc.assert(law)
  })

  it.each([
    ',',
    '1,',
    ',1',
    '1,,2',
    '2,1',
    '1,1',
    '1-5,5',
    '7-3',
    '65536',
    '1-65536',
    '-1',
    '1-',
    ' 1',
    '1 ',
    '0x1',
    '1e3',
    '+1',
    'T:1',
    '1-2-3',
  ])('takes %j for none', (text) => {
    expect(portsIn(text)).toBeUndefined()
  })

  it('gives up early on a long text that does not ascend', () => {
    expect(portsIn('1,'.repeat(10_000_000))).toBeUndefined()
  })
})
