import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseAddress } from '../src/model/addresses.ts'
import { decodeIpv4, encodeIpv4, type Ipv4Header, ipv4Checksum } from '../src/wire/ipv4.ts'
import { ipv4OptionOctets, listIpv4Options } from '../src/wire/ipv4-options.ts'
import { decodeIpv6, encodeIpv6, type Ipv6Header } from '../src/wire/ipv6.ts'
import { type Ipv6Extension, listIpv6Options, MOST_EXTENSIONS } from '../src/wire/ipv6-extensions.ts'
import { addressOctets, readIpv6 } from '../src/wire/octets.ts'
import { PLAIN4 } from './plain-header.ts'
import { encoded, guarded, recorded } from './wire-kit.ts'

const u8 = fc.integer({ min: 0, max: 0xff })
const u16 = fc.integer({ min: 0, max: 0xffff })
const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const octetsOf = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length })
const ipv4 = fc.record({
  tos: u8,
  id: u16,
  isReservedSet: fc.boolean(),
  dontFragment: fc.boolean(),
  moreFragments: fc.boolean(),
  fragmentOffset: fc.nat(0x1fff).map((units) => 8 * units),
  ttl: u8,
  protocol: u8,
  source: fc.ipV4(),
  destination: fc.ipV4(),
  optionOctets: fc.nat(10).chain((words) => octetsOf(4 * words)),
})
const IPV4: Ipv4Header = { ...PLAIN4, id: 7, protocol: 6, source: '10.0.0.1', destination: '10.0.0.2' }
const packet4 = (header: Partial<Ipv4Header>, payload: number, captured = payload): Uint8Array => {
  const whole = { ...IPV4, ...header }
  const octets = new Uint8Array(20 + whole.optionOctets.length + captured)
  encodeIpv4(whole, octets, 0, payload)
  return octets
}
const room = (): Uint8Array => new Uint8Array(4096)

