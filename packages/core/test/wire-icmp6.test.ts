import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decodeIcmp6, encodeIcmp6, type Icmp6Header, icmp6HeaderLength } from '../src/wire/icmp6.ts'
import { addressOctets } from '../src/wire/octets.ts'
import { verifyTransport } from '../src/wire/seal.ts'
import { encoded } from './wire-kit.ts'
import {
  expectFaithful,
  expectFaithfulToRecorded,
  ICMP6,
  icmp6Header,
  ipv6,
  joined,
  neverReadsBeyond,
  payload,
  segmentsOf,
} from './wire-transport-kit.ts'

const message = (name: string) => {
  const found = segmentsOf(ICMP6.protocol).find(({ packet }) => packet.name === name)
  if (found === undefined) throw new Error(`no message ${name}`)
  return found
}
describe('ICMPv6', () => {
  it('computes the very checksums that are on the wire', () => {
    const whole = segmentsOf(ICMP6.protocol).filter(({ isFragment }) => !isFragment)
    expect(whole.length).toBeGreaterThan(5)
    for (const { packet, octets, ends } of whole) {
      const again = octets.slice()
      const header = decodeIcmp6(octets)
      if (header === undefined) throw new Error(`no ICMPv6 in ${packet.name}`)
      encodeIcmp6(header, again, 0, { ...ends, payloadLength: octets.length - icmp6HeaderLength(header) })
      expect(again, packet.name).toEqual(octets)
      expect(verifyTransport('icmp6', octets, 0, octets.length, ends)).toBe('good')
    }
  })

  it.each([
    ['icmp6-echo', { kind: 'echo-request', code: 0, quote: undefined }],
    ['icmp6-admin-prohibited', { kind: 'destination-unreachable', code: 1, quote: { from: 8 } }],
    ['icmp6-port-unreachable', { kind: 'destination-unreachable', code: 4, quotedUnits: 0 }],
    ['icmp6-time-exceeded', { kind: 'time-exceeded', code: 0, quote: { from: 8 } }],
    ['icmp6-listener-report', { kind: 'unknown', type: 143, quote: undefined }],
    [
      'icmp6-solicitation',
      {
        kind: 'neighbour-solicitation',
        target: 'fd77::2',
        options: [{ kind: 'source-link-layer', mac: '02:77:00:00:00:01' }],
      },
    ],
    [
      'icmp6-advertisement',
      {
        kind: 'neighbour-advertisement',
        isSolicited: true,
        isOverride: true,
        target: 'fd77::2',
        options: [{ kind: 'target-link-layer', mac: '02:77:00:00:00:02' }],
      },
    ],
  ])('reads the recorded %s', (name, expected) => {
    expect(decodeIcmp6(message(name).octets)).toMatchObject({
      ...expected,
      malformed: false,
      truncated: false,
    })
  })

  it('decodes what it encodes, with a checksum that is right', () => {
    fc.assert(
      fc.property(icmp6Header, payload, ipv6, ipv6, (header, some, source, destination) => {
        const data = 'options' in header ? new Uint8Array() : some
        const ends = { source: addressOctets(source), destination: addressOctets(destination) }
        const seal = { ...ends, payloadLength: data.length }
        const octets = joined(
          encoded((into, at) => encodeIcmp6(header, into, at, seal), data),
          data,
        )
        const length = icmp6HeaderLength(header)
        expect(decodeIcmp6(octets)).toMatchObject({
          ...header,
          malformed: false,
          payload: { from: length, to: length + data.length },
          truncated: false,
        })
        expect(verifyTransport('icmp6', octets, 0, octets.length, ends)).toBe('good')
      }),
    )
  })

  it('keeps every octet of any header that it can read', () => {
    expectFaithfulToRecorded(ICMP6)
    const types = fc.oneof(fc.integer({ min: 0, max: 5 }), fc.integer({ min: 127, max: 138 }))
    fc.assert(
      fc.property(types, fc.uint8Array({ minLength: 8, maxLength: 80 }), (type, octets) => {
        octets[0] = type
        expectFaithful(ICMP6, octets)
      }),
      { numRuns: 2000 },
    )
  })

  it('never throws and never reads beyond the octets it was given', () => {
    neverReadsBeyond(ICMP6)
    for (const type of [1, 2, 3, 4, 128, 129, 135, 136]) neverReadsBeyond(ICMP6, [type])
  })

  it.each([
    [128, 7],
    [135, 23],
    [136, 23],
    [255, 7],
  ])('does not read type %i with %i octets', (type, length) => {
    const octets = new Uint8Array(40)
    octets[0] = type
    expect(decodeIcmp6(octets, 0, length)).toBeUndefined()
    expect(decodeIcmp6(octets, 0, length + 1)).toBeDefined()
  })

  it.each([
    ['of length zero', [1, 0, 2, 0, 0, 0, 0, 1]],
    ['that is longer than the message', [1, 2, 2, 0, 0, 0, 0, 1]],
    ['of a single octet', [1]],
  ])('keeps what was readable before an option %s, and says so', (_, option) => {
    const octets = Uint8Array.from([135, ...Array(23).fill(0), 14, 1, 1, 2, 3, 4, 5, 6, ...option])
    expect(decodeIcmp6(octets)).toMatchObject({
      malformed: true,
      options: [{ kind: 'unknown', number: 14 }, { kind: 'unreadable' }],
    })
    expectFaithful(ICMP6, octets)
  })

  it('does not call options malformed that the capture cut', () => {
    const { octets, length } = message('icmp6-solicitation')
    expect(decodeIcmp6(octets, 0, 28, length)).toMatchObject({
      malformed: false,
      truncated: true,
      options: [{ kind: 'unreadable' }],
    })
  })

  it('keeps a link-layer address that is not that of Ethernet', () => {
    const octets = Uint8Array.from([136, ...Array(23).fill(0), 2, 2, ...Array(14).fill(7)])
    expect(decodeIcmp6(octets)).toMatchObject({ options: [{ kind: 'unknown', number: 2 }], malformed: false })
    expectFaithful(ICMP6, octets)
  })

  it('takes every type below 128 for an error with a quote', () => {
    const octets = new Uint8Array(60)
    octets[0] = 100
    expect(decodeIcmp6(octets)).toMatchObject({ kind: 'unknown', quote: { from: 8, to: 60 } })
  })

  it.each<[string, Icmp6Header]>([
    ['an id above 16 bits', { kind: 'echo-request', code: 0, id: 65536, seq: 0 }],
    ['a negative MTU', { kind: 'packet-too-big', code: 0, mtu: -1 }],
    ['unused bits beyond the field', { kind: 'time-exceeded', code: 0, quotedUnits: 0, unused: 2 ** 24 }],
    [
      'a target with a zone',
      { kind: 'neighbour-solicitation', code: 0, reserved: 0, target: 'fe80::1%1', options: [] },
    ],
    [
      'an option of an odd length',
      {
        kind: 'neighbour-solicitation',
        code: 0,
        reserved: 0,
        target: '::1',
        options: [{ kind: 'unknown', number: 14, octets: new Uint8Array(5) }],
      },
    ],
  ])('refuses %s as a mistake of the programmer', (_, header) => {
    expect(() => encodeIcmp6(header, new Uint8Array(100), 0, 0)).toThrow(RangeError)
  })
})
