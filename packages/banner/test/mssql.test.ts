import { expect, it } from 'vitest'
import { mssql } from '../src/protocols/data/mssql.ts'
import { contextOf, detectorTests, octetsOf, probeOf } from './detector-kit.ts'

const packet = (data: string): string => `\x04\x01\0${String.fromCharCode(8 + data.length)}\0\0\x01\0${data}`
const OPTIONS = '\0\0\x10\0\x06\x01\0\x16\0\x01\x02\0\x17\0\x01\xff'
const answer = packet(`${OPTIONS}\x0f\0\x07\xd0\0\0\x03\0`)

detectorTests(mssql, [
  {
    title: 'with its version',
    octets: answer,
    service: {
      protocol: 'mssql',
      product: 'Microsoft SQL Server',
      version: '15.0.2000',
      details: { encryption: 'required' },
    },
  },
  {
    title: 'without a word on encryption',
    octets: packet('\0\0\x06\0\x06\xff\x10\0\x03\xe8\0\0'),
    service: { protocol: 'mssql', product: 'Microsoft SQL Server', version: '16.0.1000' },
  },
  { title: 'not by a cut answer', octets: answer.slice(0, 30), service: undefined },
  { title: 'not by a version outside', octets: packet('\0\0\x40\0\x06\xff'), service: undefined },
  { title: 'not by options without an end', octets: packet('\0\0\0\0\x06\x01\0\0\0\0'), service: undefined },
  { title: 'not by other packets', octets: '\x04\x01\0\x0c\0\0\x01\0\xaa...', service: undefined },
])

it('asks by a packet of the length that it tells', () => {
  expect(Buffer.from(probeOf(mssql)).toString('hex')).toBe(
    `${'1201002900000000'}${'0000150006'}${'01001b0001'}${'02001c0001'}${'03001d0004'}ff${'0'.repeat(24)}`,
  )
})

it('rejects other answers by their first octets', () => {
  for (const text of ['HTTP', '\x04\x02', '\x04\x01\x40', '\x04\x01\0\x04'])
    expect(mssql.detect(octetsOf(text), contextOf({ ended: false }))).toBeUndefined()
})
