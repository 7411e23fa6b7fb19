import { expect, it } from 'vitest'
import { wireguard } from '../src/protocols/tunnels/wireguard.ts'
import { detectorTests, octetsOf } from './detector-kit.ts'

const context = { transport: 'udp', sent: octetsOf(`\x01\0\0\0abcd${'x'.repeat(140)}`) } as const
const service = { protocol: 'wireguard' }

detectorTests(wireguard, [
  {
    title: "by its answer to a peer's handshake",
    octets: `\x02\0\0\0efghabcd${'y'.repeat(80)}`,
    context,
    service,
  },
  { title: 'by its wish for a cookie', octets: `\x03\0\0\0abcd${'y'.repeat(56)}`, context, service },
  {
    title: "not by an answer to somebody else's",
    octets: `\x02\0\0\0efghabce${'y'.repeat(80)}`,
    context,
    service: undefined,
  },
  { title: 'not by what is too short', octets: '\x02\0\0\0efghabcd', context, service: undefined },
])

it('WireGuard is sent nothing, for it would not answer', () => {
  expect(wireguard.probe).toBeUndefined()
  expect(wireguard.silence).toBe('WireGuard answers only its peers')
})
