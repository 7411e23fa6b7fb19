import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { joined, type Option, pcapngBlocks, pieces, readAll } from './capture-kit.ts'

const BOTH = [
  ['little-endian', true],
  ['big-endian', false],
] as const

const little = pcapngBlocks(true)
const PACKET = Uint8Array.of(0x45, 1, 2, 3, 4)

interface Described {
  readonly linkType: number
  /** As in the option, or undefined without one. */
  readonly resolution: number | undefined
  readonly offset: bigint
}

interface Stamped {
  readonly interface: number
  readonly ticks: bigint
  readonly octets: Uint8Array
  readonly more: number
  readonly kind: 'enhanced' | 'obsolete' | 'simple'
  /** A block that nobody knows stands before it. */
  readonly stranger: Uint8Array | undefined
}

interface Part {
  readonly isLittleEndian: boolean
  readonly interfaces: readonly Described[]
  readonly packets: readonly Stamped[]
}

const described: fc.Arbitrary<Described> = fc.record({
  linkType: fc.nat(0xffff),
  resolution: fc.constantFrom(undefined, 0, 3, 6, 9, 12, 0x80, 0x80 + 10, 0x80 + 32),
  offset: fc.bigInt({ min: -(2n ** 40n), max: 2n ** 40n }),
})

const stamped: fc.Arbitrary<Stamped> = fc.record({
  interface: fc.nat(5),
  ticks: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
  octets: fc.uint8Array({ maxLength: 70 }),
  more: fc.nat(3000),
  kind: fc.constantFrom('enhanced', 'obsolete', 'simple'),
  stranger: fc.option(fc.uint8Array({ maxLength: 90 }), { nil: undefined }),
})

const part: fc.Arbitrary<Part> = fc.record({
  isLittleEndian: fc.boolean(),
  interfaces: fc.array(described, { minLength: 1, maxLength: 4 }),
  packets: fc.array(stamped, { maxLength: 8 }),
})

const fours = (octets: Uint8Array): Uint8Array => octets.subarray(0, octets.length & ~3)

function fileOf(parts: readonly Part[]): Uint8Array {
  return joined(
    ...parts.flatMap(({ isLittleEndian, interfaces, packets }) => {
      const blocks = pcapngBlocks(isLittleEndian)
      const comment: Option = [1, Uint8Array.of(104, 105, 33)]
      const offset = (seconds: bigint): Option => {
        const octets = new Uint8Array(8)
        new DataView(octets.buffer).setBigInt64(0, seconds, isLittleEndian)
        return [14, octets]
      }
      return [
        blocks.section([comment]),
        ...interfaces.map((one) =>
          blocks.interface(one.linkType, 0, [
            comment,
            ...(one.resolution === undefined ? [] : [[9, Uint8Array.of(one.resolution)] as const]),
            offset(one.offset),
          ]),
        ),
        ...packets.flatMap((packet) => {
          const id = packet.interface % interfaces.length
          const { octets, ticks } = packet
          const length = octets.length + packet.more
          const before = packet.stranger === undefined ? [] : [blocks.block(0xbad, fours(packet.stranger))]
          const block = {
            enhanced: () => blocks.enhanced(id, ticks, octets, length, [comment]),
            obsolete: () => blocks.obsolete(id, ticks, octets, length),
            simple: () => blocks.simple(octets),
          }[packet.kind]
          return [...before, block()]
        }),
      ]
    }),
  )
}

function unitsPerSecond(resolution = 6): bigint {
  return resolution < 0x80 ? 10n ** BigInt(resolution) : 2n ** BigInt(resolution - 0x80)
}

function meant(parts: readonly Part[]): readonly unknown[] {
  let before = 0
  return parts.flatMap(({ interfaces, packets }) => {
    const first = before
    before += interfaces.length
    return packets.map((packet) => {
      const id = packet.kind === 'simple' ? 0 : packet.interface % interfaces.length
      const from = interfaces[id]
      const ns = (packet.ticks * 1_000_000_000n) / unitsPerSecond(from?.resolution)
      return {
        linkType: from?.linkType,
        octets: packet.octets,
        length: packet.octets.length + (packet.kind === 'simple' ? 0 : packet.more),
        timeNs: packet.kind === 'simple' ? undefined : ns + (from?.offset ?? 0n) * 1_000_000_000n,
        interfaceId: first + id,
      }
    })
  })
}

