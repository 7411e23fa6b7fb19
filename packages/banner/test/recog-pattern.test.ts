import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cpeOf } from '../src/recog/cpe.ts'
import { unescapeXml } from '../src/recog/entities.ts'
import { rubyPattern } from '../src/recog/ruby-pattern.ts'

function matches(source: string, text: string, flags?: string): boolean | undefined {
  const pattern = rubyPattern(source, flags)
  return pattern && new RegExp(pattern.source, pattern.flags).test(text)
}

describe("a pattern in Ruby's words", () => {
  it.each([
    ['^abc$', 'x\nabc\ny', true],
    ['\\Aabc\\z', 'x\nabc', false],
    ['\\Aabc\\z', 'abc', true],
    ['abc\\Z', 'abc\n', true],
    ['abc\\Z', 'abc\n\n', false],
    ['(?i)abc', 'ABC', true],
    ['(?i:abc)d', 'ABCd', true],
    ['(?m:a.b)', 'a\nb', true],
    ['(?-mix:abc)', 'ABC', false],
    ['a(?#a comment)b', 'ab', true],
    ['^\\h{4}$', '0aF9', true],
    ['^[\\h:]+$', 'a:f', true],
    ['^\\H$', 'a', false],
    ['a\\Rb', 'a\r\nb', true],
    ['^[[:alpha:]_]+$', 'ab_', true],
    ['^[[:digit:]]+$', 'a', false],
    ['^[^[:space:]]+$', 'a b', false],
    ['^a{,2}$', 'aa', true],
    ['^a{,2}$', 'aaa', false],
    ['\\e\\[0m', '\x1b[0m', true],
    ['^[\\]a]+$', ']a', true],
    ['[(?i)]', 'I', false],
    ['\\(\\?i\\)', '(?i)', true],
    ['(?<name>a)', 'a', true],
    ['^(?:\\r|\\n|\\s)*x', '\r\n x', true],
  ] as const)('%s on %j is %s', (source, text, expected) => expect(matches(source, text)).toBe(expected))

  it.each([
    [undefined, false, false],
    ['REG_ICASE', true, false],
    ['REG_DOT_NEWLINE', false, true],
    ['REG_ICASE,REG_DOT_NEWLINE', true, true],
    ['REG_LINE_ANY_CRLF', false, false],
  ])('with the flags %s', (flags, isCaseless, isDotAll) => {
    expect(matches('^abc$', 'ABC', flags)).toBe(isCaseless)
    expect(matches('a.b', 'a\nb', flags)).toBe(isDotAll)
  })

  it.each([
    ['('],
    ['a++'],
    ['(?>a)'],
    ['(?x) a # b'],
    ['[[:^alpha:]]'],
    ['[[:none:]]'],
    ['[[:constructor:]]'],
  ])('that JavaScript cannot say, %s, is none', (source) => expect(rubyPattern(source)).toBeUndefined())

  it('never throws, and gives what compiles', () =>
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom(...'[](){}?:^$\\AzZhRi-m#,2|+*.a') }), (source) => {
        const pattern = rubyPattern(source)
        if (pattern !== undefined) new RegExp(pattern.source, pattern.flags)
      }),
    ))
})

describe('a CPE', () => {
  const values: Readonly<Record<string, string>> = { v: '1.2p3', bad: '1:2\u0007', none: '', odd: 'a*b c' }
  const cpe = (template: string): string | undefined =>
    cpeOf(
      template,
      (name) => values[name],
      () => true,
    )

  it.each([
    ['cpe:/a:openbsd:openssh:{v}', 'cpe:2.3:a:openbsd:openssh:1.2p3:*:*:*:*:*:*:*'],
    ['cpe:/o:x:y:-', 'cpe:2.3:o:x:y:*:*:*:*:*:*:*:*'],
    ['cpe:/o:x:y:1:-', 'cpe:2.3:o:x:y:1:-:*:*:*:*:*:*'],
    ['cpe:/h:x:Some_Thing', 'cpe:2.3:h:x:some_thing:*:*:*:*:*:*:*:*'],
    ['cpe:/a:a%2fb:c%2b%2b:1', 'cpe:2.3:a:a\\/b:c\\+\\+:1:*:*:*:*:*:*:*'],
    ['cpe:/a:x:y:{missing}:sp1', 'cpe:2.3:a:x:y:*:sp1:*:*:*:*:*:*'],
    ['cpe:/a:x:y:{none}', 'cpe:2.3:a:x:y:*:*:*:*:*:*:*:*'],
    ['cpe:/a:x:y:{bad}', 'cpe:2.3:a:x:y:*:*:*:*:*:*:*:*'],
    ['cpe:/a:x:y:{odd}', 'cpe:2.3:a:x:y:a\\*b_c:*:*:*:*:*:*:*'],
    ['cpe:/a:x:%zz:1', 'cpe:2.3:a:x:\\%zz:1:*:*:*:*:*:*:*'],
  ])('of %s is %s', (template, expected) => expect(cpe(template)).toBe(expected))

  it.each([
    [''],
    ['cpe:2.3:a:b:c'],
    ['cpe:/x:a:b'],
    ['cpe:/a:1:2:3:4:5:6:7'],
    [`cpe:/a:${'x'.repeat(2000)}`],
  ])('is not made of %.40s', (template) => expect(cpe(template)).toBeUndefined())
})

it.each([
  ['&lt;a&gt; &amp;amp; &quot;&apos;', '<a> &amp; "\''],
  ['&#65;&#x42;&#x1F600;', 'AB😀'],
  ['&#x110000; &other; &constructor; &', '&#x110000; &other; &constructor; &'],
])('reads %s as %s', (text, expected) => expect(unescapeXml(text)).toBe(expected))
