import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { bson, readBson } from '../src/protocols/data/bson.ts'

const octets = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))

describe('BSON', () => {
  it('is written as the specification shows it', () => {
    const document = '160000000268656c6c6f0006000000776f726c640000'
    expect(Buffer.from(bson({ hello: 'world' })).toString('hex')).toBe(document)
  })

  it('is read back as it was written', () => {
    const names = fc.stringMatching(/^[a-z$]{0,10}$/)
    const values = fc.oneof(fc.integer(), fc.string({ unit: 'binary' }))
    fc.assert(
      fc.property(fc.dictionary(names, values), (record) => {
        expect(Object.fromEntries(readBson(bson(record)) ?? [])).toEqual({ ...record })
      }),
    )
  })

  it.each([
    ['a double', '10000000 016100 000000000000f03f 00', 1],
    ['a number of 64 bits', '10000000 126100 feffffffffffffff 00', -2],
    ['true', '09000000 086100 01 00', true],
    ['null', '08000000 0a6100 00', undefined],
    ['a binary', '10000000 056100 03000000 00 aabbcc 00', undefined],
    ['an object id', '14000000 076100 000102030405060708090a0b 00', undefined],
    ['an array', '14000000 046100 0c000000 103000 05000000 00 00', new Map([['0', 5]])],
  ])('has %s', (_, text, value) => {
    const document = octets(text.replaceAll(' ', ''))
    expect(document).toHaveLength(document[0] ?? 0)
    expect(readBson(document)).toEqual(new Map([['a', value]]))
  })

  it.each([
    ['nothing', ''],
    ['a wrong length', '0600000000'],
    ['no end', '0500000001'],
    ['a name without an end', '0800000010616100'],
    ['a text that is longer than the document', '0e000000026100ff00000061620000'.slice(0, 28)],
    ['a type that there is not', '0c00000050610001020300'],
    ['a cut number', '0a000000106100010200'],
  ])('is refused with %s', (_, text) => {
    expect(readBson(octets(text))).toBeUndefined()
  })

  it('is not followed without an end', () => {
    let nested = bson({ a: 1 })
    for (let i = 0; i < 20; i += 1) {
      const size = nested.length + 8
      nested = Uint8Array.from([size, size >> 8, 0, 0, 3, 0x61, 0, ...nested, 0])
    }
    const depth = (value: unknown): number => (value instanceof Map ? 1 + depth(value.get('a')) : 0)
    expect(depth(readBson(nested))).toBe(9)
    const many = Object.fromEntries(Array.from({ length: 501 }, (_, i) => [`${i}`, i]))
    expect(readBson(bson(many))).toBeUndefined()
  })

  it('never makes the reader throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (any) => {
        const whole = Uint8Array.from([any.length + 5, 0, 0, 0, ...any, 0])
        readBson(any)
        readBson(whole)
      }),
      { numRuns: 2000 },
    )
  })
})
