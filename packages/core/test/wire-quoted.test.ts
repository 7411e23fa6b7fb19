import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { internetChecksum } from '../src/wire/checksum.ts'
import { decodeIcmp4 } from '../src/wire/icmp4.ts'
import { decodeIcmp6 } from '../src/wire/icmp6.ts'
import { write16 } from '../src/wire/octets.ts'
import { quotedOf } from '../src/wire/quoted-packet.ts'
import { changes, guarded, recorded, truncations } from './wire-kit.ts'
import { ICMP4, ICMP6, segmentsOf } from './wire-transport-kit.ts'

/** What the ICMP error in a recorded packet quotes. */
const quotedIn = (name: string) => {
  const found = [ICMP4, ICMP6].flatMap((known) =>
    segmentsOf(known.protocol)
      .filter(({ packet }) => packet.name === name)
      .map(({ octets, length }) => ({ octets, message: known.decode(octets, 0, octets.length, length) })),
  )[0]
  return found?.message?.quote && quotedOf(found.octets, found.message.quote)
}

/** An IPv4 header and eight octets of TCP, from 10.0.0.1:1000 to 10.0.0.2:22, sequence number 7. */
const tcp4 = (): Uint8Array =>
  Uint8Array.from(Buffer.from('4500002812344000010600000a0000010a000002' + '03e8001600000007', 'hex'))
const whole = (octets: Uint8Array) => ({ from: 0, to: octets.length })

