import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { addressOctets, read16, write16 } from '../src/wire/octets.ts'
import { verifyTransport } from '../src/wire/seal.ts'
import { decodeUdp, encodeUdp, UDP_HEADER_LENGTH, type UdpHeader } from '../src/wire/udp.ts'
import { encoded } from './wire-kit.ts'
import {
  ends,
  expectFaithful,
  expectFaithfulToRecorded,
  joined,
  neverReadsBeyond,
  payload,
  segmentsOf,
  UDP,
  udpHeader,
} from './wire-transport-kit.ts'

const FOUR = { source: addressOctets('10.0.0.1'), destination: addressOctets('10.0.0.2') }
const SIX = { source: addressOctets('fd77::1'), destination: addressOctets('fd77::2') }
/** A datagram of four octets whose header says `length`. */
const datagram = (length: number): Uint8Array => {
  const octets = Uint8Array.of(0x30, 0x39, 0, 53, 0, 0, 0, 0, 1, 2, 3, 4)
  write16(octets, 4, length)
  return octets
}

describe('UDP', () => {
  it('computes the very checksums that are on the wire', () => {
    const whole = segmentsOf(UDP.protocol).filter(({ isFragment }) => !isFragment)
    expect(whole.length).toBeGreaterThan(2)
    for (const { octets, ends: addresses } of whole) {
      const again = octets.slice()
      const header = decodeUdp(octets)
      if (header === undefined) throw new Error('no UDP')
      encodeUdp(header, again, 0, { ...addresses, payloadLength: octets.length - UDP_HEADER_LENGTH })
      expect(again).toEqual(octets)
      expect(verifyTransport('udp', octets, 0, octets.length, addresses)).toBe('good')
    }
  })

  it('decodes what it encodes, with a checksum that is right', () => {
    fc.assert(
      fc.property(udpHeader, payload, ends, (some, data, addresses) => {
        const whole = 8 + data.length
        const header = { ...some, length: some.length === 0 ? 0 : whole }
        const seal = { ...addresses, payloadLength: data.length }
        const octets = joined(
          encoded((into, at) => encodeUdp(header, into, at, seal), data),
          data,
        )
        expect(decodeUdp(octets)).toEqual({
          ...header,
          checksum: read16(octets, 6),
          payload: { from: 8, to: whole },
          truncated: false,
        })
        expect(read16(octets, 6)).not.toBe(0)
        expect(verifyTransport('udp', octets, 0, octets.length, addresses)).toBe('good')
      }),
    )
  })

  it('keeps every octet of any header that it can read', () => {
    expectFaithfulToRecorded(UDP)
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 8, maxLength: 30 }), (octets) => expectFaithful(UDP, octets)),
    )
  })

  it('never throws and never reads beyond the octets it was given', () => {
    neverReadsBeyond(UDP)
    neverReadsBeyond(UDP, [0, 1, 2, 3, 0])
  })

  it.each([1, 7])('does not read a header that claims %i octets', (length) => {
    expect(decodeUdp(datagram(length))).toBeUndefined()
  })

  it('does not read a header that is cut', () => {
    expect(decodeUdp(datagram(12), 0, 7)).toBeUndefined()
    expect(decodeUdp(datagram(12), 5, 12)).toBeUndefined()
  })

  it.each([
    ['ends where its own length says', 10, { payload: { from: 8, to: 10 }, truncated: false }],
    ['reaches to the end of a jumbogram', 0, { payload: { from: 8, to: 12 }, truncated: false }],
    ['is cut when the header promises more', 13, { payload: { from: 8, to: 12 }, truncated: true }],
    ['may be empty', 8, { payload: { from: 8, to: 8 }, truncated: false }],
  ])('has a payload that %s', (_, length, expected) => {
    expect(decodeUdp(datagram(length))).toMatchObject({ length, ...expected })
  })

  it('says that a jumbogram was cut when the IP header promises more', () => {
    expect(decodeUdp(datagram(0), 0, 12, 70000)).toMatchObject({ truncated: true })
  })

  it('reads the first fragment, which promises what the others bring', () => {
    const [first] = segmentsOf(UDP.protocol).filter(({ isFragment }) => isFragment)
    if (first === undefined) throw new Error('no fragment')
    expect(decodeUdp(first.octets, 0, first.octets.length, first.length)).toMatchObject({
      length: 72,
      payload: { from: 8, to: 16 },
      truncated: true,
    })
  })

  it('takes no checksum for one over IPv4 only', () => {
    expect(verifyTransport('udp', datagram(12), 0, 12, FOUR)).toBe('absent')
    expect(verifyTransport('udp', datagram(12), 0, 12, SIX)).toBe('bad')
  })

  it('has a checksum that covers what its own length says, not what the IP packet has behind it', () => {
    const octets = datagram(10)
    encodeUdp({ sourcePort: 12345, destinationPort: 53, length: 10 }, octets, 0, {
      ...FOUR,
      payloadLength: 2,
    })
    expect(verifyTransport('udp', octets, 0, 12, FOUR)).toBe('good')
  })

  it('has the checksum of a jumbogram cover all that the IP header says', () => {
    const octets = datagram(0)
    encodeUdp({ sourcePort: 12345, destinationPort: 53, length: 0 }, octets, 0, { ...SIX, payloadLength: 4 })
    expect(verifyTransport('udp', octets, 0, 12, SIX)).toBe('good')
    expect(verifyTransport('udp', octets.fill(7, 11), 0, 12, SIX)).toBe('bad')
  })

  it('sends the sum of zero as all ones', () => {
    const header: UdpHeader = { sourcePort: 0, destinationPort: 0, length: 10 }
    const sealed = (data: number): Uint8Array => {
      const octets = new Uint8Array(10)
      write16(octets, 8, data)
      encodeUdp(header, octets, 0, { ...FOUR, payloadLength: 2 })
      return octets
    }
    const sum = decodeUdp(sealed(0))?.checksum ?? 0
    const octets = sealed(sum)
    expect(decodeUdp(octets)?.checksum).toBe(0xffff)
    expect(verifyTransport('udp', octets, 0, 10, FOUR)).toBe('good')
  })

  it('tells a checksum that the network card is to complete, and one whose datagram was cut', () => {
    const octets = datagram(12)
    encodeUdp({ sourcePort: 12345, destinationPort: 53, length: 12 }, octets, 0, {
      ...FOUR,
      payloadLength: 4,
    })
    expect(verifyTransport('udp', octets, 0, 12, FOUR)).toBe('good')
    expect(verifyTransport('udp', octets.slice(0, 11), 0, 12, FOUR)).toBe('truncated')
    write16(octets, 6, 0x0a00 + 0x0001 + 0x0a00 + 0x0002 + 17 + 12)
    expect(verifyTransport('udp', octets, 0, 12, FOUR)).toBe('offloaded')
  })

  it.each<[string, Partial<UdpHeader>]>([
    ['a port above 65535', { sourcePort: 65536 }],
    ['a negative port', { destinationPort: -1 }],
    ['a length above 65535', { length: 65536 }],
  ])('refuses %s as a mistake of the programmer', (_, wrong) => {
    const header = { sourcePort: 1, destinationPort: 2, length: 8, ...wrong }
    expect(() => encodeUdp(header, new Uint8Array(100), 0, 0)).toThrow(RangeError)
  })

  it('refuses a buffer without room and a checksum that is no 16 bits', () => {
    const header = { sourcePort: 1, destinationPort: 2, length: 8 }
    expect(() => encodeUdp(header, new Uint8Array(8), 1, 0)).toThrow(RangeError)
    expect(() => encodeUdp(header, new Uint8Array(8), 0, 0x10000)).toThrow(RangeError)
    expect(() => encodeUdp(header, new Uint8Array(8), 0, { ...FOUR, payloadLength: -1 })).toThrow(RangeError)
  })
})
