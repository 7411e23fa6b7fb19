import { expect, it } from 'vitest'
import { zabbix } from '../src/protocols/machines/zabbix.ts'
import { detectorTests, octetsOf, probeOf } from './detector-kit.ts'

const packet = (text: string): string => `ZBXD\x01${String.fromCharCode(text.length)}\0\0\0\0\0\0\0${text}`

detectorTests(zabbix, [
  {
    title: 'by its version',
    octets: packet('6.0.14'),
    service: { protocol: 'zabbix', product: 'Zabbix agent', version: '6.0.14' },
  },
  {
    title: 'by its error',
    octets: packet('ZBX_NOTSUPPORTED\0Unsupported item key.'),
    service: { protocol: 'zabbix', details: { error: 'Unsupported item key.' } },
  },
  { title: 'by something else in its form', octets: packet('{}'), service: { protocol: 'zabbix' } },
  {
    title: 'by a length that is not read',
    octets: 'ZBXD\x01\xff\xff\0\0\0\0\0\0',
    service: { protocol: 'zabbix' },
  },
  { title: 'not by half of it', octets: 'ZBXD\x01\x06\0\0\0\0\0\0\x006.0', service: undefined },
  { title: 'not by its name alone', octets: 'ZBXD', service: undefined },
])

it('asks for the version', () => {
  expect(probeOf(zabbix)).toEqual(octetsOf(packet('agent.version')))
})
