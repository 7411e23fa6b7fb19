import { expect, it } from 'vitest'
import { dns } from '../src/protocols/names/dns.ts'
import { mdns } from '../src/protocols/names/mdns.ts'
import { contextOf, detectorTests, octetsOf, probeOf } from './detector-kit.ts'

const context = { transport: 'udp', sent: probeOf(mdns, { transport: 'udp' }) } as const

const QUESTION = '\x09_services\x07_dns-sd\x04_udp\x05local\0\0\x0c\x80\x01'
/** `_services` begins at 12, `_udp` at 30, `local` at 35. */
const record = (data: string): string =>
  `\xc0\x0c\0\x0c\0\x01\0\0\0\x0a\0${String.fromCharCode(data.length)}${data}`
const HTTP = record('\x05_http\x04_tcp\xc0\x23')
const SSH = record('\x04_ssh\x04_tcp\xc0\x23')

detectorTests(mdns, [
  {
    title: 'by the kinds of services that it has',
    octets: `\x12\x34\x84\0\0\x01\0\x02\0\0\0\0${QUESTION}${HTTP}${SSH}`,
    context,
    service: { protocol: 'mdns', details: { services: ['_http._tcp', '_ssh._tcp'] } },
  },
  {
    title: 'each kind once',
    octets: `\x12\x34\x84\0\0\x01\0\x02\0\0\0\0${QUESTION}${HTTP}${HTTP}`,
    context,
    service: { protocol: 'mdns', details: { services: ['_http._tcp'] } },
  },
  {
    title: 'not by the answer of a name server that knows no such name',
    octets: `\x12\x34\x80\x03\0\x01\0\0\0\0\0\0${QUESTION}`,
    context,
    service: undefined,
  },
  {
    title: 'not over TCP',
    octets: `\x12\x34\x84\0\0\x01\0\x01\0\0\0\0${QUESTION}${HTTP}`,
    context: { sent: context.sent },
    service: undefined,
  },
])

it('an answer of multicast DNS is not taken for one of DNS, which has the same form', () => {
  expect(
    dns.detect(octetsOf(`\x12\x34\x84\0\0\x01\0\x01\0\0\0\0${QUESTION}${HTTP}`), contextOf(context)),
  ).toBeUndefined()
})

it('but a name server that refuses the same question is', () => {
  const refusal = octetsOf(`\x12\x34\x80\x05\0\x01\0\0\0\0\0\0${QUESTION}`)
  expect(dns.detect(refusal, contextOf(context))).toEqual({ protocol: 'dns', info: 'no version: refused' })
})
