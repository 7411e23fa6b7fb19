import { expect, it } from 'vitest'
import { socks4 } from '../src/protocols/tunnels/socks4.ts'
import { type Answer, detectorTests, probeOf, recorded } from './detector-kit.ts'

const context = { asked: 'socks4' }
const answers = [
  ['danted', 'granted'],
  ['tor-socks', 'rejected or failed'],
] as const

detectorTests(socks4, [
  ...answers.map(
    ([name, answer]): Answer => ({
      title: `by the answer of ${name}`,
      octets: recorded(name).find(({ probe }) => probe === 'socks4')?.octets ?? '',
      context,
      service: { protocol: 'socks4', details: { 'request was': answer } },
    }),
  ),
  { title: 'not where something else was asked', octets: '\0\x5b\0\0\0\0\0\0', service: undefined },
  { title: 'not by a ninth octet', octets: '\0\x5b\0\0\0\0\0\0\0', context, service: undefined },
  { title: 'not by another code', octets: '\0\x5e\0\0\0\0\0\0', context, service: undefined },
  { title: 'not by fewer octets', octets: '\0\x5b\0\0', context, service: undefined },
])

it('asks for a connection that cannot be', () => {
  expect(Array.from(probeOf(socks4))).toEqual([4, 1, 0, 0, 0, 0, 0, 0, 0])
})
