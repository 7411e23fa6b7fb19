import { expect, it } from 'vitest'
import { kafka } from '../src/protocols/queues/kafka.ts'
import { contextOf, detectorTests, octetsOf, probeOf } from './detector-kit.ts'

const answer = (apis: string, error = '\0\0', number = '\x12\x34\x56\x78'): string =>
  `\0\0\0${String.fromCharCode(10 + apis.length)}${number}${error}\0\0\0${String.fromCharCode(apis.length / 6)}${apis}`
const APIS = '\0\0\0\0\0\x09' + '\0\x01\0\0\0\x0d' + '\0\x12\0\0\0\x03'
const context = { asked: 'kafka', sent: probeOf(kafka) }

detectorTests(kafka, [
  {
    title: 'by the requests that it knows',
    octets: answer(APIS),
    context,
    service: { protocol: 'kafka', details: { requests: 3 } },
  },
  {
    title: 'not by an answer to another question',
    octets: answer(APIS, '\0\0', 'abcd'),
    context,
    service: undefined,
  },
  { title: 'not by the same octets unasked', octets: answer(APIS), service: undefined },
  { title: 'not by an error', octets: answer(APIS, '\0\x01'), context, service: undefined },
  { title: 'not by versions in disorder', octets: answer('\0\0\0\x09\0\0'), context, service: undefined },
  { title: 'not by a cut answer', octets: answer(APIS).slice(0, 20), context, service: undefined },
])

it('asks by a request of the length that it tells', () => {
  const hex = Buffer.from(probeOf(kafka)).toString('hex')
  expect(hex).toBe(`00000011${'00120000'}${'12345678'}0007${Buffer.from('portkit').toString('hex')}`)
})

it('rejects other answers by their first octets', () => {
  for (const text of ['HTTP', '\0\x01', '\0\0\0\x10\x12\x35'])
    expect(kafka.detect(octetsOf(text), contextOf({ ...context, ended: false }))).toBeUndefined()
})
