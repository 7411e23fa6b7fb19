import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type ArpHeader, decodeArp, encodeArp } from '../src/wire/arp.ts'
import { decodeEthernet, encodeEthernet } from '../src/wire/ethernet.ts'
import { decodeLink, isLinkTypeKnown, LINK_TYPE, type Linked } from '../src/wire/link.ts'
import { decodeSll, decodeSll2, encodeSll, encodeSll2 } from '../src/wire/sll.ts'
import { MOST_TAGS } from '../src/wire/vlan.ts'
import { encoded, guarded, RECORDED, recorded } from './wire-kit.ts'

const u8 = fc.integer({ min: 0, max: 0xff })
const u16 = fc.integer({ min: 0, max: 0xffff })
const u32 = fc.integer({ min: 0, max: 0xffff_ffff })
const ANNOUNCERS = [0x8100, 0x88a8, 0x9100]
const mac = (length: number): fc.Arbitrary<string> =>
  fc
    .uint8Array({ minLength: length, maxLength: length })
    .map((octets) => [...octets].map((octet) => octet.toString(16).padStart(2, '0')).join(':'))
const tag = fc.record({
  protocol: fc.constantFrom(...ANNOUNCERS),
  priority: fc.nat(7),
  isDropEligible: fc.boolean(),
  id: fc.nat(0xfff),
})
const ethernet = fc.record({
  destination: mac(6),
  source: mac(6),
  tags: fc.array(tag, { maxLength: MOST_TAGS }),
  type: u16.filter((type) => !ANNOUNCERS.includes(type)),
})
const linkAddress = fc.oneof(fc.nat(8), u8).chain((addressLength) =>
  fc.record({
    addressLength: fc.constant(addressLength),
    address: mac(Math.min(8, addressLength)),
    padding: mac(Math.max(0, 8 - addressLength)),
  }),
)
const sll2 = fc
  .tuple(
    linkAddress,
    fc.record({ packetType: u8, hardwareType: u16, protocol: u16, interfaceIndex: u32, reserved: u16 }),
  )
  .map(([address, rest]) => ({ ...address, ...rest }))
const sll = fc
  .tuple(linkAddress, fc.record({ packetType: u16, hardwareType: u16, protocol: u16 }))
  .map(([address, rest]) => ({ ...address, ...rest }))
const arp: fc.Arbitrary<ArpHeader> = fc
  .tuple(
    fc.constantFrom(6, 0, 20, 255),
    fc.constantFrom([0x0800, 4], [0x0800, 0], [0x86dd, 16], [0x0800, 255], [0xffff, 4]),
  )
  .chain(([hardwareLength, [protocolType = 0, protocolLength = 0]]) => {
    const isIpv4 = protocolType === 0x0800 && protocolLength === 4
    const party = fc.record({
      hardware: mac(hardwareLength),
      protocol: isIpv4 ? fc.ipV4() : mac(protocolLength),
    })
    return fc.record({
      hardwareType: u16,
      protocolType: fc.constant(protocolType),
      hardwareLength: fc.constant(hardwareLength),
      protocolLength: fc.constant(protocolLength),
      operation: u16,
      sender: party,
      target: party,
    })
  })
const UNTAGGED = { destination: '02:00:00:00:00:01', source: '02:00:00:00:00:02', tags: [], type: 0x0800 }
const room = (): Uint8Array => new Uint8Array(64)

