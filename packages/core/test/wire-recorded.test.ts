import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { encodeArp } from '../src/wire/arp.ts'
import { encodeEthernet } from '../src/wire/ethernet.ts'
import { encodeIpv4, ipv4Checksum } from '../src/wire/ipv4.ts'
import { encodeIpv6 } from '../src/wire/ipv6.ts'
import { decodeLink, LINK_TYPE, type Linked } from '../src/wire/link.ts'
import { encodeSll, encodeSll2 } from '../src/wire/sll.ts'
import { changes, guarded, RECORDED, truncations } from './wire-kit.ts'

type Encode = (into: Uint8Array, at: number) => number

function linkEncoder({ link }: Linked): Encode {
  switch (link.kind) {
    case 'ethernet':
      return (into, at) => encodeEthernet(link.header, into, at)
    case 'sll':
      return (into, at) => encodeSll(link.header, into, at)
    case 'sll2':
      return (into, at) => encodeSll2(link.header, into, at)
    case 'raw':
      return () => 0
  }
}

function networkEncoder({ network }: Linked): Encode {
  switch (network.kind) {
    case 'ipv4':
      return (into, at) => encodeIpv4(network.header, into, at)
    case 'ipv6':
      return (into, at) => encodeIpv6(network.header, into, at)
    case 'arp':
      return (into, at) => encodeArp(network.header, into, at)
    case 'other':
      return () => 0
  }
}

/** Writes both layers into a copy whose every octet is another one, as far as they go. */
function again(linked: Linked, octets: Uint8Array): { readonly written: number; readonly into: Uint8Array } {
  const into = octets.map((octet) => octet ^ 0xa5)
  const network = linkEncoder(linked)(into, 0)
  return { written: network + networkEncoder(linked)(into, network), into }
}

const EVERY = RECORDED.map((packet) => [packet.name, packet] as const)

describe('a recorded packet', () => {
  it.each(EVERY)('%s gets the same headers when it is written again', (_, { linkType, octets }) => {
    const linked = decodeLink(linkType, octets)
    if (linked === undefined || linked.network.kind === 'other') throw new Error('was not read')
    const { written, into } = again(linked, octets)
    expect(written).toBe(linked.network.header.payload.from)
    expect(into.subarray(0, written)).toEqual(octets.subarray(0, written))
  })

  it.each(EVERY)('%s can be cut anywhere', (_, { linkType, octets }) => {
    for (const cut of truncations(octets)) {
      const linked = decodeLink(linkType, cut)
      const payload = linked?.network.kind === 'other' ? undefined : linked?.network.header.payload
      if (payload !== undefined) expect(payload.from <= payload.to && payload.to <= cut.length).toBe(true)
    }
  })

  it.each(EVERY)(
    '%s can have any of its octets changed, and is written again as it is then',
    (_, recording) => {
      for (const octets of changes(recording.octets)) {
        const linked = decodeLink(recording.linkType, octets)
        if (linked === undefined) continue
        const { written, into } = again(linked, octets)
        if (Buffer.compare(into.subarray(0, written), octets.subarray(0, written)) !== 0) {
          expect(into.subarray(0, written)).toEqual(octets.subarray(0, written))
        }
      }
    },
  )

  it.each(EVERY)('%s is not written into a buffer that is one octet too small', (_, { linkType, octets }) => {
    const linked = decodeLink(linkType, octets)
    if (linked === undefined) throw new Error('was not read')
    for (const encode of [linkEncoder(linked), networkEncoder(linked)]) {
      const length = encode(new Uint8Array(2048), 0)
      if (length === 0) continue
      const small = new Uint8Array(8 + length).fill(0xa5)
      expect(() => encode(small, 9)).toThrow(/do not fit/)
      expect(() => encode(small, -1)).toThrow(/do not fit/)
      expect(small.every((octet) => octet === 0xa5)).toBe(true)
      expect(encode(small, 8)).toBe(length)
    }
  })

  it.each(EVERY)('%s is read the same at another place of a larger buffer', (_, { linkType, octets }) => {
    const place = new Uint8Array(octets.length + 20).fill(0xa5)
    place.set(octets, 9)
    const here = decodeLink(linkType, octets)
    const there = decodeLink(linkType, guarded(place, 9, 9 + octets.length), 9, 9 + octets.length)
    const shifted = JSON.stringify(there, (key, value) =>
      key === 'from' || key === 'to' ? value - 9 : value,
    )
    expect(shifted).toBe(JSON.stringify(here))
  })

  it('has a good IPv4 checksum', () => {
    for (const { linkType, octets } of RECORDED) {
      const linked = decodeLink(linkType, octets)
      if (linked?.network.kind !== 'ipv4') continue
      const { headerLength, payload } = linked.network.header
      expect(ipv4Checksum(octets, payload.from - headerLength)).toBe('good')
    }
  })
})

/** Octets that look like what is read: versions, lengths and numbers of extension headers are frequent. */
const likely = fc.oneof(
  fc.constantFrom(0, 1, 4, 6, 8, 43, 44, 51, 60, 0x45, 0x4f, 0x60, 0x81, 0x86, 0xdd),
  fc.nat(255),
)
const soup = fc.array(likely, { maxLength: 200 }).map((octets) => Uint8Array.from(octets))

describe('octets that nobody recorded', () => {
  it.each(Object.entries(LINK_TYPE))(
    'behind link type %s are written again as they were read',
    (_, linkType) => {
      const isIp = [LINK_TYPE.raw, LINK_TYPE.rawByDlt, LINK_TYPE.ipv4, LINK_TYPE.ipv6].includes(
        linkType as 101,
      )
      const first = fc.constantFrom(...(isIp ? [0x45, 0x4f, 0x60] : [0, 0x81]))
      fc.assert(
        fc.property(first, soup, (octet, rest) => {
          const octets = Uint8Array.of(octet, ...rest)
          const linked = decodeLink(linkType, guarded(octets))
          if (linked === undefined) return
          const { written, into } = again(linked, octets)
          expect(into.subarray(0, written)).toEqual(octets.subarray(0, written))
        }),
        { numRuns: 2000 },
      )
    },
  )
})
