import { expect, it } from 'vitest'
import { ident } from '../src/protocols/small/ident.ts'
import { detectorTests, probeOf } from './detector-kit.ts'

detectorTests(ident, [
  {
    title: 'by an error',
    octets: '113 , 1 : ERROR : NO-USER\r\n',
    service: { protocol: 'ident', details: { error: 'NO-USER' } },
  },
  {
    title: 'by an error without blanks',
    octets: '113,1:ERROR:HIDDEN-USER\n',
    service: { protocol: 'ident', details: { error: 'HIDDEN-USER' } },
  },
  {
    title: 'by a user, who is not told',
    octets: '6193, 23 : USERID : UNIX : joe\r\n',
    service: { protocol: 'ident' },
  },
  { title: 'not by half an answer', octets: '113 , 1 : ERR', service: undefined },
  { title: 'not by other numbers', octets: '1,2,3\r\n', service: undefined },
  { title: 'not by times of day', octets: '12:30:11\r\n', service: undefined },
])

it('asks whose a connection is that there is not', () => {
  expect(Buffer.from(probeOf(ident, { port: 113 })).toString()).toBe('113, 1\r\n')
})
