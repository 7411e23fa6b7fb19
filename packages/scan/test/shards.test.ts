import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { allShares, type Shares, shardOf } from '../src/spread/shards.ts'

const seed = 20_261_121

function placesOf(shares: Shares, ports: number): number[] {
  return [...shares].flatMap(({ place, fromPort, toPort }) =>
    Array.from({ length: toPort - fromPort }, (_, i) => place * ports + fromPort + i),
  )
}

describe('shards', () => {
  it('have every port of every host exactly once, and as many each, for any numbers', () => {
    const law = fc.property(
      fc.integer({ min: 0, max: 300 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 60 }),
      fc.integer(),
      (hosts, ports, count, anySeed) => {
        const shards = Array.from({ length: count }, (_, index) =>
          placesOf(shardOf({ hosts, ports, index, count, seed: anySeed }), ports),
        )
        const sizes = shards.map((places) => places.length)
        expect(shards.flat().sort((a, b) => a - b)).toEqual(
          Array.from({ length: hosts * ports }, (_, i) => i),
        )
        expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
      },
    )
    fc.assert(law, { numRuns: 200 })
  })

  it('have two partly covered hosts at most: the first and the last', () => {
    const law = fc.property(
      fc.integer({ min: 1, max: 500 }),
      fc.integer({ min: 1, max: 1000 }),
      fc.integer({ min: 1, max: 20 }),
      (hosts, ports, count) => {
        for (let index = 0; index < count; index += 1) {
          const shares = [...shardOf({ hosts, ports, index, count, seed })]
          for (const share of shares) expect(share.fromPort).toBeLessThan(share.toPort)
          for (const share of shares.slice(1, -1)) expect(share).toMatchObject({ fromPort: 0, toPort: ports })
        }
      },
    )
    fc.assert(law, { numRuns: 100 })
  })

  it('meet exactly, also for as many hosts as there can be', () => {
    const huge = fc.oneof(fc.integer({ min: 2 ** 40, max: 2 ** 53 - 1 }), fc.constant(2 ** 53))
    const law = fc.property(
      huge,
      fc.integer({ min: 1, max: 131_072 }),
      fc.integer({ min: 1, max: 2 ** 31 - 1 }),
      fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
      (hosts, ports, count, where) => {
        const index = Math.floor(where * count)
        const mine = shardOf({ hosts, ports, index, count, seed })
        const last = mine.at(mine.size - 1)
        if (index + 1 === count) {
          expect(last.toPort).toBe(ports)
          return
        }
        const first = shardOf({ hosts, ports, index: index + 1, count, seed }).at(0)
        if (last.toPort === ports) expect(first.fromPort).toBe(0)
        else expect(first).toMatchObject({ place: last.place, fromPort: last.toPort })
      },
    )
    fc.assert(law)
  })

  it('of one are the whole run, in the order of the seed', () => {
    const shares = [...shardOf({ hosts: 50, ports: 3, index: 0, count: 1, seed })]
    expect(shares.every(({ fromPort, toPort }) => fromPort === 0 && toPort === 3)).toBe(true)
    expect(shares.map(({ place }) => place)).not.toEqual(
      [...allShares({ hosts: 50, ports: 3 })].map((s) => s.place),
    )
    expect(shares.map(({ place }) => place).sort((a, b) => a - b)).toEqual(
      Array.from({ length: 50 }, (_, i) => i),
    )
  })

  it('divide hosts where there are no ports', () => {
    const shares = [0, 1, 2].flatMap((index) => [...shardOf({ hosts: 10, ports: 0, index, count: 3, seed })])
    expect(shares.map(({ place }) => place).sort((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
    expect(shares.every(({ fromPort, toPort }) => fromPort === 0 && toPort === 0)).toBe(true)
  })

  it('are empty where there are more of them than places, and some have one', () => {
    const sizes = [0, 1, 2, 3].map((index) => shardOf({ hosts: 2, ports: 1, index, count: 4, seed }).size)
    expect(sizes).toEqual([0, 1, 0, 1])
    expect(shardOf({ hosts: 0, ports: 100, index: 0, count: 1, seed }).size).toBe(0)
  })

  it('give a share again without going through those before it', () => {
    const shares = shardOf({ hosts: 1000, ports: 10, index: 3, count: 7, seed })
    expect(Array.from({ length: shares.size }, (_, i) => shares.at(i))).toEqual([...shares])
    expect(() => shares.at(shares.size)).toThrow(RangeError)
    expect(() => shares.at(-1)).toThrow(RangeError)
  })

  it('cover a /8 with 100 ports by 1,000 shards completely, without overlap, in the memory of a bitmap', () => {
    const [hosts, ports, count] = [2 ** 24, 100, 1000]
    const covered = new Uint8Array(hosts / 8)
    // Ports of hosts that two shards have a part of.
    const parts = new Map<number, { fromPort: number; toPort: number }[]>()
    let twice = 0
    for (let index = 0; index < count; index += 1) {
      let asked = 0
      for (const { place, fromPort, toPort } of shardOf({ hosts, ports, index, count, seed })) {
        asked += toPort - fromPort
        if (toPort - fromPort < ports) {
          parts.set(place, [...(parts.get(place) ?? []), { fromPort, toPort }])
          if (fromPort > 0) continue
        }
        const bit = 1 << (place % 8)
        const octet = covered[place >> 3] ?? 0
        if ((octet & bit) !== 0) twice += 1
        covered[place >> 3] = octet | bit
      }
      expect(Math.abs(asked - (hosts * ports) / count)).toBeLessThan(1)
    }
    expect(twice).toBe(0)
    expect(covered.every((octet) => octet === 255)).toBe(true)
    expect(parts.size).toBeGreaterThan(500)
    expect(parts.size).toBeLessThan(count)
    for (const [first, second, ...more] of parts.values()) {
      expect([first?.fromPort, first?.toPort, second?.toPort, more]).toEqual([0, second?.fromPort, ports, []])
    }
  })
})

describe('a run without shards', () => {
  it('has all ports of all hosts, in the order given', () => {
    expect([...allShares({ hosts: 3, ports: 7 })]).toEqual([
      { place: 0, fromPort: 0, toPort: 7 },
      { place: 1, fromPort: 0, toPort: 7 },
      { place: 2, fromPort: 0, toPort: 7 },
    ])
    expect(allShares({ hosts: 2 ** 53, ports: 1 }).at(2 ** 53 - 1).place).toBe(2 ** 53 - 1)
  })
})