describe('an IPv4 header', () => {
  it('is read as it was written', () =>
    fc.assert(
      fc.property(ipv4, fc.nat(60000), u16, (header, length, checksum) => {
        const octets = encoded((into, at) => encodeIpv4({ ...header, checksum }, into, at, length))
        const headerLength = 20 + header.optionOctets.length
        expect(decodeIpv4(octets)).toEqual({
          ...header,
          checksum,
          headerLength,
          totalLength: headerLength + length,
          upperLength: length,
          payload: { from: headerLength, to: headerLength },
          truncated: length > 0,
        })
      }),
    ))

  it('gets the checksum that is good when none is given, and keeps a wrong one', () =>
    fc.assert(
      fc.property(ipv4, (header) => {
        const octets = encoded((into, at) => encodeIpv4(header, into, at))
        expect(ipv4Checksum(octets)).toBe('good')
        const wrong = { ...header, checksum: ((decodeIpv4(octets)?.checksum ?? 0) + 1) % 0xffff }
        expect(ipv4Checksum(encoded((into, at) => encodeIpv4(wrong, into, at)))).toBe('bad')
      }),
    ))

  it('may have every field at its largest', () => {
    const flags = { isReservedSet: true, dontFragment: true, moreFragments: true, fragmentOffset: 65528 }
    const numbers = { tos: 255, id: 65535, ttl: 255, protocol: 255, checksum: 65535, totalLength: 65535 }
    const rest = { source: '255.255.255.255', destination: '255.255.255.255' }
    const header = { ...flags, ...numbers, ...rest, optionOctets: new Uint8Array(40).fill(255) }
    const octets = encoded((into, at) => encodeIpv4(header, into, at, 65535))
    expect(decodeIpv4(octets)).toMatchObject(header)
    expect(octets.fill(0, 0, 1).every((octet, i) => i === 0 || octet === 255)).toBe(true)
  })

  it('of a recorded fragment says where it belongs, in octets', () => {
    const fields = { id: 0x17, protocol: 17, moreFragments: true, fragmentOffset: 16, upperLength: 16 }
    expect(decodeIpv4(recorded('udp4-later-fragment').octets, 14)).toMatchObject(fields)
    const last = { moreFragments: false, fragmentOffset: 64, upperLength: 8 }
    expect(decodeIpv4(recorded('udp4-last-fragment').octets, 14)).toMatchObject(last)
  })

  it('shorter than what was captured leaves the padding out', () => {
    const octets = Uint8Array.from([...packet4({}, 6), ...new Uint8Array(20).fill(0xa5)])
    expect(decodeIpv4(octets)).toMatchObject({ payload: { from: 20, to: 26 }, truncated: false })
  })

  it('longer than what was captured is truncated and keeps both lengths', () => {
    const cut = { totalLength: 120, upperLength: 100, payload: { from: 20, to: 28 }, truncated: true }
    expect(decodeIpv4(packet4({}, 100, 8))).toMatchObject(cut)
    expect(decodeIpv4(guarded(packet4({}, 100), 0, 28), 0, 28)).toMatchObject(cut)
  })

  it('without a total length, as a segmenting card gets it, holds all that was captured', () => {
    const octets = packet4({ totalLength: 0 }, 30)
    expect(decodeIpv4(octets)).toMatchObject({
      totalLength: 0,
      upperLength: 30,
      payload: { from: 20, to: 50 },
    })
  })

  it.each([
    ['of another version', 0, 0x65],
    ['shorter than 20 octets', 0, 0x44],
    ['longer than what was captured', 0, 0x4f],
    ['longer than its packet', 3, 19],
  ])('%s is none', (_, at, value) => {
    const octets = packet4({}, 0)
    octets[at] = value
    expect(decodeIpv4(octets)).toBeUndefined()
    expect(ipv4Checksum(octets)).toBe('truncated')
  })

  it.each([
    ['a fragment offset between the units', { fragmentOffset: 4 }, 0],
    ['a fragment offset beyond 13 bits', { fragmentOffset: 65536 }, 0],
    ['options of 3 octets', { optionOctets: new Uint8Array(3) }, 0],
    ['options of 44 octets', { optionOctets: new Uint8Array(44) }, 0],
    ['a packet of 65536 octets', {}, 65516],
    ['an id beyond 16 bits', { id: 65536 }, 0],
    ['a ttl that is no number', { ttl: Number.NaN }, 0],
    ['a host name', { source: 'localhost' }, 0],
    ['an IPv6 address', { destination: '::1' }, 0],
  ])('refuses %s as a mistake of the program', (_, header, length) => {
    expect(() => encodeIpv4({ ...IPV4, ...header }, room(), 0, length)).toThrow(RangeError)
  })
})

describe('IPv4 options', () => {
  const option = fc.oneof(
    fc.constant({ type: 1, data: new Uint8Array() }),
    fc.record({ type: fc.integer({ min: 2, max: 255 }), data: fc.uint8Array({ maxLength: 8 }) }),
  )

  it('are listed as they were written, and fill whole words', () =>
    fc.assert(
      fc.property(fc.array(option, { maxLength: 4 }), (options) => {
        const octets = ipv4OptionOctets(options)
        expect(octets.length % 4).toBe(0)
        expect(listIpv4Options(octets)).toEqual(options)
      }),
    ))

  it('of a recorded answer are the route that it took', () => {
    const header = decodeIpv4(recorded('tcp4-record-route-syn-ack').octets, 14)
    const [route] = listIpv4Options(header?.optionOctets ?? new Uint8Array())
    expect(route).toMatchObject({ type: 7 })
    expect(route?.data).toHaveLength(37)
  })

  it.each([
    ['a length of 0', [1, 7, 0, 4], [1]],
    ['a length of 1', [7, 1, 0, 0], []],
    ['a length beyond the header', [1, 1, 1, 7], [1, 1, 1]],
    ['a length one too long', [7, 5, 1, 2], []],
    ['the end of the list', [1, 0, 7, 3], [1]],
  ])('end before %s', (_, octets, types) => {
    expect(listIpv4Options(Uint8Array.from(octets)).map(({ type }) => type)).toEqual(types)
  })

  it('that cannot be written are a mistake of the program', () => {
    expect(() => ipv4OptionOctets([{ type: 7, data: new Uint8Array(39) }])).toThrow(RangeError)
    expect(() => ipv4OptionOctets([{ type: 0, data: new Uint8Array() }])).toThrow(RangeError)
    expect(() => ipv4OptionOctets([{ type: 1, data: new Uint8Array(1) }])).toThrow(RangeError)
    expect(() => ipv4OptionOctets([{ type: 256, data: new Uint8Array() }])).toThrow(RangeError)
  })

  it('may be any octets', () =>
    fc.assert(fc.property(fc.uint8Array(), (octets) => void listIpv4Options(guarded(octets)))))
})

