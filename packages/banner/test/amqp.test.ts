import fc from 'fast-check'
import { expect, it } from 'vitest'
import { bigEndian } from '../src/octets/big-endian.ts'
import { amqp } from '../src/protocols/queues/amqp.ts'
import { readTable } from '../src/protocols/queues/amqp-table.ts'
import { contextOf, detectorTests, octetsOf } from './detector-kit.ts'

const number = (value: number): string => String.fromCharCode(...bigEndian([[value, 4]]))
const long = (text: string): string => number(text.length) + text
const field = (name: string, value: string): string => String.fromCharCode(name.length) + name + value
const frame = (payload: string, end = '\xce'): string => `\x01\0\0${long(payload)}${end}`

const capabilities = field('publisher_confirms', 't\x01') + field('basic.nack', 't\x01')
const properties =
  field('capabilities', `F${long(capabilities)}`) +
  field('cluster_name', `S${long('rabbit@mq1')}`) +
  field('platform', `S${long('Erlang/OTP 25.2.3')}`) +
  field('product', `S${long('RabbitMQ')}`) +
  field('version', `S${long('3.10.8')}`)
const start = `\0\x0a\0\x0a\0\x09${long(properties)}${long('PLAIN AMQPLAIN')}${long('en_US')}`

detectorTests(amqp, [
  {
    title: 'with the product and version that it tells',
    octets: frame(start),
    service: {
      protocol: 'amqp',
      product: 'RabbitMQ',
      version: '3.10.8',
      info: 'AMQP 0-9',
      details: {
        authentication: ['PLAIN', 'AMQPLAIN'],
        platform: 'Erlang/OTP 25.2.3',
        cluster: 'rabbit@mq1',
      },
    },
  },
  {
    title: 'by the header of 0-9-1',
    octets: 'AMQP\0\0\x09\x01',
    service: { protocol: 'amqp', info: 'AMQP 9-1' },
  },
  {
    title: 'by the header of 1.0',
    octets: 'AMQP\0\x01\0\0',
    service: { protocol: 'amqp', info: 'AMQP 1.0' },
  },
  {
    title: 'by the header of 1.0 with SASL',
    octets: 'AMQP\x03\x01\0\0',
    service: { protocol: 'amqp', info: 'AMQP 1.0' },
  },
  { title: 'not by its name in a text', octets: 'AMQP server\r\n', service: undefined },
  { title: 'not by a frame with another end', octets: frame(start, 'x'), service: undefined },
  { title: 'not by a frame that is cut', octets: frame(start).slice(0, 60), service: undefined },
  { title: 'not by a table that is cut', octets: frame(start.slice(0, 60)), service: undefined },
  { title: 'not by another method', octets: frame('\0\x0a\0\x32....'), service: undefined },
])

it('rejects other answers by their first octets', () => {
  for (const text of ['AMX', '\x01\0\x01', '\x01\0\0\x7f\0\0\0', '\x01\0\0\0\0\0\x20\0\x14'])
    expect(amqp.detect(octetsOf(text), contextOf({ ended: false }))).toBeUndefined()
})

it('reads tables of everything without throwing', () => {
  expect(
    readTable(octetsOf(field('a', 'V') + field('b', 'D\0\0\0\0\0') + field('c', `S${long('x')}`))),
  ).toEqual(new Map([['c', 'x']]))
  expect(readTable(octetsOf(field('a', '?')))).toBeUndefined()
  expect(readTable(octetsOf(field('', 'V').repeat(101)))).toBeUndefined()
  fc.assert(fc.property(fc.uint8Array(), (octets) => void readTable(octets)))
})
