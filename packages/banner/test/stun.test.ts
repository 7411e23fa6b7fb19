import { stun } from '../src/protocols/talk/stun.ts'
import { detectorTests, octetsOf, probeOf } from './detector-kit.ts'

const sent = probeOf(stun)
const udp = { transport: 'udp', sent } as const

function answer(type: string, attributes: string): Uint8Array {
  const octets = octetsOf(`${type}\0${String.fromCharCode(attributes.length)}${'-'.repeat(16)}${attributes}`)
  octets.set(sent.subarray(4), 4)
  return octets
}

const SOFTWARE = "\x80\x22\0\x15Coturn-4.6.1 'Gorst'\0\0\0\0"
const ADDRESS = '\0\x20\0\x08\0\x01\x12\x34\x21\x12\xa4\x42'
const COTURN = {
  protocol: 'stun',
  product: 'Coturn',
  version: '4.6.1',
  details: { software: "Coturn-4.6.1 'Gorst'" },
}

detectorTests(stun, [
  {
    title: 'coturn, by the name of its software',
    octets: answer('\x01\x01', ADDRESS + SOFTWARE),
    context: udp,
    service: COTURN,
  },
  {
    title: 'and over TCP',
    octets: answer('\x01\x01', SOFTWARE + ADDRESS),
    context: { sent },
    service: COTURN,
  },
  {
    title: 'a server without a name',
    octets: answer('\x01\x01', ADDRESS),
    context: udp,
    service: { protocol: 'stun' },
  },
  {
    title: 'one that says nothing of a version',
    octets: answer('\x01\x01', '\x80\x22\0\x04None'),
    context: udp,
    service: { protocol: 'stun', details: { software: 'None' } },
  },
  {
    title: 'one that refuses',
    octets: answer('\x01\x11', '\0\x09\0\x10\0\0\x04\x01Unauthorized'),
    context: udp,
    service: { protocol: 'stun', info: '401 Unauthorized' },
  },
  { title: 'not by its own question', octets: sent, context: udp, service: undefined },
  {
    title: 'not by an answer that nobody asked for',
    octets: answer('\x01\x01', ADDRESS),
    service: undefined,
  },
])
