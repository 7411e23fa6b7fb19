import { expect, it } from 'vitest'
import { latin1 } from '../src/dialogue/readers.ts'
import { memcached } from '../src/protocols/data/memcached.ts'
import { contextOf, detectorTests, octetsOf, probeOf, recorded } from './detector-kit.ts'

const rows = recorded('memcached').filter(({ octets }) => octets.length > 0)
const tcp = rows.find(({ probe }) => probe === 'memcache-version')?.octets ?? new Uint8Array()
const udp = rows.find(({ proto }) => proto === 'udp')?.octets ?? new Uint8Array()

const service = { protocol: 'memcached', product: 'Memcached', version: '1.6.18' }

detectorTests(memcached, [
  { title: 'by its version', octets: tcp, service },
  { title: 'by its version in a datagram', octets: udp, context: { transport: 'udp' }, service },
  {
    title: 'when it wants a password',
    octets: 'CLIENT_ERROR unauthenticated\r\n',
    service: { protocol: 'memcached', info: 'needs a password' },
  },
  { title: 'not by an error that many have', octets: 'ERROR\r\nERROR\r\n', service: undefined },
  { title: 'not by a version in words', octets: 'VERSION of something\r\n', service: undefined },
  { title: 'not by a version without an end', octets: 'VERSION 1.6', service: undefined },
  {
    title: 'not by a datagram without a frame',
    octets: tcp,
    context: { transport: 'udp' },
    service: undefined,
  },
  { title: 'not by a frame over TCP', octets: udp, service: undefined },
])

it('asks for the version, in a frame over UDP', () => {
  expect(latin1(probeOf(memcached))).toBe('version\r\n')
  expect(latin1(probeOf(memcached, { transport: 'udp' }))).toBe('\x56\x78\0\0\0\x01\0\0version\r\n')
})

it('rejects other answers by their first octets', () => {
  for (const text of ['VERT', 'CLIENTS', '220 '])
    expect(memcached.detect(octetsOf(text), contextOf({ ended: false }))).toBeUndefined()
})
