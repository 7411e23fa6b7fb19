import { coap } from '../src/protocols/machines/coap.ts'
import { detectorTests, probeOf } from './detector-kit.ts'

const context = { transport: 'udp', sent: probeOf(coap, { transport: 'udp' }) } as const

detectorTests(coap, [
  {
    title: 'by its refusal of an empty message',
    octets: '\x70\0\x12\x34',
    context,
    service: { protocol: 'coap' },
  },
  { title: 'not by the refusal of another', octets: '\x70\0\x12\x35', context, service: undefined },
  { title: 'not by its own question', octets: context.sent, context, service: undefined },
  {
    title: 'not when nothing was asked',
    octets: '\x70\0\x12\x34',
    context: { transport: 'udp' },
    service: undefined,
  },
])
