import { expect, it } from 'vitest'
import { time } from '../src/protocols/small/time.ts'
import { detectorTests, octetsOf, probeOf, recorded } from './detector-kit.ts'

const [answer] = recorded('time')
const now = answer?.octets ?? ''
const at37 = { port: 37 }
const service = { protocol: 'time', info: '2026-11-20T15:06:16.000Z' }

detectorTests(time, [
  { title: 'by four octets at its port (inetutils-inetd)', octets: now, context: at37, service },
  {
    title: 'by four octets where it was asked',
    octets: now,
    context: { asked: 'time', sent: octetsOf('\n') },
    service,
  },
  {
    title: 'by four octets and four zeros (inetutils-inetd 2.4 with numbers of 64 bits)',
    octets: Uint8Array.from([...now, 0, 0, 0, 0].map(Number)),
    context: at37,
    service,
  },
  {
    title: 'not by eight octets of other kinds',
    octets: Uint8Array.from([...now, 0, 0, 1, 0].map(Number)),
    context: at37,
    service: undefined,
  },
  { title: 'not at other ports', octets: now, service: undefined },
  {
    title: 'not when it answers something else',
    octets: now,
    context: { ...at37, asked: 'http' },
    service: undefined,
  },
  {
    title: 'not by five octets',
    octets: Uint8Array.from([...now, 0].map(Number)),
    context: at37,
    service: undefined,
  },
  { title: 'not by three octets', octets: now.slice(0, 3), context: at37, service: undefined },
  { title: 'not by a time of long ago', octets: '\x83\xaa\x7e\x80', context: at37, service: undefined },
  { title: 'not by a command of Telnet', octets: '\xff\xfd\x18\xff', context: at37, service: undefined },
  { title: 'not by a text', octets: 'help', context: at37, service: undefined },
])

it('is asked over UDP only', () => {
  expect(Array.from(probeOf(time, { transport: 'udp' }))).toEqual([0x0a])
  expect(probeOf(time)).toHaveLength(0)
})