describe('the packet that an ICMP error quotes', () => {
  it.each([
    [
      'icmp4-admin-prohibited',
      {
        family: 4,
        source: '10.77.0.1',
        destination: '10.77.0.2',
        protocol: 6,
        transport: { kind: 'tcp', sourcePort: 41004, destinationPort: 8, seq: 1000000 },
      },
    ],
    [
      'icmp4-port-unreachable',
      { family: 4, destination: '10.77.0.2', protocol: 17, transport: { kind: 'udp', length: 13 } },
    ],
    [
      'icmp6-admin-prohibited',
      { family: 6, destination: 'fd77::2', transport: { kind: 'tcp', destinationPort: 8 } },
    ],
    ['icmp6-port-unreachable', { family: 6, id: undefined, transport: { kind: 'udp', length: 13 } }],
    ['icmp6-time-exceeded', { family: 6, ttl: 1, protocol: 6, transport: { kind: 'tcp' } }],
  ])('is read from the recorded %s', (name, expected) => {
    expect(quotedIn(name)).toMatchObject(expected)
  })

  it('is known by its addresses only when the capture cut its ports', () => {
    expect(quotedIn('icmp4-snaplen62')).toMatchObject({
      source: '10.77.0.1',
      destination: '10.77.0.2',
      protocol: 6,
      transport: undefined,
    })
  })

  it.each([
    [20, undefined],
    [23, undefined],
    [24, { kind: 'tcp', sourcePort: 1000, destinationPort: 22, seq: undefined }],
    [27, { kind: 'tcp', sourcePort: 1000, destinationPort: 22, seq: undefined }],
    [28, { kind: 'tcp', sourcePort: 1000, destinationPort: 22, seq: 7 }],
  ])('says with %i octets what they hold', (to, transport) => {
    expect(quotedOf(tcp4(), { from: 0, to })?.transport).toEqual(transport)
  })

  it('is nothing when its IP header is not whole or of no version', () => {
    expect(quotedOf(tcp4(), { from: 0, to: 19 })).toBeUndefined()
    expect(quotedOf(tcp4().fill(0x55, 0, 1), whole(tcp4()))).toBeUndefined()
    expect(quotedOf(tcp4().fill(0x44, 0, 1), whole(tcp4()))).toBeUndefined()
    expect(quotedOf(tcp4().fill(0x60, 0, 1), whole(tcp4()))).toBeUndefined()
    expect(quotedOf(tcp4(), { from: 5, to: 5 })).toBeUndefined()
  })

  it('is read whatever the host made of its total length', () => {
    const expected = quotedOf(tcp4(), whole(tcp4()))
    for (const length of [0, 8, 20, 0x2800, 0xffff]) {
      const octets = tcp4()
      write16(octets, 2, length)
      expect(quotedOf(octets, whole(octets))).toEqual(expected)
    }
  })

  it('has options skipped in front of its ports', () => {
    const octets = Uint8Array.from([...tcp4().subarray(0, 20), 1, 1, 1, 1, ...tcp4().subarray(20)])
    octets[0] = 0x46
    expect(quotedOf(octets, whole(octets))).toMatchObject({
      upper: { from: 24, to: 32 },
      transport: { destinationPort: 22 },
    })
  })

  it('has no ports when it is a fragment other than the first', () => {
    const octets = tcp4()
    write16(octets, 6, 0x2001)
    expect(quotedOf(octets, whole(octets))).toMatchObject({
      fragmentOffset: 8,
      transport: undefined,
      id: 0x1234,
    })
  })

  it.each([1, 58])('has id and sequence number of an echo request with protocol %i', (protocol) => {
    const octets = tcp4()
    octets[9] = protocol
    octets.set([8, 0, 0xab, 0xcd, 0x12, 0x34, 0, 5], 20)
    expect(quotedOf(octets, whole(octets))?.transport).toEqual({
      kind: 'icmp',
      type: 8,
      code: 0,
      id: 0x1234,
      seq: 5,
    })
  })

  it('has extension headers of IPv6 skipped, a fragment header told', () => {
    const header = '60000000001806400000000000000000000000000000000100000000000000000000000000000002'
    const octets = Uint8Array.from(
      Buffer.from(`${header}2c00010400000000${'1100000100000009'}${'03e8003500080000'}`, 'hex'),
    )
    octets[6] = 60
    expect(quotedOf(octets, whole(octets))).toMatchObject({
      protocol: 17,
      source: '::1',
      destination: '::2',
      id: 9,
      fragmentOffset: 0,
      upper: { from: 56, to: 64 },
      transport: { kind: 'udp', sourcePort: 1000, destinationPort: 53, length: 8, checksum: 0 },
    })
    write16(octets, 50, 0x0008)
    expect(quotedOf(octets, whole(octets))).toMatchObject({ fragmentOffset: 8, transport: undefined })
  })

  it('never throws and never reads beyond the quote, on any octets, cuts and changes', () => {
    const look = (octets: Uint8Array, from: number, to: number): void => {
      const quoted = quotedOf(guarded(octets, from, to), { from, to })
      if (quoted !== undefined) expect(quoted.upper.to).toBeLessThanOrEqual(to)
    }
    fc.assert(
      fc.property(
        fc.constantFrom(0x45, 0x46, 0x4f, 0x60),
        fc.uint8Array({ minLength: 1 }),
        fc.nat(9),
        (first, some, from) => {
          some[from] = first
          look(some, Math.min(from, some.length), some.length)
        },
      ),
    )
    for (const name of ['icmp4-admin-prohibited', 'icmp6-time-exceeded', 'icmp4-time-exceeded']) {
      const { octets } = recorded(name)
      const from = name.startsWith('icmp4') ? 42 : 62
      for (const cut of truncations(octets)) quotedOf(cut, { from, to: octets.length })
      for (const changed of changes(octets.slice(from))) look(changed, 0, changed.length)
    }
  })
})

/** A time exceeded of version 4 or 6 whose quote is padded to `padded`, followed by `extension`. */
function exceeded(
  version: 4 | 6,
  declared: number,
  padded: number,
  extension: readonly number[],
): Uint8Array {
  const octets = new Uint8Array(8 + padded + extension.length)
  octets[0] = version === 4 ? 11 : 3
  octets[version === 4 ? 5 : 4] = declared
  octets.set(tcp4(), 8)
  octets.set(extension, 8 + padded)
  return octets
}

/** Version 2, a right checksum, and objects. */
function extensions(...objects: readonly (readonly number[])[]): readonly number[] {
  const octets = Uint8Array.from([0x20, 0, 0, 0, ...objects.flat()])
  write16(octets, 2, internetChecksum(octets, 0, octets.length))
  return [...octets]
}

/** A label stack of one entry: label 16, bottom of stack, TTL 1 (RFC 4950). */
const MPLS = [0, 8, 1, 1, 0x00, 0x01, 0x01, 0x01]
const INTERFACE = [0, 12, 2, 0x0b, 0, 0, 0, 3, 1, 2, 3, 4]

