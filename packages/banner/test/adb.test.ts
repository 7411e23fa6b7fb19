import { expect, it } from 'vitest'
import { adb } from '../src/protocols/shells/adb.ts'
import { detectorTests, octetsOf, probeOf } from './detector-kit.ts'

const BANNER = 'device::ro.product.name=sdk;ro.product.model=Pixel 7;ro.product.device=emu;features=cmd'
const message = (command: string, turned: string, data = ''): string =>
  `${command}\0\0\0\x01\0\0\x10\0${String.fromCharCode(data.length)}\0\0\0\0\0\0\0${turned}${data}`

detectorTests(adb, [
  {
    title: 'by its welcome',
    octets: message('CNXN', '\xbc\xb1\xa7\xb1', BANNER),
    service: {
      protocol: 'adb',
      info: 'open to everyone',
      details: { name: 'sdk', model: 'Pixel 7', device: 'emu' },
    },
  },
  {
    title: 'by its demand for a key',
    octets: message('AUTH', '\xbe\xaa\xab\xb7', 'x'.repeat(20)),
    service: { protocol: 'adb', info: 'needs authorization' },
  },
  {
    title: 'by its demand for TLS',
    octets: message('STLS', '\xac\xab\xb3\xac'),
    service: { protocol: 'adb', info: 'needs TLS' },
  },
  { title: 'not when the bits are not turned round', octets: message('CNXN', 'CNXN'), service: undefined },
  { title: 'not by half a header', octets: 'CNXN\0\0\0\x01', service: undefined },
  { title: 'not by words', octets: 'AUTH required\r\n', service: undefined },
])

it('asks as a host without features', () => {
  expect(probeOf(adb)).toEqual(
    octetsOf('CNXN\0\0\0\x01\0\x10\0\0\x07\0\0\0\x32\x02\0\0\xbc\xb1\xa7\xb1host::\0'),
  )
})
