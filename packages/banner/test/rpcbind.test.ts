import { rpcbind } from '../src/protocols/files/rpcbind.ts'
import { detectorTests, octetsOf, probeOf, recorded } from './detector-kit.ts'

const random = (): number => 0x11223344
const tcp = { sent: probeOf(rpcbind, { random }) }
const udp = { transport: 'udp', sent: probeOf(rpcbind, { random, transport: 'udp' }) } as const
const answerOf = (proto: 'tcp' | 'udp'): Uint8Array =>
  recorded('rpcbind').find((row) => row.proto === proto && row.octets.length > 0)?.octets ?? new Uint8Array()

const LISTED = {
  protocol: 'rpcbind',
  details: { programs: ['100000 v2,v3,v4 tcp 111 (rpcbind)', '100000 v2,v3,v4 udp 111 (rpcbind)'] },
}

/** A reply: 32-bit numbers in hexadecimal behind its own number. */
const reply = (numbers: string): Uint8Array =>
  Uint8Array.from(Buffer.from(`11223344${numbers.replace(/ /g, '')}`, 'hex'))
const word = (value: number): string => value.toString(16).padStart(8, '0')
const ACCEPTED = `${word(1)}${word(0)}${word(0)}${word(0)}`

/** The recorded record in two fragments. */
const whole = answerOf('tcp').subarray(4)
const inFragments = Uint8Array.from([
  ...[0, 0, 0, 30, ...whole.subarray(0, 30)],
  ...[0x80, 0, 0, whole.length - 30, ...whole.subarray(30)],
])

detectorTests(rpcbind, [
  { title: 'with its programs, over TCP', octets: answerOf('tcp'), context: tcp, service: LISTED },
  { title: 'over UDP', octets: answerOf('udp'), context: udp, service: LISTED },
  { title: 'in a record of two fragments', octets: inFragments, context: tcp, service: LISTED },
  {
    title: 'programs without names, and other transports',
    octets: reply(`${ACCEPTED}${word(0)} ${[1, 300_019, 1, 132, 700, 0].map(word).join('')}`),
    context: udp,
    service: { protocol: 'rpcbind', details: { programs: ['300019 v1 protocol 132 700'] } },
  },
  {
    title: 'what fits of a list that is cut off',
    octets: answerOf('udp').subarray(0, 60),
    context: udp,
    service: { protocol: 'rpcbind', details: { programs: ['100000 v4 tcp 111 (rpcbind)'] } },
  },
  {
    title: 'a server of other programs',
    octets: reply(ACCEPTED + word(1)),
    context: udp,
    service: { protocol: 'rpc', info: 'another program than rpcbind' },
  },
  {
    title: 'one without that version',
    octets: reply(ACCEPTED + word(2) + word(3) + word(4)),
    context: udp,
    service: { protocol: 'rpcbind', info: 'keeps its list to itself' },
  },
  {
    title: 'one that lets nobody call',
    octets: reply(word(1) + word(1) + word(1) + word(1)),
    context: udp,
    service: { protocol: 'rpc', info: 'call denied' },
  },
  { title: 'not by the call itself', octets: udp.sent, context: udp, service: undefined },
  {
    title: 'not by a reply to another call',
    octets: answerOf('udp'),
    context: { transport: 'udp' },
    service: undefined,
  },
  {
    title: 'not by fragments without end',
    octets: octetsOf(`\0\0\0\x08\x11\x22\x33\x44\0\0\0\x01${'\0\0\0\0'.repeat(70)}`),
    context: tcp,
    service: undefined,
  },
])
