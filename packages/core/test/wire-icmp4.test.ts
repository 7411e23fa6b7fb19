import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { internetChecksum } from '../src/wire/checksum.ts'
import { decodeIcmp4, encodeIcmp4, type Icmp4Header, icmp4HeaderLength } from '../src/wire/icmp4.ts'
import { encoded } from './wire-kit.ts'
import {
  expectFaithful,
  expectFaithfulToRecorded,
  ICMP4,
  icmp4Header,
  joined,
  neverReadsBeyond,
  payload,
  segmentsOf,
} from './wire-transport-kit.ts'

const message = (name: string) => {
  const found = segmentsOf(ICMP4.protocol).find(({ packet }) => packet.name === name)
  if (found === undefined) throw new Error(`no message ${name}`)
  return found
}

describe('ICMPv4', () => {
  it('computes the very checksums that are on the wire', () => {
    const whole = segmentsOf(ICMP4.protocol).filter(({ octets, length }) => octets.length === length)
    expect(whole.length).toBeGreaterThan(5)
    for (const { packet, octets } of whole) {
      const again = octets.slice()
      const header = decodeIcmp4(octets)
      if (header === undefined) throw new Error(`no ICMP in ${packet.name}`)
      encodeIcmp4(header, again, 0, { payloadLength: octets.length - icmp4HeaderLength(header) })
      expect(again, packet.name).toEqual(octets)
    }
  })

  it.each([
    ['icmp4-echo', { kind: 'echo-request', code: 0 }],
    ['icmp4-echo-reply', { kind: 'echo-reply', code: 0 }],
    ['icmp4-timestamp', { kind: 'timestamp-request', receive: 0, transmit: 0 }],
    ['icmp4-timestamp-reply', { kind: 'timestamp-reply' }],
    ['icmp4-mask', { kind: 'mask-request', mask: '0.0.0.0' }],
    ['icmp4-admin-prohibited', { kind: 'destination-unreachable', code: 13, nextHopMtu: 0, quotedWords: 0 }],
    ['icmp4-port-unreachable', { kind: 'destination-unreachable', code: 3 }],
    ['icmp4-time-exceeded', { kind: 'time-exceeded', code: 0, unused: 0 }],
  ])('reads the recorded %s', (name, expected) => {
    const { octets } = message(name)
    expect(decodeIcmp4(octets)).toMatchObject({ ...expected, truncated: false })
  })

  it('decodes what it encodes, with a checksum that is right', () => {
    fc.assert(
      fc.property(icmp4Header, payload, (header, data) => {
        const seal = { payloadLength: data.length }
        const octets = joined(
          encoded((into, at) => encodeIcmp4(header, into, at, seal), data),
          data,
        )
        const length = icmp4HeaderLength(header)
        expect(decodeIcmp4(octets)).toMatchObject({
          ...header,
          payload: { from: length, to: length + data.length },
          truncated: false,
        })
        expect(internetChecksum(octets, 0, octets.length)).toBe(0)
      }),
    )
  })

  it('keeps every octet of any header that it can read', () => {
    expectFaithfulToRecorded(ICMP4)
    const types = fc.integer({ min: 0, max: 20 })
    fc.assert(
      fc.property(types, fc.uint8Array({ minLength: 8, maxLength: 40 }), (type, octets) => {
        octets[0] = type
        expectFaithful(ICMP4, octets)
      }),
      { numRuns: 2000 },
    )
  })

  it('never throws and never reads beyond the octets it was given', () => {
    neverReadsBeyond(ICMP4)
    for (const type of [0, 3, 4, 5, 8, 11, 12, 13, 14, 17, 18]) neverReadsBeyond(ICMP4, [type])
  })

  it.each([
    [8, 7],
    [13, 19],
    [17, 11],
    [99, 7],
  ])('does not read type %i with %i octets', (type, length) => {
    const octets = new Uint8Array(40)
    octets[0] = type
    expect(decodeIcmp4(octets, 0, length)).toBeUndefined()
    expect(decodeIcmp4(octets, 0, length + 1)).toBeDefined()
  })

  it('reads the MTU of the next link where fragmentation was needed', () => {
    const header: Icmp4Header = {
      kind: 'destination-unreachable',
      code: 4,
      unused: 0,
      quotedWords: 0,
      nextHopMtu: 1400,
    }
    const octets = encoded((into, at) => encodeIcmp4(header, into, at, 0xbad5))
    expect(Buffer.from(octets).toString('hex')).toBe('0304bad500000578')
    expect(decodeIcmp4(octets)).toMatchObject({ ...header, checksum: 0xbad5 })
  })

  it('quotes the packet that an error is about, and nothing in other messages', () => {
    const quotes = ['icmp4-time-exceeded', 'icmp4-echo'].map(
      (name) => decodeIcmp4(message(name).octets)?.quote,
    )
    expect(quotes).toEqual([{ from: 8, to: message('icmp4-time-exceeded').octets.length }, undefined])
    const redirect: Icmp4Header = { kind: 'redirect', code: 1, gateway: '10.0.0.254' }
    expect(
      decodeIcmp4(
        joined(
          encoded((i, at) => encodeIcmp4(redirect, i, at, 0)),
          new Uint8Array(28),
        ),
      ),
    ).toMatchObject({
      quote: { from: 8, to: 36 },
    })
  })

  it('says when the capture cut the quote', () => {
    const { octets, length } = message('icmp4-snaplen62')
    expect(decodeIcmp4(octets, 0, octets.length, length)).toMatchObject({
      kind: 'destination-unreachable',
      truncated: true,
      quote: { from: 8, to: octets.length },
    })
  })

  it.each<[string, Icmp4Header]>([
    ['an id above 16 bits', { kind: 'echo-request', code: 0, id: 65536, seq: 0 }],
    ['a negative sequence number', { kind: 'echo-request', code: 0, id: 0, seq: -1 }],
    ['a code above 255', { kind: 'echo-reply', code: 256, id: 0, seq: 0 }],
    ['a mask that is no address', { kind: 'mask-request', code: 0, id: 0, seq: 0, mask: '/24' }],
    ['a type above 255', { kind: 'unknown', type: 256, code: 0, rest: 0 }],
    ['unused bits beyond the field', { kind: 'time-exceeded', code: 0, unused: 2 ** 24, quotedWords: 0 }],
    ['a pointer above 255', { kind: 'parameter-problem', code: 0, pointer: 256, quotedWords: 0, unused: 0 }],
  ])('refuses %s as a mistake of the programmer', (_, header) => {
    expect(() => encodeIcmp4(header, new Uint8Array(100), 0, 0)).toThrow(RangeError)
  })

  it('refuses a buffer without room', () => {
    const header: Icmp4Header = { kind: 'echo-request', code: 0, id: 0, seq: 0 }
    expect(() => encodeIcmp4(header, new Uint8Array(7), 0, 0)).toThrow(RangeError)
    expect(() => encodeIcmp4(header, new Uint8Array(8), 0, { payloadLength: 1 })).toThrow(RangeError)
  })
})
