import { createHash } from 'node:crypto'
import { expect, it } from 'vitest'
import { bitcoin } from '../src/protocols/talk/bitcoin.ts'
import { detectorTests, probeOf } from './detector-kit.ts'

const version = (agent: string, length: number): string =>
  `\xf9\xbe\xb4\xd9version\0\0\0\0\0${String.fromCharCode(length)}\0\0\0sum!\x80\x11\x01\0${'\0'.repeat(76)}` +
  `${String.fromCharCode(agent.length)}${agent}\0\0\0\0\x01`

detectorTests(bitcoin, [
  {
    title: 'by its version message',
    octets: version('/Satoshi:25.0.0/', 102),
    service: {
      protocol: 'bitcoin',
      product: 'Satoshi',
      version: '25.0.0',
      info: 'protocol 70016',
      details: { 'user agent': '/Satoshi:25.0.0/' },
    },
  },
  {
    title: 'by one without a name',
    octets: version('', 86),
    service: { protocol: 'bitcoin', info: 'protocol 70016' },
  },
  { title: 'not by half of it', octets: version('/Satoshi:25.0.0/', 102).slice(0, 110), service: undefined },
  {
    title: 'not by a name longer than the message',
    octets: version('/Satoshi:25.0.0/', 85),
    service: undefined,
  },
  { title: 'not by another network', octets: '\xfa\xbf\xb5\xdaversion\0\0\0\0\0', service: undefined },
])

it('asks with a sum that is right', () => {
  const sent = probeOf(bitcoin)
  const message = sent.subarray(24)
  const sha256 = (octets: Uint8Array): Buffer => createHash('sha256').update(octets).digest()
  expect(message).toHaveLength(86)
  expect(Buffer.from(sent.subarray(20, 24))).toEqual(sha256(sha256(message)).subarray(0, 4))
})
