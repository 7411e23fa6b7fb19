import { tftp } from '../src/protocols/files/tftp.ts'
import { detectorTests, octetsOf, probeOf } from './detector-kit.ts'

const context = { transport: 'udp', sent: probeOf(tftp, { transport: 'udp' }) } as const

detectorTests(tftp, [
  {
    title: 'by the words with which it has no such file',
    octets: '\0\x05\0\x01File not found\0',
    context,
    service: { protocol: 'tftp', info: 'File not found' },
  },
  { title: 'by an error without words', octets: '\0\x05\0\x02\0', context, service: { protocol: 'tftp' } },
  {
    title: 'by the first block of a file',
    octets: '\0\x03\0\x01hello',
    context,
    service: { protocol: 'tftp' },
  },
  { title: 'not by a later block', octets: '\0\x03\0\x02hello', context, service: undefined },
  { title: 'not by an error of no known sort', octets: '\0\x05\0\x63oh\0', context, service: undefined },
  {
    title: 'not by an error without end',
    octets: octetsOf(`\0\x05\0\x01${'a'.repeat(600)}`),
    context,
    service: undefined,
  },
  {
    title: 'not by an answer to another question that begins alike',
    octets: '\0\x03\0\x01hello',
    context: { transport: 'udp', sent: octetsOf('\0\x01\0\0\x21\x12\xa4\x42abcdefghijkl') },
    service: undefined,
  },
  {
    title: 'not when nobody asked for a file',
    octets: '\0\x05\0\x01no\0',
    context: { transport: 'udp' },
    service: undefined,
  },
])
