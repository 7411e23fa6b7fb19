import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readRouteReply, writeRouteQuestion } from '../src/io/kernel/netlink.ts'
import { addressOctets } from '../src/wire/octets.ts'

const question = {
  family: 4,
  destination: addressOctets('10.0.0.2'),
  source: undefined,
  interfaceIndex: 0,
} as const

it('asks as rtnetlink(7) has it', () => {
  const octets = new Uint8Array(128).fill(0xa5)
  const length = writeRouteQuestion(new DataView(octets.buffer), {
    ...question,
    source: addressOctets('10.0.0.1'),
    interfaceIndex: 3,
  })
  const header = [52, 0, 0, 0, 26, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  const route = [2, 32, 32, 0, 0, 0, 0, 0, 0, 0, 0, 0]
  const attributes = [8, 0, 1, 0, 10, 0, 0, 2, 8, 0, 2, 0, 10, 0, 0, 1, 8, 0, 4, 0, 3, 0, 0, 0]
  expect([...octets.subarray(0, length)]).toEqual([...header, ...route, ...attributes])
  expect(octets[length]).toBe(0xa5)
})

const newRoute = (...attributes: readonly number[]): Uint8Array => {
  const route = [2, 32, 0, 0, 254, 0, 0, 1, 0, 2, 0, 0]
  return Uint8Array.of(
    28 + attributes.length,
    0,
    0,
    0,
    24,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    9,
    9,
    0,
    0,
    ...route,
    ...attributes,
  )
}
const read = (octets: Uint8Array, length = octets.length) =>
  readRouteReply(new DataView(octets.buffer, octets.byteOffset, octets.byteLength), length)

it('reads the way, the router and the source', () => {
  const reply = newRoute(8, 0, 4, 0, 7, 0, 0, 0, 8, 0, 5, 0, 10, 0, 0, 254, 8, 0, 7, 0, 10, 0, 0, 1)
  expect(read(reply)).toEqual({
    kind: 'route',
    type: 1,
    interfaceIndex: 7,
    gateway: Uint8Array.of(10, 0, 0, 254),
    source: Uint8Array.of(10, 0, 0, 1),
  })
})

it('reads a router of the other family', () => {
  const via = addressOctets('fe80::1')
  expect(read(newRoute(22, 0, 18, 0, 10, 0, ...via, 0, 0))).toMatchObject({ gateway: via })
})

it('reads the MTU of a route that has its own', () => {
  const lock = [8, 0, 1, 0, 4, 0, 0, 0]
  const mtu = [8, 0, 2, 0, 0x78, 5, 0, 0]
  expect(read(newRoute(20, 0, 8, 0, ...lock, ...mtu))).toMatchObject({ mtu: 1400 })
  expect(read(newRoute(12, 0, 8, 0, ...lock))).toMatchObject({ kind: 'route', mtu: undefined })
  expect(read(newRoute(12, 0, 8, 0, 200, 0, 2, 0, 1, 1, 1, 1))).toMatchObject({ mtu: undefined })
})

it('reads refusals as errno', () => {
  const error = Uint8Array.of(36, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 155, 255, 255, 255)
  expect(read(error)).toEqual({ kind: 'error', errno: 101 })
})

it('never throws, whatever comes and however it is cut', () => {
  const start = newRoute(8, 0, 4, 0, 7, 0, 0, 0)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(64), fc.nat(100), (some, kept, length) => {
      some.set(start.subarray(0, Math.min(kept, some.length)))
      const reply = read(some, length)
      expect([undefined, 'route', 'error']).toContain(reply?.kind)
    }),
  )
  expect(read(newRoute(3, 0, 4, 0))).toMatchObject({ interfaceIndex: 0 })
  expect(read(newRoute(200, 0, 4, 0, 1, 0, 0, 0))).toMatchObject({ interfaceIndex: 0 })
  expect(read(start, 10)).toBeUndefined()
})
