import fc from 'fast-check'
import type { Route, SeenPacket } from '../src/io/packets.ts'
import type { PacketProbe, Shot } from '../src/probes/packet/packet-probe.ts'
import { LINK_TYPE } from '../src/wire/link.ts'

/** A packet as the channel hands it over. */
export function seen(octets: Uint8Array, more: Partial<SeenPacket> = {}): SeenPacket {
  return {
    linkType: LINK_TYPE.raw,
    octets,
    from: 0,
    to: octets.length,
    length: octets.length,
    direction: 'in',
    timeNs: 1_000,
    era: 0,
    isHeaderRebuilt: false,
    ...more,
  }
}

const WAY = {
  interfaceName: 'veth0',
  interfaceIndex: 2,
  gateway: undefined,
  hardwareAddress: Uint8Array.of(2, 0x77, 0, 0, 0, 1),
}

export const ROUTE = {
  4: { ...WAY, family: 4, source: '10.77.0.1', destination: '10.77.0.2' },
  6: { ...WAY, family: 6, source: 'fd77::1', destination: 'fd77::2' },
} as const satisfies Record<4 | 6, Route>

/** Random numbers that are the same each time (xorshift). */
export function seeded(seed = 1): () => number {
  let state = seed
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return state >>> 0
  }
}

export function shotOf(index: number, more: Partial<Shot> = {}): Shot {
  return { index, route: ROUTE[4], port: 22, ttl: 64, ...more }
}

/** The packet of a shot, built in the midst of octets that must not matter. */
export function built(probe: PacketProbe, shot: Shot): Uint8Array {
  const into = new Uint8Array(probe.mostOctets).fill(0xa5)
  return into.slice(0, probe.build(shot, into))
}

/** A shot of any index, route, port and time to live. */
export const anyShot: fc.Arbitrary<Shot> = fc.record({
  index: fc.oneof(fc.nat(100), fc.integer({ min: 0, max: 2 ** 31 })),
  route: fc.constantFrom<Route>(ROUTE[4], ROUTE[6]),
  port: fc.integer({ min: 0, max: 0xffff }),
  ttl: fc.integer({ min: 1, max: 255 }),
})
