import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { crlfPieces, toCrlf } from '../src/session/crlf.ts'

const octets = (text: string) => Uint8Array.from(Buffer.from(text, 'latin1'))
const text = (all: Uint8Array) => Buffer.from(all).toString('latin1')
const linesOf = fc.string({ unit: fc.constantFrom('a', '\n', '\r', '\xff') })

describe('-C', () => {
  it.each([
    ['', ''],
    ['a\nb', 'a\r\nb'],
    ['a\r\n', 'a\r\n'],
    ['\n\n', '\r\n\r\n'],
    ['\r\r\n\n', '\r\r\n\r\n'],
  ])('makes %j into %j', (before, after) => {
    expect(text(toCrlf(octets(before)))).toBe(after)
  })

  it('adds nothing after a CR of the octets before', () => {
    expect(text(toCrlf(octets('\n\n'), true))).toBe('\n\r\n')
  })

  it('leaves no LF without its CR, and what it adds can be taken away again', () => {
    fc.assert(
      fc.property(linesOf, (before) => {
        const after = text(toCrlf(octets(before)))
        expect(after).not.toMatch(/(?<!\r)\n/)
        expect(after.replaceAll('\r\n', '\n')).toBe(before.replaceAll('\r\n', '\n'))
      }),
    )
  })

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(linesOf, (before) => {
        const once = toCrlf(octets(before))
        expect(toCrlf(once)).toBe(once)
      }),
    )
  })

  it('cut anywhere gives the same octets', () => {
    fc.assert(
      fc.property(linesOf, fc.nat(), (whole, where) => {
        const at = whole.length === 0 ? 0 : where % whole.length
        const [first, second] = [whole.slice(0, at), whole.slice(at)]
        const joined = text(toCrlf(octets(first))) + text(toCrlf(octets(second), first.endsWith('\r')))
        expect(joined).toBe(text(toCrlf(octets(whole))))
      }),
    )
  })

  it.each([
    ['a\n', ['a', '\r\n']],
    ['\n', ['\r\n']],
    ['a\r\n', ['a\r\n']],
    ['a', ['a']],
  ])('writes the line %j as %j', (line, pieces) => {
    expect(crlfPieces(octets(line)).map(text)).toEqual(pieces)
  })
})