const hasJumbo = (octets: Uint8Array): boolean => listIpv6Options(octets).some(({ type }) => type === 0xc2)
const eights = (first: number): fc.Arbitrary<Uint8Array> =>
  fc.oneof(fc.nat(3), fc.constant(255)).chain((units) => octetsOf(first + 8 * units))
const extension: fc.Arbitrary<Ipv6Extension> = fc.oneof(
  fc.record({
    kind: fc.constantFrom('hop-by-hop' as const, 'destination-options' as const),
    octets: eights(6).filter((octets) => !hasJumbo(octets)),
  }),
  fc.record({ kind: fc.constant('routing' as const), type: u8, segmentsLeft: u8, octets: eights(4) }),
  fc.record({
    kind: fc.constant('fragment' as const),
    offset: fc.constant(0),
    moreFragments: fc.boolean(),
    id: u32,
    reserved: u8,
    reservedBits: fc.nat(3),
  }),
  fc.record({
    kind: fc.constant('authentication' as const),
    spi: u32,
    sequence: u32,
    reserved: u16,
    octets: fc.nat(5).chain((words) => octetsOf(4 * words)),
  }),
)
const laterFragment = fc.record({
  kind: fc.constant('fragment' as const),
  offset: fc.integer({ min: 1, max: 0x1fff }).map((units) => 8 * units),
  moreFragments: fc.boolean(),
  id: u32,
  reserved: u8,
  reservedBits: fc.nat(3),
})
const WALKED = [0, 43, 44, 51, 60]
const address6 = fc.ipV6().map((text) => parseAddress(text)?.address ?? '::')
const ipv6 = fc
  .tuple(
    fc.record({
      trafficClass: u8,
      flowLabel: fc.nat(0xfffff),
      hopLimit: u8,
      source: address6,
      destination: address6,
      protocol: u8.filter((protocol) => !WALKED.includes(protocol)),
    }),
    fc.array(extension, { maxLength: 6 }),
    fc.option(laterFragment, { nil: undefined, freq: 3 }),
  )
  .map(
    ([header, extensions, last]): Ipv6Header => ({
      ...header,
      extensions: last ? [...extensions, last] : extensions,
    }),
  )
const IPV6: Ipv6Header = {
  trafficClass: 0,
  flowLabel: 0,
  hopLimit: 64,
  source: 'fe80::1',
  destination: '2001:db8::2',
  extensions: [],
  protocol: 59,
}
const options = (...octets: number[]): Ipv6Extension => ({
  kind: 'hop-by-hop',
  octets: Uint8Array.from([...octets, 0, 0, 0, 0, 0, 0].slice(0, 6)),
})
const packet6 = (header: Partial<Ipv6Header>, payload = 0): Uint8Array => {
  const octets = new Uint8Array(4096)
  const length = encodeIpv6({ ...IPV6, ...header }, octets, 0, payload)
  return octets.slice(0, length + payload)
}

