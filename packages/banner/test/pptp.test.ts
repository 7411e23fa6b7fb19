import { expect, it } from 'vitest'
import { pptp } from '../src/protocols/tunnels/pptp.ts'
import { detectorTests, probeOf } from './detector-kit.ts'

const START = '\0\x9c\0\x01\x1a\x2b\x3c\x4d\0\x02\0\0\x01\0\x01\0\0\0\0\0\0\0\0\0\0\0\0\x01'
const reply = START + 'local'.padEnd(64, '\0') + 'linux'.padEnd(64, '\0')

detectorTests(pptp, [
  {
    title: 'by its reply',
    octets: reply,
    service: {
      protocol: 'pptp',
      hostname: 'local',
      info: 'protocol 1.0',
      details: { vendor: 'linux', 'firmware revision': 1, result: 1 },
    },
  },
  { title: 'not by half a reply', octets: reply.slice(0, 155), service: undefined },
  { title: 'not by its own request', octets: probeOf(pptp), service: undefined },
])

it('asks with all the octets of a request', () => {
  expect(probeOf(pptp)).toHaveLength(156)
  expect(Array.from(probeOf(pptp).subarray(0, 16))).toEqual([
    0, 156, 0, 1, 0x1a, 0x2b, 0x3c, 0x4d, 0, 1, 0, 0, 1, 0, 0, 0,
  ])
})