describe('an Ethernet header', () => {
  it('is read as it was written, VLAN tags included', () =>
    fc.assert(
      fc.property(ethernet, (header) => {
        const octets = encoded((into, at) => encodeEthernet(header, into, at))
        expect(octets.length).toBe(14 + 4 * header.tags.length)
        expect(decodeEthernet(octets)).toMatchObject({ ...header, payload: { to: octets.length } })
      }),
    ))

  it('of a recorded packet keeps its VLAN', () => {
    const { octets } = recorded('tcp4-vlan')
    expect(decodeEthernet(octets)).toEqual({
      destination: '02:77:00:00:00:02',
      source: '02:77:00:00:00:01',
      tags: [{ protocol: 0x8100, priority: 0, isDropEligible: false, id: 100 }],
      type: 0x0800,
      payload: { from: 18, to: octets.length },
      truncated: false,
    })
  })

  it('with a length instead of a type leaves the padding out, and tells when the frame was cut', () => {
    const octets = new Uint8Array(60)
    encodeEthernet({ ...UNTAGGED, type: 38 }, octets, 0)
    expect(decodeEthernet(octets)).toMatchObject({ payload: { from: 14, to: 52 }, truncated: false })
    expect(decodeEthernet(octets, 0, 30)).toMatchObject({ payload: { from: 14, to: 30 }, truncated: true })
  })

  it('of nothing but tags ends after the eighth', () => {
    const octets = new Uint8Array(4096).map((_, i) => [0x81, 0, 0, 1][i % 4] ?? 0)
    const header = decodeEthernet(octets.fill(0, 0, 12))
    expect(header?.tags).toHaveLength(MOST_TAGS)
    expect(header).toMatchObject({ type: 0x8100, payload: { from: 46 } })
    const again = encoded((into, at) => encodeEthernet(header ?? UNTAGGED, into, at))
    expect(again).toEqual(octets.slice(0, 46))
  })

  it.each([
    ['a MAC address of five octets', { ...UNTAGGED, source: '02:00:00:00:00' }],
    ['a MAC address that is none', { ...UNTAGGED, destination: '02:00:00:00:00:0g' }],
    ['a type beyond 16 bits', { ...UNTAGGED, type: 0x10000 }],
    ['a tag that is not in the list', { ...UNTAGGED, type: 0x8100 }],
    [
      'a tag of another protocol',
      { ...UNTAGGED, tags: [{ protocol: 1, priority: 0, isDropEligible: false, id: 1 }] },
    ],
    [
      'a VLAN beyond 12 bits',
      { ...UNTAGGED, tags: [{ protocol: 0x8100, priority: 0, isDropEligible: false, id: 4096 }] },
    ],
  ])('refuses %s as a mistake of the program', (_, header) => {
    expect(() => encodeEthernet(header, room(), 0)).toThrow(RangeError)
  })
})

describe('a Linux cooked header', () => {
  it('is read as it was written', () =>
    fc.assert(
      fc.property(sll, (header) => {
        const octets = encoded((into, at) => encodeSll(header, into, at))
        expect(decodeSll(octets)).toEqual({ ...header, payload: { from: 16, to: 16 }, truncated: false })
      }),
    ))

  it('of version 2 is read as it was written', () =>
    fc.assert(
      fc.property(sll2, (header) => {
        const octets = encoded((into, at) => encodeSll2(header, into, at))
        expect(decodeSll2(octets)).toEqual({ ...header, payload: { from: 20, to: 20 }, truncated: false })
      }),
    ))

  it('may have every field at its largest', () => {
    const numbers = { packetType: 255, hardwareType: 65535, addressLength: 255, protocol: 65535 }
    const header = { ...numbers, address: 'ff:ff:ff:ff:ff:ff:ff:ff', padding: '' }
    const ones = { ...header, reserved: 65535, interfaceIndex: 0xffff_ffff }
    const octets = encoded((into, at) => encodeSll2(ones, into, at))
    expect(octets.every((octet) => octet === 255)).toBe(true)
    expect(decodeSll2(octets)).toMatchObject(ones)
    const first = { ...header, packetType: 65535, addressLength: 65535 }
    expect(decodeSll(encoded((into, at) => encodeSll(first, into, at)))).toMatchObject(first)
  })

  it('says which way a recorded packet went and from which address', () => {
    const fields = {
      packetType: 0,
      hardwareType: 1,
      address: '02:77:00:00:00:02',
      padding: '00:00',
      protocol: 0x0800,
    }
    expect(decodeSll(recorded('tcp4-sll').octets)).toMatchObject(fields)
    expect(decodeSll2(recorded('tcp4-sll2').octets)).toMatchObject({ ...fields, reserved: 0 })
  })

  it('does not take an address of another length than told', () => {
    const header = { packetType: 0, hardwareType: 1, addressLength: 6, padding: '00:00', protocol: 0x0800 }
    expect(() => encodeSll({ ...header, address: '02:00' }, room(), 0)).toThrow(RangeError)
    expect(() => encodeSll({ ...header, address: '02:00:00:00:00:01', padding: '' }, room(), 0)).toThrow(
      RangeError,
    )
  })
})

