import { ike } from '../src/protocols/tunnels/ike.ts'
import { detectorTests, octetsOf, probeOf } from './detector-kit.ts'

const context = { transport: 'udp', sent: probeOf(ike, { transport: 'udp' }) } as const

/** An answer to our message with these payloads; `next` is the kind of the first. */
function answer(next: number, payloads: string, flags = 0x20): Uint8Array {
  const head = String.fromCharCode(next, 0x20, 34, flags, 0, 0, 0, 0, 0, 0, 0, 28 + payloads.length)
  const octets = octetsOf(`${'-'.repeat(8)}responds${head}${payloads}`)
  octets.set(context.sent.subarray(0, 8))
  return octets
}

detectorTests(ike, [
  {
    title: 'by its refusal of all that was offered',
    octets: answer(41, '\0\0\0\x08\0\0\0\x0e'),
    context,
    service: { protocol: 'ike', info: 'version 2, no proposal chosen' },
  },
  {
    title: 'by its wish behind something else',
    octets: answer(43, '\x29\0\0\x08abcd\0\0\0\x0a\0\0\0\x11\0\x0e'),
    context,
    service: { protocol: 'ike', info: 'version 2, wants another group' },
  },
  {
    title: 'by its agreement',
    octets: answer(33, '\0\0\0\x08abcd'),
    context,
    service: { protocol: 'ike', info: 'version 2' },
  },
  {
    title: 'with a payload that ends nowhere',
    octets: answer(41, '\x29\0\0\0\0\0\0\0'),
    context,
    service: { protocol: 'ike', info: 'version 2' },
  },
  { title: 'not by its own question', octets: context.sent, context, service: undefined },
  {
    title: "not by a question of another's",
    octets: answer(33, '\0\0\0\x08abcd', 0x08),
    context,
    service: undefined,
  },
])
