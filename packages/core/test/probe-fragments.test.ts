import fc from 'fast-check'
import { expect, it } from 'vitest'
import { fragments } from '../src/probes/packet/fragments.ts'
import { udpProbe } from '../src/probes/packet/udp-probe.ts'
import { decodeIpv4, ipv4Checksum } from '../src/wire/ipv4.ts'
import { decodeIpv6 } from '../src/wire/ipv6.ts'
import { built, ROUTE, seeded, shotOf } from './probe-kit.ts'

const packetOf = (family: 4 | 6, payload: Uint8Array): Uint8Array =>
  built(udpProbe({ sourcePort: 53, payload, random: seeded() }), shotOf(3, { route: ROUTE[family] }))

/** Puts IPv4 fragments together as a receiver does (RFC 791 section 3.2). */
function together4(pieces: readonly Uint8Array[]): Uint8Array {
  const whole: number[] = []
  for (const piece of pieces) {
    const header = decodeIpv4(piece)
    expect(header?.truncated).toBe(false)
    expect(ipv4Checksum(piece)).toBe('good')
    expect(header?.fragmentOffset).toBe(whole.length)
    expect(header?.moreFragments).toBe(piece !== pieces.at(-1))
    whole.push(...piece.subarray(20))
  }
  return Uint8Array.from(whole)
}

function together6(pieces: readonly Uint8Array[]): { readonly upper: Uint8Array; readonly ids: Set<number> } {
  const whole: number[] = []
  const ids = new Set<number>()
  for (const piece of pieces) {
    const header = decodeIpv6(piece)
    const [fragment] = header?.extensions ?? []
    if (fragment?.kind !== 'fragment') throw new Error('no fragment')
    expect(header).toMatchObject({ truncated: false, protocol: 17 })
    expect(fragment).toMatchObject({ offset: whole.length, moreFragments: piece !== pieces.at(-1) })
    ids.add(fragment.id)
    whole.push(...piece.subarray(48))
  }
  return { upper: Uint8Array.from(whole), ids }
}

const payload = fc.uint8Array({ minLength: 1, maxLength: 400 })

it('cuts IPv4 packets into pieces that make up the packet again', () => {
  fc.assert(
    fc.property(payload, fc.integer({ min: 8, max: 280 }), (data, room) => {
      const packet = packetOf(4, data)
      const pieces = fragments(packet, packet.length, room)
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(20 + room)
      expect(together4(pieces)).toEqual(packet.subarray(20))
    }),
  )
})

it('cuts IPv6 packets into pieces of one identification that make up the packet again', () => {
  fc.assert(
    fc.property(payload, fc.integer({ min: 8, max: 280 }), (data, room) => {
      const packet = packetOf(6, data)
      const pieces = fragments(packet, packet.length, room)
      for (const piece of pieces) expect(piece.length).toBeLessThanOrEqual(48 + room)
      if (pieces.length === 1) {
        expect(pieces).toEqual([packet])
        return
      }
      const { upper, ids } = together6(pieces)
      expect(upper).toEqual(packet.subarray(40))
      expect(ids.size).toBe(1)
    }),
  )
})

it('gives different IPv6 packets different identifications', () => {
  const idOf = (data: Uint8Array): number => {
    const packet = packetOf(6, data)
    return [...together6(fragments(packet, packet.length, 16)).ids][0] ?? -1
  }
  expect(idOf(new Uint8Array(100).fill(1))).not.toBe(idOf(new Uint8Array(100).fill(2)))
})

it('leaves a packet that fits as it is, and octets behind it out', () => {
  const packet = packetOf(4, Uint8Array.of(1, 2, 3))
  const longer = Uint8Array.of(...packet, 9, 9)
  expect(fragments(longer, packet.length, packet.length - 20)).toEqual([packet])
})

it.each([4, 6] as const)('refuses IPv%i fragments with room for less than 8 octets', (family) => {
  const packet = packetOf(family, new Uint8Array(100))
  for (const room of [0, -1, Number.NaN, 7]) {
    expect(() => fragments(packet, packet.length, room)).toThrow(RangeError)
  }
  expect(fragments(packet, packet.length, 8)[0]?.length).toBe(family === 4 ? 28 : 56)
})

it('cuts as nping does: 72 octets of the segment in each fragment', () => {
  const packet = packetOf(4, new Uint8Array(212))
  expect(fragments(packet, packet.length, 72).map(({ length }) => length)).toEqual([92, 92, 92, 24])
})

it('refuses to cut what is a fragment already', () => {
  const packet = packetOf(4, new Uint8Array(100))
  const [, later = packet] = fragments(packet, packet.length, 40)
  expect(() => fragments(later, later.length, 8)).toThrow(RangeError)
})