describe('an IPv6 header', () => {
  it('is read as it was written, extension headers included', () =>
    fc.assert(
      fc.property(ipv6, fc.nat(1000), (header, upperLength) => {
        const into = new Uint8Array(20000).fill(0xa5)
        const headerLength = encodeIpv6(header, into, 3, upperLength)
        expect(into.subarray(3 + headerLength).every((octet) => octet === 0xa5)).toBe(true)
        expect(into.subarray(0, 3)).toEqual(new Uint8Array(3).fill(0xa5))
        const end = 3 + headerLength
        expect(decodeIpv6(guarded(into, 3, end + upperLength), 3, end + upperLength)).toEqual({
          ...header,
          payloadLength: headerLength - 40 + upperLength,
          headerLength,
          upperLength,
          payload: { from: end, to: end + upperLength },
          truncated: false,
        })
      }),
    ))

  it('may have every field at its largest', () => {
    const most = 0xffff_ffff
    const octets = new Uint8Array(6).fill(255)
    const extensions: readonly Ipv6Extension[] = [
      { kind: 'routing', type: 255, segmentsLeft: 255, octets: new Uint8Array(2044).fill(255) },
      {
        kind: 'authentication',
        spi: most,
        sequence: most,
        reserved: 65535,
        octets: new Uint8Array(1016).fill(255),
      },
      { kind: 'destination-options', octets },
      { kind: 'fragment', offset: 65528, moreFragments: true, id: most, reserved: 255, reservedBits: 3 },
    ]
    const numbers = {
      trafficClass: 255,
      flowLabel: 0xfffff,
      payloadLength: 65535,
      hopLimit: 255,
      protocol: 255,
    }
    const all = 'ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff'
    const header = { ...numbers, extensions, source: all, destination: all }
    const into = new Uint8Array(4096)
    const length = encodeIpv6(header, into, 0, 65535)
    expect(length).toBe(40 + 2048 + 1028 + 8 + 8)
    expect(decodeIpv6(into, 0, length)).toMatchObject(header)
  })

  it('is written over whatever stood there', () =>
    fc.assert(
      fc.property(ipv6, (header) => {
        const [one, other] = [0xa5, 0x5a].map((poison) => {
          const into = new Uint8Array(20000).fill(poison)
          return into.slice(0, encodeIpv6(header, into, 0))
        })
        expect(one).toEqual(other)
      }),
    ))

  it('of a recorded listener report stands before a hop-by-hop header with a router alert', () => {
    const header = decodeIpv6(recorded('icmp6-listener-report').octets, 14)
    expect(header).toMatchObject({ source: '::', destination: 'ff02::16', protocol: 58, payloadLength: 36 })
    const [first] = header?.extensions ?? []
    expect(first?.kind).toBe('hop-by-hop')
    const list = listIpv6Options(first?.kind === 'hop-by-hop' ? first.octets : new Uint8Array())
    expect(list[0]).toEqual({ type: 5, data: Uint8Array.of(0, 0) })
  })

  it('of recorded fragments says where they belong, and that of a later one ends the chain', () => {
    const first = decodeIpv6(recorded('icmp6-first-fragment').octets, 14)
    expect(first).toMatchObject({ protocol: 58, truncated: true, upperLength: 1448 })
    expect(first?.extensions).toMatchObject([{ kind: 'fragment', offset: 0, moreFragments: true }])
    const last = decodeIpv6(recorded('icmp6-last-fragment').octets, 14)
    expect(last?.extensions).toMatchObject([{ kind: 'fragment', offset: 1448, moreFragments: false }])
  })

  it('does not look for headers in the data of a later fragment', () => {
    const fragment = {
      kind: 'fragment',
      offset: 8,
      moreFragments: false,
      id: 1,
      reserved: 0,
      reservedBits: 0,
    } as const
    const octets = packet6({ extensions: [fragment], protocol: 60 }, 8)
    expect(decodeIpv6(octets)).toMatchObject({
      protocol: 60,
      extensions: [fragment],
      payload: { from: 48, to: 56 },
    })
  })

  it('keeps what a sender left behind no next header', () =>
    expect(decodeIpv6(packet6({ protocol: 59 }, 4))).toMatchObject({
      protocol: 59,
      payload: { from: 40, to: 44 },
    }))

  it('refuses a jumbogram', () => {
    const octets = packet6({ extensions: [options(1, 4, 0, 0, 0, 0)], protocol: 6 })
    octets[42] = 0xc2
    expect(decodeIpv6(octets)).toBeUndefined()
  })

  it('ends a chain that does not end', () => {
    const octets = new Uint8Array(40 + 8 * 5000)
    encodeIpv6({ ...IPV6, payloadLength: 8 * 5000 }, octets, 0)
    octets[6] = 60
    octets.fill(0, 40)
    for (let at = 40; at < octets.length; at += 8) octets[at] = 60
    const header = decodeIpv6(octets)
    expect(header?.extensions).toHaveLength(MOST_EXTENSIONS)
    expect(header).toMatchObject({ protocol: 60, payload: { from: 40 + 8 * MOST_EXTENSIONS } })
  })

  it('that ends within an extension header is none, by the capture and by its own length', () => {
    const octets = packet6({ extensions: [options(), options()], protocol: 6 }, 20)
    for (let end = 0; end < 56; end++) expect(decodeIpv6(guarded(octets, 0, end), 0, end)).toBeUndefined()
    expect(decodeIpv6(octets, 0, 56)).toMatchObject({
      truncated: true,
      payload: { from: 56, to: 56 },
      upperLength: 20,
    })
    octets[5] = 15
    expect(decodeIpv6(octets)).toBeUndefined()
  })

  it('with an authentication header too short for its fields is none', () => {
    const octets = packet6({}, 16)
    octets[6] = 51
    expect(decodeIpv6(octets)).toBeUndefined()
  })

  it.each([
    ['an extension header outside of the list', { protocol: 60 }],
    ['options of 7 octets', { extensions: [{ kind: 'hop-by-hop' as const, octets: new Uint8Array(7) }] }],
    [
      'options without any octets',
      { extensions: [{ kind: 'destination-options' as const, octets: new Uint8Array() }] },
    ],
    [
      'options beyond 2048 octets',
      { extensions: [{ kind: 'hop-by-hop' as const, octets: new Uint8Array(2054) }] },
    ],
    ['a jumbo payload', { extensions: [options(0xc2, 4, 0, 1, 0, 0)] }],
    ['seventeen extension headers', { extensions: Array<Ipv6Extension>(17).fill(options()) }],
    ['a zone', { source: 'fe80::1%eth0' }],
    ['an IPv4 address', { destination: '10.0.0.1' }],
    ['a flow label beyond 20 bits', { flowLabel: 2 ** 20 }],
    ['a hop limit of 256', { hopLimit: 256 }],
    ['a payload of 65536 octets', { payloadLength: 65536 }],
  ])('refuses %s as a mistake of the program', (_, header) => {
    expect(() => encodeIpv6({ ...IPV6, ...header }, room(), 0)).toThrow(RangeError)
  })

  it('refuses anything behind a fragment that is not the first', () => {
    const fragment = {
      kind: 'fragment',
      offset: 8,
      moreFragments: false,
      id: 1,
      reserved: 0,
      reservedBits: 0,
    } as const
    expect(() => encodeIpv6({ ...IPV6, extensions: [fragment, options()] }, room(), 0)).toThrow(RangeError)
    expect(() => encodeIpv6({ ...IPV6, extensions: [{ ...fragment, offset: 4 }] }, room(), 0)).toThrow(
      RangeError,
    )
  })
})

describe('IPv6 options', () => {
  it('are listed without single pads, and end before one that does not fit', () => {
    const list = listIpv6Options(Uint8Array.of(0, 1, 1, 9, 0, 5, 2, 0, 0, 7, 3, 1, 2))
    expect(list.map(({ type, data }) => [type, ...data])).toEqual([
      [1, 9],
      [5, 0, 0],
    ])
  })

  it('may be any octets', () =>
    fc.assert(fc.property(fc.uint8Array(), (octets) => void listIpv6Options(guarded(octets)))))
})

describe('an address on the wire', () => {
  it('has the canonical text', () =>
    fc.assert(
      fc.property(fc.ipV6(), (text) => {
        expect(readIpv6(addressOctets(text), 0)).toBe(parseAddress(text)?.address)
      }),
    ))
})
