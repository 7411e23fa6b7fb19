import { ber, berInteger, berString } from '../src/octets/ber.ts'
import { kerberos } from '../src/protocols/directory/kerberos.ts'
import { detectorTests, probeOf } from './detector-kit.ts'

const udp = { transport: 'udp', sent: probeOf(kerberos, { transport: 'udp' }) } as const
const tcp = { sent: probeOf(kerberos) }

/** An error (RFC 4120 section 5.9.1). */
function error(code: number, more: Readonly<Record<number, Uint8Array>> = {}): Uint8Array {
  const members = {
    0: berInteger(5),
    1: berInteger(30),
    4: berString('20261121170203Z', 0x18),
    6: berInteger(code),
    ...more,
  }
  const sequence = Object.entries(members).map(([number, contents]) => ber(0xa0 + Number(number), contents))
  return ber(0x7e, ber(0x30, ...sequence))
}
const time = '2026-11-21T17:02:03Z'
const wrong = error(68, { 9: berString('EXAMPLE.LAN', 0x1b), 11: berString('WRONG_REALM\0', 0x1b) })
const service = {
  protocol: 'kerberos',
  info: 'wrong realm',
  details: { realm: 'EXAMPLE.LAN', time, text: 'WRONG_REALM' },
}

detectorTests(kerberos, [
  { title: 'by its error, with its own realm', octets: wrong, context: udp, service },
  {
    title: 'over TCP with its length',
    octets: Uint8Array.from([0, 0, 0, wrong.length, ...wrong]),
    context: tcp,
    service,
  },
  {
    title: 'by an error that repeats our realm',
    octets: error(6, { 9: berString('BANNER.INVALID', 0x1b) }),
    context: udp,
    service: { protocol: 'kerberos', info: 'client unknown', details: { time } },
  },
  {
    title: 'by an error without a name',
    octets: error(99),
    context: udp,
    service: { protocol: 'kerberos', info: 'error 99', details: { time } },
  },
  {
    title: 'not by another version',
    octets: error(6, { 0: berInteger(4) }),
    context: udp,
    service: undefined,
  },
  { title: 'not by its own question', octets: udp.sent, context: udp, service: undefined },
  { title: 'not when nothing was asked', octets: wrong, context: { transport: 'udp' }, service: undefined },
])
