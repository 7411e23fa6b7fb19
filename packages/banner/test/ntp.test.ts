import { ntp } from '../src/protocols/machines/ntp.ts'
import { detectorTests, octetsOf, probeOf, recorded } from './detector-kit.ts'

const chrony = recorded().find(({ port }) => port === 123)?.octets ?? new Uint8Array()
// The recorded question had a time of sending that was all zeros.
const context = { transport: 'udp', sent: probeOf(ntp, { transport: 'udp', random: () => 0 }) } as const
const ours = probeOf(ntp, { transport: 'udp' })

/** An answer to our question with other first octets, reference and time of sending. */
function answer(head: string, reference: string, time = '\0\0\0\0\0\0\0\0'): Uint8Array {
  const octets = new Uint8Array(48)
  octets.set(octetsOf(head))
  octets.set(octetsOf(reference), 12)
  octets.set(ours.subarray(40), 24)
  octets.set(octetsOf(time), 40)
  return octets
}
const asked = { transport: 'udp', sent: ours } as const

detectorTests(ntp, [
  {
    title: 'chrony, by its answer to a client',
    octets: chrony,
    context,
    service: {
      protocol: 'ntp',
      info: 'version 4, stratum 10',
      details: { stratum: 10, 'reference id': '127.127.1.1', time: '2026-11-20T15:07:31.000Z' },
    },
  },
  {
    title: 'a clock with a receiver',
    octets: answer('\x24\x01', 'GPS\0'),
    context: asked,
    service: {
      protocol: 'ntp',
      info: 'version 4, stratum 1',
      details: { stratum: 1, 'reference id': 'GPS' },
    },
  },
  {
    title: 'one that wants fewer questions',
    octets: answer('\xe4\0', 'RATE'),
    context: asked,
    service: {
      protocol: 'ntp',
      info: 'version 4, not synchronised',
      details: { stratum: 0, 'reference id': 'RATE' },
    },
  },
  { title: 'not by an answer to another question', octets: chrony, context: asked, service: undefined },
  { title: 'not by its own question', octets: ours, context: asked, service: undefined },
])