describe('an ARP packet', () => {
  it('is read as it was written, addresses of any length included', () =>
    fc.assert(
      fc.property(arp, (header) => {
        const octets = encoded((into, at) => encodeArp(header, into, at))
        expect(decodeArp(octets)).toEqual({
          ...header,
          payload: { from: octets.length, to: octets.length },
          truncated: false,
        })
      }),
    ))

  it('says who is where in a recorded answer', () =>
    expect(decodeArp(recorded('arp-reply').octets, 14)).toMatchObject({
      hardwareType: 1,
      protocolType: 0x0800,
      operation: 2,
      sender: { hardware: '02:77:00:00:00:02', protocol: '10.77.0.2' },
      target: { hardware: '02:77:00:00:00:01', protocol: '10.77.0.1' },
    }))

  it('that promises more addresses than there are octets is none', () => {
    const octets = recorded('arp-reply').octets.slice(14)
    octets[4] = 7
    expect(decodeArp(octets)).toBeUndefined()
  })
})

describe('a captured packet', () => {
  const kinds = (linked: Linked | undefined) => [linked?.link.kind, linked?.network.kind]

  it.each([
    ['tcp4-syn', 'ethernet', 'ipv4'],
    ['tcp4-vlan', 'ethernet', 'ipv4'],
    ['tcp6-syn', 'ethernet', 'ipv6'],
    ['arp-request', 'ethernet', 'arp'],
    ['tcp4-sll', 'sll', 'ipv4'],
    ['tcp4-sll2', 'sll2', 'ipv4'],
    ['tcp4-raw', 'raw', 'ipv4'],
    ['tcp6-raw', 'raw', 'ipv6'],
  ])('%s lies behind %s and is %s', (name, link, network) => {
    const { linkType, octets } = recorded(name)
    expect(kinds(decodeLink(linkType, octets))).toEqual([link, network])
  })

  it.each([12, 101, 228, 229])('without a link layer (link type %i) tells its version itself', (linkType) => {
    expect(kinds(decodeLink(linkType, recorded('tcp4-raw').octets))).toEqual(['raw', 'ipv4'])
    expect(kinds(decodeLink(linkType, recorded('tcp6-raw').octets))).toEqual(['raw', 'ipv6'])
    expect(decodeLink(linkType, new Uint8Array())).toBeUndefined()
  })

  it('is found behind a VLAN tag that stands after a cooked header', () => {
    const { octets } = recorded('tcp4-sll')
    const tagged = Uint8Array.from([...octets.slice(0, 14), 0x81, 0, 0, 100, 8, 0, ...octets.slice(16)])
    expect(kinds(decodeLink(LINK_TYPE.sll, tagged))).toEqual(['sll', 'ipv4'])
  })

  it('on netlink is not taken for an IP packet, whatever number it has', () => {
    const octets = recorded('tcp4-sll').octets.slice()
    octets.set([824 >> 8, 824 & 0xff], 2)
    expect(kinds(decodeLink(LINK_TYPE.sll, octets))).toEqual(['sll', 'other'])
  })

  it('with an IP header that contradicts itself is another packet, not no packet', () => {
    const octets = recorded('tcp4-syn').octets.slice()
    octets[14] = 0x44
    expect(decodeLink(LINK_TYPE.ethernet, octets)?.network).toEqual({
      kind: 'other',
      payload: { from: 14, to: octets.length },
    })
  })

  it('of a link type that nobody asked for is not read', () => {
    expect(isLinkTypeKnown(105)).toBe(false)
    expect(decodeLink(105, recorded('tcp4-syn').octets)).toBeUndefined()
    expect(RECORDED.every(({ linkType }) => isLinkTypeKnown(linkType))).toBe(true)
  })

  it('may be any octets at all: nothing throws, and nothing is read outside of them', () =>
    fc.assert(
      fc.property(
        fc.constantFrom(...Object.values(LINK_TYPE)),
        fc.uint8Array({ maxLength: 120 }),
        fc.nat(9),
        fc.nat(9),
        (linkType, octets, before, behind) => {
          const end = Math.max(before, octets.length - behind)
          decodeLink(linkType, guarded(octets, before, end), before, end)
        },
      ),
      { numRuns: 5000 },
    ))
})
