import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askingOrder } from '../src/grammar/port-order.ts'
import { NAMES as names } from './grammar-kit.ts'

const all = Array.from({ length: 65_536 }, (_, port) => port)
const order = (ports: readonly number[], seed: number) => [
  ...askingOrder(ports, names, 'tcp', { inOrder: false, seed }),
]

describe('the order in which ports are asked', () => {
  it('begins with the hundred most popular ones of the list, whatever the seed', () => {
    const first = names.popular('tcp').slice(0, 100)
    expect(order(all, 1).slice(0, 100)).toEqual(first)
    expect(order(all, 2).slice(0, 100)).toEqual(first)
    expect(order([443, 60_123, 22, 80], 7)).toEqual([80, 443, 22, 60_123])
  })

  // The numbers were computed a second time by another program, in another language.
  it('is the same for the same seed on every machine', () => {
    const few = [60_001, 60_003, 60_005, 60_007, 60_009, 60_011, 60_013, 60_015]
    expect(order(few, 1)).toEqual([60_013, 60_011, 60_015, 60_003, 60_005, 60_007, 60_001, 60_009])
    expect(order(few, 2 ** 32 + 1)).toEqual(order(few, 1))
    expect(order([...few].reverse(), 1)).toEqual(order(few, 1))
  })

  it('differs from seed to seed, and spreads neighbours', () => {
    const orders = new Set(Array.from({ length: 50 }, (_, seed) => order(all, seed).slice(100, 110).join()))
    expect(orders.size).toBe(50)
    const rest = order(all, 3).slice(100)
    const near = rest.filter((port, i) => Math.abs(port - (rest[i - 1] ?? -9)) < 3).length
    expect(near).toBeLessThan(40)
  })

  it('puts each port at each place equally often', () => {
    const counts = new Map<string, number>()
    for (let seed = 0; seed < 6000; seed += 1) {
      const key = order([60_001, 60_002, 60_003], seed).join()
      counts.set(key, (counts.get(key) ?? 0) + 1)
    }
    expect(counts.size).toBe(6)
    for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(150)
  })

  it('is ascending when wanted', () => {
    const ports = askingOrder([443, 22, 8080], names, 'udp', { inOrder: true })
    expect([...ports]).toEqual([22, 443, 8080])
  })

  it('has every port of any list as often as the list, for any seed', () => {
    const ports = fc.array(fc.integer({ min: 0, max: 65_535 }), { maxLength: 500 })
    const protocol = fc.constantFrom('tcp', 'udp')
    fc.assert(
      fc.property(ports, fc.integer(), fc.boolean(), protocol, (list, seed, inOrder, protocol) => {
        const asked = askingOrder(list, names, protocol, inOrder ? { inOrder } : { inOrder, seed })
        expect([...asked].sort((a, b) => a - b)).toEqual([...list].sort((a, b) => a - b))
      }),
      { numRuns: 100 },
    )
  })
})
