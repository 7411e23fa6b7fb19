import fc from 'fast-check'
import { expect, it } from 'vitest'
import { emptyTag, escapeXml } from '../src/report/xml-text.ts'

it.each([
  ['syn-ack', 'syn-ack'],
  ['closed|filtered', 'closed|filtered'],
  ['a--b', 'a-&#45;b'],
  ['---', '-&#45;&#45;'],
  ['a\n', 'a&#10;'],
  ['\u00e9t\u00e9', '\u00e9t\u00e9'],
  ['<&>"\'', '&lt;&amp;&gt;&quot;&apos;'],
  ['a\u0000', 'a\\x00'],
])('writes %j as %j', (text, written) => {
  expect(escapeXml(text)).toBe(written)
})

it('escapes each character alike, whatever is beside it', () => {
  const text = fc.string({ unit: 'binary' }).filter((each) => !each.includes('-'))
  fc.assert(
    fc.property(text, (whole) => {
      expect(escapeXml(whole)).toBe([...whole].map((one) => escapeXml(one)).join(''))
    }),
  )
})

it('writes numbers and texts as attributes, and leaves out what is undefined', () => {
  expect(emptyTag('a', { b: 0, c: -1.5, d: '', e: undefined, f: '1<2' })).toBe(
    '<a b="0" c="-1.5" d="" f="1&lt;2"/>',
  )
})
