import { openvpn } from '../src/protocols/tunnels/openvpn.ts'
import { detectorTests, octetsOf, probeOf } from './detector-kit.ts'

const udp = { transport: 'udp', sent: probeOf(openvpn, { transport: 'udp' }) } as const
const tcp = { sent: probeOf(openvpn) }

const session = String.fromCharCode(...udp.sent.subarray(1, 9))
const answer = `\x40SERVER01\x01\0\0\0\0${session}\0\0\0\0`

detectorTests(openvpn, [
  {
    title: 'by its answer to the first packet',
    octets: answer,
    context: udp,
    service: { protocol: 'openvpn' },
  },
  {
    title: 'over TCP with its length',
    octets: `\0\x1a${answer}`,
    context: tcp,
    service: { protocol: 'openvpn' },
  },
  {
    title: 'not with another session',
    octets: octetsOf(answer).fill(1, 14, 22),
    context: udp,
    service: undefined,
  },
  { title: 'not by its own question', octets: udp.sent, context: udp, service: undefined },
  { title: 'not when nothing was asked', octets: answer, context: { transport: 'udp' }, service: undefined },
])
