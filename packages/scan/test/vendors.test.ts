import { LocalFault } from '@portkit/core'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { systemVendors, vendorsIn } from '../src/hosts/vendors.ts'

const TABLE = '# comment\n020000 Big Block\n0200001 Middle\r\n020000123 Small  \n00AABB\n'

it.each([
  ['02:00:00:ff:00:01', 'Big Block'],
  ['02-00-00-10-00-01', 'Middle'],
  ['02:00:00:12:30:01', 'Small'],
  ['03:00:00:00:00:01', undefined],
  ['00:aa:bb:00:00:01', undefined],
  ['02:00:00', undefined],
  ['', undefined],
])('knows who made %s: %s', (address, vendor) => {
  expect(vendorsIn(TABLE)(address)).toBe(vendor)
})

it('knows nobody where there is no table, or none that may be read', () => {
  const readable = systemVendors({ readText: () => undefined })
  const forbidden = systemVendors({
    readText: () => {
      throw new LocalFault('EACCES', 'not allowed')
    },
  })
  expect([readable('02:00:00:00:00:01'), forbidden('02:00:00:00:00:01')]).toEqual([undefined, undefined])
})

it('never throws, whatever the table and the address are', () => {
  fc.assert(fc.property(fc.string(), fc.string(), (table, address) => void vendorsIn(table)(address)))
})
