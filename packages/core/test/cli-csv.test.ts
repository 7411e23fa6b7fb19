import fc from 'fast-check'
import { expect, it } from 'vitest'
import { csvRow } from '../src/cli/csv.ts'

it.each([
  [['a', 1, true, undefined, ''], 'a,1,true,,'],
  [['a,b', 'say "x"'], '"a,b","say ""x"""'],
  [['=1+1', '@x', '+1', '-1', '＝1'], "'=1+1,'@x,'+1,'-1,'＝1"],
  [[-1, -0.5], '-1,-0.5'],
  [['a\r\nb\t\u001b[2J\u202e'], 'a\\x0d\\x0ab\\x09\\x1b[2J\\u202e'],
] as const)('%j is a row', (values, row) => {
  expect(csvRow(values)).toEqual({ to: 'out', text: `${row}\r\n` })
})

it('makes one line of whatever texts there are', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' })), (texts) => {
      const { text } = csvRow(texts)
      expect(text.slice(0, -2)).not.toMatch(/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u)
      expect(text.slice(-2)).toBe('\r\n')
    }),
  )
})
