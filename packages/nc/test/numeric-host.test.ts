import fc from 'fast-check'
import { expect, it } from 'vitest'
import { numericHost } from '../src/connect/numeric-host.ts'

it.each([
  ['10.77.0.2', '10.77.0.2'],
  ['10.77.2', '10.77.0.2'],
  ['10.5046274', '10.77.0.2'],
  ['172818434', '10.77.0.2'],
  ['012.0115.0.2', '10.77.0.2'],
  ['0x0a.0x4D.0.2', '10.77.0.2'],
  ['0', '0.0.0.0'],
  ['4294967295', '255.255.255.255'],
  ['::1', '::1'],
  ['fe80::1%eth0', 'fe80::1%eth0'],
])('takes %s for %s', (host, address) => {
  expect(numericHost(host)?.address).toBe(address)
})

it.each([
  '',
  '.',
  '1.',
  '10.77.0.256',
  '256.1',
  '4294967296',
  '08',
  '0x',
  '1.2.3.4.5',
  '1.2.3.4.5.6',
  '-1',
  'a.lab',
  '1e3',
])('takes %j for a name', (host) => {
  expect(numericHost(host)).toBeUndefined()
})

it('reads every address in one number as it reads its four', () => {
  const octet = fc.integer({ min: 0, max: 255 })
  fc.assert(
    fc.property(octet, octet, octet, octet, (a, b, c, d) => {
      const number = ((a * 256 + b) * 256 + c) * 256 + d
      expect(numericHost(String(number))).toEqual(numericHost(`${a}.${b}.${c}.${d}`))
    }),
  )
})

it('answers for any text', () => {
  fc.assert(fc.property(fc.string(), (text) => void numericHost(text)))
})
