import { bgp } from '../src/protocols/machines/bgp.ts'
import { detectorTests } from './detector-kit.ts'

const MARKER = '\xff'.repeat(16)

detectorTests(bgp, [
  {
    title: 'by an OPEN message',
    octets: `${MARKER}\0\x1d\x01\x04\xfd\xe8\0\xb4\x0a\0\0\x01\0`,
    service: {
      protocol: 'bgp',
      info: 'protocol 4',
      details: { AS: 65_000, 'hold time': 180, identifier: '10.0.0.1' },
    },
  },
  {
    title: 'by its notification that strangers are not wanted',
    octets: `${MARKER}\0\x15\x03\x06\x05`,
    service: { protocol: 'bgp', details: { notification: 'cease' } },
  },
  { title: 'not by a notification of nothing', octets: `${MARKER}\0\x15\x03\0\0`, service: undefined },
  {
    title: 'not by another version',
    octets: `${MARKER}\0\x1d\x01\x03\xfd\xe8\0\xb4\x0a\0\0\x01\0`,
    service: undefined,
  },
  { title: 'not by a length that is too small', octets: `${MARKER}\0\x13\x01`, service: undefined },
  { title: 'not by ones only', octets: MARKER, service: undefined },
])