describe('extensions behind the quote (RFC 4884)', () => {
  it.each([
    [4, 32],
    [6, 16],
  ] as const)('are found in ICMPv%i by the length of the quote', (version, declared) => {
    const octets = exceeded(version, declared, 128, extensions(MPLS, INTERFACE))
    const decoded = version === 4 ? decodeIcmp4(octets) : decodeIcmp6(octets)
    expect(decoded).toMatchObject({
      quote: { from: 8, to: 136 },
      extensions: {
        from: 136,
        to: 160,
        malformed: false,
        objects: [
          { class: 1, type: 1, payload: { from: 140 + 4, to: 148 } },
          { class: 2, type: 0x0b, payload: { from: 152, to: 160 } },
        ],
      },
    })
    expect(decoded?.quote && quotedOf(octets, decoded.quote)?.transport).toMatchObject({
      destinationPort: 22,
    })
  })

  it.each([
    [4, 40],
    [6, 20],
  ] as const)(
    'follow a quote longer than 128 octets where the length in ICMPv%i says so',
    (version, declared) => {
      const octets = exceeded(version, declared, 160, extensions(MPLS))
      const decoded = version === 4 ? decodeIcmp4(octets) : decodeIcmp6(octets)
      expect(decoded).toMatchObject({ quote: { to: 168 }, extensions: { from: 168 } })
    },
  )

  it('are found behind 128 octets without a length, but only whole and with a right checksum', () => {
    const octets = exceeded(4, 0, 128, extensions(MPLS))
    expect(decodeIcmp4(octets)).toMatchObject({ quote: { to: 136 }, extensions: { objects: [{ class: 1 }] } })
    octets[139] = 0xff
    expect(decodeIcmp4(octets)).toMatchObject({ quote: { to: 148 }, extensions: undefined })
    const malformed = exceeded(4, 0, 128, extensions(MPLS, [0, 0, 1, 1]))
    expect(decodeIcmp4(malformed)).toMatchObject({ quote: { to: 152 }, extensions: undefined })
    const unsummed = exceeded(4, 0, 128, [0x20, 0, 0, 0, ...MPLS])
    expect(decodeIcmp4(unsummed)).toMatchObject({ quote: { to: 148 }, extensions: undefined })
  })

  it('may have no checksum when the length of the quote tells of them', () => {
    expect(decodeIcmp4(exceeded(4, 32, 128, [0x20, 0, 0, 0, ...MPLS]))?.extensions?.objects).toHaveLength(1)
  })

  it.each([
    ['of another version', [0x10, 0, 0, 0, ...MPLS]],
    ['with a wrong checksum', [0x20, 0, 0xff, 0xfe, ...MPLS]],
    ['shorter than their header', [0x20, 0, 0]],
  ])('%s are left alone', (_, octets) => {
    expect(decodeIcmp4(exceeded(4, 32, 128, octets))).toMatchObject({
      quote: { to: 136 },
      extensions: undefined,
    })
  })

  it.each([
    ['without a length', [0, 0, 1, 1]],
    ['longer than the structure', [0, 9, 1, 1, 0, 0, 0, 0]],
    ['that ends within its header', [0, 8]],
  ])('are read up to an object %s', (_, object) => {
    expect(decodeIcmp4(exceeded(4, 32, 128, extensions(MPLS, object)))?.extensions).toMatchObject({
      malformed: true,
      objects: [{ class: 1, type: 1 }],
    })
  })

  it('are not looked for where the length of the quote is less than the 128 octets that it must have', () => {
    expect(decodeIcmp4(exceeded(4, 5, 28, []))).toMatchObject({
      quote: { from: 8, to: 36 },
      extensions: undefined,
    })
  })

  it('are not called malformed when the capture cut them', () => {
    const octets = exceeded(4, 32, 128, extensions(MPLS, INTERFACE))
    expect(decodeIcmp4(octets, 0, 150, octets.length)).toMatchObject({
      truncated: true,
      quote: { to: 136 },
      extensions: { malformed: false, objects: [{ class: 1 }] },
    })
  })
})
