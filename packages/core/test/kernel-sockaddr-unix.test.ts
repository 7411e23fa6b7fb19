import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readUnixSockaddr, writeUnixSockaddr } from '../src/io/kernel/sockaddr-unix.ts'

const poisoned = (): DataView => new DataView(new Uint8Array(112).fill(0xa5).buffer)
/** No half of a surrogate pair. */
const isText = (some: string): boolean => Buffer.from(some).toString() === some
const path = fc
  .string({ minLength: 1, maxLength: 107, unit: 'binary' })
  .filter((some) => !some.includes('\0') && isText(some) && Buffer.byteLength(some) <= 107)

it('reads back every path and abstract name that it wrote', () => {
  fc.assert(
    fc.property(path, fc.boolean(), (some, abstract) => {
      const name = abstract ? `@${some.slice(0, 26)}` : some
      fc.pre(isText(name))
      const view = poisoned()
      expect(readUnixSockaddr(view, 0, writeUnixSockaddr(view, 0, name, 'bind'))).toBe(name)
    }),
  )
})

it.each([
  ['/run/me.sock', 15, 'a path has its NUL counted'],
  ['@kbx', 6, 'an abstract name has no NUL at its end'],
])('writes %s in %i octets as the real nc does: %s', (some, octets) => {
  expect(writeUnixSockaddr(poisoned(), 0, some, 'bind')).toBe(octets)
})

it('takes 107 octets and not one more', () => {
  expect(writeUnixSockaddr(poisoned(), 0, 'x'.repeat(107), 'bind')).toBe(110)
  expect(() => writeUnixSockaddr(poisoned(), 0, 'x'.repeat(108), 'bind')).toThrow(
    expect.objectContaining({ code: 'ENAMETOOLONG', about: 'bind' }),
  )
})

it('never throws and never reads past the end, whatever the system says the length is', () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 110, maxLength: 110 }), fc.nat(0xffffffff), (octets, length) => {
      expect(typeof readUnixSockaddr(new DataView(octets.buffer), 0, length)).toBe('string')
    }),
  )
})
