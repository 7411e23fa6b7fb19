import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  BER,
  ber,
  berInteger,
  berOid,
  berString,
  readElement,
  readElements,
  readInteger,
  readLength,
  readOid,
  readUnsigned,
} from '../src/octets/ber.ts'

const hex = (octets: Uint8Array): string => Buffer.from(octets).toString('hex')
const octets = (text: string): Uint8Array => Uint8Array.from(Buffer.from(text, 'hex'))

describe('BER is written', () => {
  it.each([
    ['zero in one octet', berInteger(0), '020100'],
    ['128 with an octet for the sign', berInteger(128), '02020080'],
    ['a number below zero', berInteger(-129), '0202ff7f'],
    ['the least of 32 bits', berInteger(-(2 ** 31)), '020480000000'],
    ['an enumerated', berInteger(2, BER.enumerated), '0a0102'],
    ['an object identifier of big parts', berOid('1.3.6.1.4.1.1466.20037'), '060a2b060104018b3a819c45'],
    ['an object identifier below 2', berOid('2.999'), '06028837'],
    ['text in UTF-8', berString('é'), '0402c3a9'],
    ['an empty sequence', ber(BER.sequence), '3000'],
  ])('%s', (_, written, text) => {
    expect(hex(written)).toBe(text)
  })

  it('with its length in as many octets as it needs', () => {
    expect(hex(berString(new Uint8Array(200)).subarray(0, 4))).toBe('0481c800')
    expect(hex(berString(new Uint8Array(300)).subarray(0, 5))).toBe('0482012c00')
  })
})

describe('BER is read back as it was written', () => {
  it('in whole numbers', () => {
    fc.assert(
      fc.property(fc.integer(), (value) => {
        expect(contents(berInteger(value), readInteger)).toBe(value)
      }),
    )
  })

  it('in object identifiers', () => {
    const others = fc.array(fc.nat(0xffff_ffff), { maxLength: 20 })
    fc.assert(
      fc.property(fc.nat(2), fc.nat(39), others, (root, second, rest) => {
        const text = [root, second, ...rest].join('.')
        expect(contents(berOid(text), readOid)).toBe(text)
      }),
    )
  })

  it('in what is constructed, whatever follows', () => {
    const strings = fc.array(fc.uint8Array({ maxLength: 300 }), { maxLength: 10 })
    fc.assert(
      fc.property(strings, fc.uint8Array(), (values, tail) => {
        const whole = ber(BER.sequence, ...values.map((value) => berString(value)))
        const element = readElement(Uint8Array.from([...whole, ...tail]))
        if (element === undefined || element === 'more') throw new Error('not read')
        expect(element.length).toBe(whole.length)
        const read = readElements(element.value.contents)
        expect(read?.map((part) => hex(part.contents))).toEqual(values.map(hex))
      }),
    )
  })
})

describe('BER from the network', () => {
  it('is waited for until it is whole', () => {
    const whole = berString(new Uint8Array(300))
    for (let cut = 0; cut < whole.length; cut += 1) expect(readElement(whole.subarray(0, cut))).toBe('more')
  })

  it.each([
    ['an indefinite length', '30800201010000'],
    ['a tag of several octets', '1f810100'],
    ['a length of five octets', '30850000000001'],
    ['more octets than are allowed', '30847fffffff'],
  ])('is refused with %s', (_, text) => {
    expect(readElement(octets(text))).toBeUndefined()
  })

  it('has its length told before it is whole', () => {
    expect(readLength(octets('308401020304'))).toEqual({ value: 0x01020304, length: 6 })
    expect(readLength(octets('3084010203'))).toBe('more')
    expect(readLength(octets('30'))).toBe('more')
    expect(readLength(octets('3080'))).toBeUndefined()
  })

  it('has no parts when the last is cut, or they are too many', () => {
    expect(readElements(octets('02010102'))).toBeUndefined()
    expect(readElements(octets('020101020102'), 2)).toHaveLength(2)
    expect(readElements(octets('020101020102'), 1)).toBeUndefined()
  })

  it('has no numbers of no octets, or of more than fit', () => {
    expect(readInteger(octets(''))).toBeUndefined()
    expect(readInteger(octets('01020304050607'))).toBeUndefined()
    expect(readInteger(octets('ff0000000000'))).toBe(-(2 ** 40))
    expect(readUnsigned(octets('ffffffff'))).toBe(0xffff_ffff)
    expect(readUnsigned(octets(''))).toBeUndefined()
    expect(readUnsigned(octets('00000000000000'))).toBeUndefined()
  })

  it.each([
    ['nothing', ''],
    ['a part without an end', '2b86'],
    ['a part of more than 32 bits', '2b9080808000'],
    ['more parts than there may be', `2b${'01'.repeat(200)}`],
  ])('has no object identifier of %s', (_, text) => {
    expect(readOid(octets(text))).toBeUndefined()
  })

  it('never makes the reader throw', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), (any) => {
        readElement(any)
        readElements(any)
        readInteger(any)
        readUnsigned(any)
        readOid(any)
      }),
    )
  })
})

function contents<T>(element: Uint8Array, read: (contents: Uint8Array) => T): T {
  const taken = readElement(element)
  if (taken === undefined || taken === 'more') throw new Error('no element')
  expect(taken.length).toBe(element.length)
  return read(taken.value.contents)
}
