import { expect, it } from 'vitest'
import { nats } from '../src/protocols/queues/nats.ts'
import { contextOf, detectorTests, octetsOf } from './detector-kit.ts'

const info = (fields: object): string => `INFO ${JSON.stringify(fields)} \r\n`

detectorTests(nats, [
  {
    title: 'with its version',
    octets: info({
      server_id: 'NB3X',
      server_name: 'n1',
      version: '2.10.1',
      proto: 1,
      go: 'go1.21',
      jetstream: true,
      tls_available: true,
      cluster: 'east',
    }),
    service: {
      protocol: 'nats',
      product: 'NATS',
      version: '2.10.1',
      details: { 'TLS offered': true, JetStream: true, 'server name': 'n1', cluster: 'east' },
    },
  },
  {
    title: 'when it wants a password, and tells nothing else',
    octets: info({ server_id: 'x', auth_required: true, version: 5 }),
    service: {
      protocol: 'nats',
      product: 'NATS',
      info: 'needs a password',
      details: { 'TLS offered': false, JetStream: false },
    },
  },
  { title: 'not by an object of something else', octets: info({ version: '1.0' }), service: undefined },
  { title: 'not by what is no object', octets: 'INFO {server_id}\r\n', service: undefined },
  { title: 'not by a cut line', octets: 'INFO {"server_id":"x"', service: undefined },
  { title: 'not by braces without end', octets: `INFO ${'{"a":'.repeat(6000)}\r\n`, service: undefined },
])

it('rejects other answers by their first octets', () => {
  for (const text of ['INFO x', 'I ', 'HTTP'])
    expect(nats.detect(octetsOf(text), contextOf({ ended: false }))).toBeUndefined()
})
