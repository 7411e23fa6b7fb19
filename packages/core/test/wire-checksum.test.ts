import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  adjusted,
  finish,
  fold,
  internetChecksum,
  pseudoSum4,
  pseudoSum6,
  sumOf,
  verify,
} from '../src/wire/checksum.ts'
import { addressOctets, read16, write16 } from '../src/wire/octets.ts'
import { guarded, recorded } from './wire-kit.ts'

const bytes = (hex: string): Uint8Array => Uint8Array.from(Buffer.from(hex.replace(/ /g, ''), 'hex'))
const word = fc.integer({ min: 0, max: 0xffff })

/** RFC 1071 section 4.1 taken literally: 16 bits with the carry added back at every step. */
function slowly(octets: Uint8Array): number {
  let sum = 0
  for (let at = 0; at < octets.length; at += 2) {
    sum += read16(octets, at)
    if (sum > 0xffff) sum -= 0xffff
  }
  return sum ^ 0xffff
}

describe('the Internet checksum', () => {
  it('is that of the example in RFC 1071 section 3', () => {
    const octets = bytes('0001 f203 f4f5 f6f7')
    expect(sumOf(octets, 0, 8)).toBe(0x2ddf0)
    expect(fold(0x2ddf0)).toBe(0xddf2)
    expect(internetChecksum(octets, 0, 8)).toBe(0x220d)
  })

  it.each([
    ['', 0xffff],
    ['ff', 0x00ff],
    ['0001ff', 0x00fe],
    ['ffff', 0],
    ['ffffffff', 0],
  ])('of %s takes a zero behind an odd octet', (hex, checksum) => {
    expect(internetChecksum(bytes(hex), 0, hex.length / 2)).toBe(checksum)
  })

  it('is the sum with the carry added back at each word, at any length', () =>
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (octets) => {
        expect(internetChecksum(octets, 0, octets.length)).toBe(slowly(octets))
      }),
    ))

  it('is the same when the octets are summed in pieces of even length', () =>
    fc.assert(
      fc.property(fc.uint8Array(), fc.nat(50), (octets, half) => {
        const cut = Math.min(2 * half, octets.length)
        const pieces = sumOf(octets, cut, octets.length, sumOf(octets, 0, cut))
        expect(finish(pieces)).toBe(internetChecksum(octets, 0, octets.length))
      }),
    ))

  it('of a message with its checksum in it is zero', () =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 2 }), (octets) => {
        write16(octets, 0, 0)
        write16(octets, 0, internetChecksum(octets, 0, octets.length))
        expect(internetChecksum(octets, 0, octets.length)).toBe(0)
      }),
    ))

  it('of 64 KiB of ones does not lose a carry', () => {
    expect(internetChecksum(new Uint8Array(0xffff).fill(0xff), 0, 0xffff)).toBe(0x00ff)
    expect(finish(2 ** 40 + 1)).toBe(finish(fold(2 ** 40) + 1))
  })

  it('takes what lies outside of the array for zeros', () => {
    expect(sumOf(bytes('0102'), 0, 2 ** 40)).toBe(0x0102)
    expect(sumOf(bytes('0102'), 9, 12, 5)).toBe(5)
  })

  it('reads nothing before its start nor from its end on', () =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 20 }), fc.nat(9), fc.nat(9), (octets, from, length) => {
        const all = octets.slice(from, from + length)
        expect(sumOf(guarded(octets, from, from + length), from, from + length)).toBe(sumOf(all, 0, length))
      }),
    ))

  it('is adjusted to one changed word without the message (RFC 1624 section 4)', () =>
    expect(adjusted(0xdd2f, 0x5555, 0x3285)).toBe(0x0000))

  it('adjusted to a changed word is as good as one made anew', () =>
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8 }), fc.nat(2), word, (octets, index, value) => {
        octets[7] = 1
        const before = read16(octets, 2 * index)
        const checksum = internetChecksum(octets, 0, octets.length)
        write16(octets, 2 * index, value)
        expect(adjusted(checksum, before, value)).toBe(internetChecksum(octets, 0, octets.length))
      }),
    ))
})

describe('a pseudo-header', () => {
  it('of IPv4 sums as its 12 octets do', () =>
    fc.assert(
      fc.property(fc.ipV4(), fc.ipV4(), fc.integer({ min: 0, max: 255 }), word, (a, b, protocol, length) => {
        const whole = new Uint8Array(12)
        whole.set(addressOctets(a), 0)
        whole.set(addressOctets(b), 4)
        whole[9] = protocol
        write16(whole, 10, length)
        expect(pseudoSum4(addressOctets(a), addressOctets(b), protocol, length)).toBe(sumOf(whole, 0, 12))
      }),
    ))

  it('of IPv6 sums as its 40 octets do, also when the length has more than 16 bits', () =>
    fc.assert(
      fc.property(fc.ipV6(), fc.ipV6(), fc.nat(255), fc.nat(0x7fffffff), (a, b, next, length) => {
        const whole = Buffer.alloc(40)
        whole.set(addressOctets(a), 0)
        whole.set(addressOctets(b), 16)
        whole.writeUInt32BE(length, 32)
        whole[39] = next
        expect(pseudoSum6(addressOctets(a), addressOctets(b), next, length)).toBe(sumOf(whole, 0, 40))
      }),
    ))
})

describe('pseudo-headers', () => {
  it('take no more octets than an address has', () => {
    const ones = new Uint8Array(20).fill(255)
    expect(pseudoSum4(ones, ones, 6, 20)).toBe(4 * 0xffff + 26)
    expect(pseudoSum6(ones, ones, 6, 20)).toBe(16 * 0xffff + 26)
  })
})

describe('a checksum is judged', () => {
  const { octets } = recorded('tcp4-syn')
  const pseudo = pseudoSum4(octets.subarray(26, 30), octets.subarray(30, 34), 6, 20)
  const segment = { from: 34, to: 54, field: 50, pseudo }

  it('good when it was recorded so', () => expect(verify(octets, segment)).toBe('good'))

  it('bad after any single change of what it covers', () => {
    for (let at = 34; at < 54; at++) {
      const changed = octets.slice()
      changed[at] = (changed[at] ?? 0) ^ 0x40
      expect(verify(changed, segment)).toBe('bad')
    }
  })

  it('offloaded when it holds the sum of the pseudo-header only', () => {
    const caught = octets.slice()
    write16(caught, 50, fold(pseudo))
    expect(verify(caught, segment)).toBe('offloaded')
  })

  it('truncated when the capture ends before what it covers, or before the field', () => {
    expect(verify(octets.slice(0, 53), segment)).toBe('truncated')
    expect(verify(octets.slice(0, 51), segment)).toBe('truncated')
  })

  it('absent when a zero means that there is none, and only then', () => {
    const zero = octets.slice()
    write16(zero, 50, 0)
    expect(verify(zero, { ...segment, isZeroNone: true })).toBe('absent')
    expect(verify(zero, segment)).toBe('bad')
  })

  it('without a pseudo-header never offloaded', () => {
    const header = { from: 14, to: 34, field: 24 }
    expect(verify(octets, header)).toBe('good')
    expect(verify(new Uint8Array(54), header)).toBe('bad')
  })
})