describe('a pcapng capture', () => {
  it('with any sections, interfaces, units and kinds of packets is read as it was written', () =>
    fc.assert(
      fc.asyncProperty(
        fc.array(part, { minLength: 1, maxLength: 3 }),
        fc.integer({ min: 1, max: 400 }),
        async (parts, size) => {
          const { packets, end, error } = await readAll(pieces(fileOf(parts), size))
          expect(error).toBeUndefined()
          expect(packets).toEqual(meant(parts))
          expect(end).toEqual({ packets: packets.length, truncated: undefined })
        },
      ),
    ))

  it('cut anywhere gives every whole packet and says that it was cut', async () => {
    const head = joined(little.section(), little.interface(101))
    const packet = little.enhanced(0, 7n, PACKET)
    const file = joined(head, packet, packet)
    for (let to = 28; to < file.length; to++) {
      const { packets, end } = await readAll(file.slice(0, to))
      const whole = Math.max(0, Math.floor((to - head.length) / packet.length))
      expect(packets).toHaveLength(whole)
      const isWhole = to === 28 || to === head.length || to === head.length + packet.length
      expect(end?.truncated).toBe(isWhole ? undefined : `it ends inside a block, behind packet ${whole}`)
    }
  })

  it.each(BOTH)('cuts simple packets to what their interface captures, %s', async (_, isLittleEndian) => {
    const blocks = pcapngBlocks(isLittleEndian)
    const file = joined(
      blocks.section(),
      blocks.interface(101, 3),
      blocks.simple(PACKET.subarray(0, 3), 1500),
    )
    expect((await readAll(file)).packets).toEqual([
      { linkType: 101, octets: PACKET.subarray(0, 3), length: 1500, timeNs: undefined, interfaceId: 0 },
    ])
  })

  it('passes over a block of any length without holding it', async () => {
    const before = joined(little.section(), little.interface(101))
    const huge = 2 ** 30
    async function* file(): AsyncGenerator<Uint8Array> {
      yield before
      const length = Uint8Array.from(Buffer.from(new Uint32Array([0xbad, huge]).buffer))
      yield length
      // One piece of a megabyte, again and again: nobody is to keep it.
      const piece = new Uint8Array(2 ** 20)
      for (let left = huge - 12; left > 0; left -= piece.length)
        yield piece.subarray(0, Math.min(left, 2 ** 20))
      yield length.slice(4)
      yield little.enhanced(0, 0n, PACKET)
    }
    const heldBefore = process.memoryUsage().arrayBuffers
    const { packets, error } = await readAll(file())
    expect(error).toBeUndefined()
    expect(packets).toHaveLength(1)
    expect(process.memoryUsage().arrayBuffers - heldBefore).toBeLessThan(100 * 2 ** 20)
  })
})

const HEAD = joined(little.section(), little.interface(101))

/** A block with some of its octets replaced. */
function altered(block: Uint8Array, at: number, ...octets: readonly number[]): Uint8Array {
  const copy = block.slice()
  copy.set(octets, at)
  return copy
}

it.each<readonly [string, Uint8Array, string]>([
  [
    'another byte order than there are',
    altered(little.section(), 8, 1, 2),
    'a section of it has no byte order',
  ],
  ['another version', little.section([], 2), 'it has version 2 of the pcapng format, only 1 is known'],
  ['half a section header', little.section().slice(0, 20), 'it ends inside its header'],
  [
    'a packet of an interface that it does not describe',
    joined(HEAD, little.enhanced(1, 0n, PACKET)),
    'a packet of it is from interface 1, and it describes 1',
  ],
  [
    'a packet of the interface of another section',
    joined(HEAD, little.section(), little.simple(PACKET)),
    'a packet of it is from interface 0, and it describes 0',
  ],
  [
    'a packet with more octets than its block',
    joined(HEAD, altered(little.enhanced(0, 0n, PACKET, 900), 20, 30)),
    'a block of type 6 and 40 octets does not hold what it should',
  ],
  [
    'a packet of two gigabytes',
    joined(HEAD, altered(little.enhanced(0, 0n, PACKET), 20, 255, 255, 255, 127)),
    'a packet of it claims 2147483647 captured octets, where 262144 are the most that there can be',
  ],
  [
    'a packet with more captured than on the wire',
    joined(HEAD, little.enhanced(0, 0n, PACKET, 4)),
    'a packet of it claims 5 captured octets of 4 on the wire',
  ],
  [
    'a block that is shorter than a block',
    joined(HEAD, altered(little.block(0xbad), 4, 8)),
    'a block of type 2989 claims to be 8 octets long',
  ],
  [
    'a block of odd length',
    joined(HEAD, altered(little.block(0xbad), 4, 13)),
    'a block of type 2989 claims to be 13 octets long',
  ],
  [
    'a block with two lengths',
    joined(HEAD, altered(little.block(0xbad), 8, 16)),
    'a block of type 2989 has 12 octets at its start and 16 at its end',
  ],
  [
    'an option that is longer than its block',
    joined(little.section(), altered(little.interface(1, 0, [[9, Uint8Array.of(9)]]), 18, 200)),
    'an interface of it has an option without an end',
  ],
  [
    'an interface with a quarter of a megabyte of options',
    joined(
      little.section(),
      little.interface(
        1,
        0,
        Array.from({ length: 5 }, (): Option => [1, new Uint8Array(60_000)]),
      ),
    ),
    'it describes an interface with 300044 octets',
  ],
  [
    'interfaces without end',
    joined(little.section(), ...Array.from({ length: 65_537 }, () => little.interface(1))),
    'it describes more than 65536 interfaces',
  ],
])('refuses %s', async (_, file, why) => {
  expect((await readAll(file)).error).toMatchObject({
    name: 'LocalFault',
    code: 'EBADMSG',
    message: `cannot read it: ${why}`,
  })
})
